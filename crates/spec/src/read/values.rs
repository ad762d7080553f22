//! Lists, optional values and values of any shape.

use bounden_base::Json;

use super::{Read, Reader};
use crate::yaml::Node;

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
}

impl Read for Raw {
    fn read(node: &Node, _: &mut Reader) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn schema() -> Json {
        Json::from(true)
    }
}
