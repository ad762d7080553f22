//! Lists, optional values and values of any shape.

use bounden_base::{Json, Span};

use super::{Read, Reader};
use crate::yaml::{Node, Value};

/// A value of any shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw(pub Node);

impl<T: Read> Read for Option<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        T::read(node, reader).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn schema() -> Json {
        T::schema()
    }

    fn write(&self) -> Option<Value> {
        self.as_ref()?.write()
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let Some(items) = node.items() else {
            reader.wrong_type(node, "a list");
            return None;
        };
        let read: Vec<_> = items.iter().map(|item| T::read(item, reader)).collect();
        read.into_iter().collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn schema() -> Json {
        Json::object([("type", "array".into()), ("items", T::schema())])
    }

    fn write(&self) -> Option<Value> {
        let span = Span::default();
        let items = self.iter().filter_map(|item| Some(Node { span, value: item.write()? }));
        (!self.is_empty()).then(|| Value::List(items.collect()))
    }
}

impl Read for Raw {
    fn read(node: &Node, _: &mut Reader) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn schema() -> Json {
        Json::from(true)
    }

    fn write(&self) -> Option<Value> {
        Some(self.0.value.clone())
    }
}
