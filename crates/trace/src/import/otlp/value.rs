//! `AnyValue` of opentelemetry-proto, turned into the JSON text that it stands for.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Payload;
use crate::import::field::Name;

/// One value: exactly one of the members is there.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnyValue<'a> {
    #[serde(borrow, rename = "stringValue", alias = "string_value")]
    string: Option<&'a RawValue>,
    #[serde(borrow, rename = "intValue", alias = "int_value")]
    int: Option<&'a RawValue>,
    #[serde(borrow, rename = "doubleValue", alias = "double_value")]
    double: Option<&'a RawValue>,
    #[serde(borrow, rename = "boolValue", alias = "bool_value")]
    bool: Option<&'a RawValue>,
    #[serde(borrow, rename = "bytesValue", alias = "bytes_value")]
    bytes: Option<&'a RawValue>,
    #[serde(borrow, rename = "arrayValue", alias = "array_value")]
    array: Option<&'a RawValue>,
    #[serde(borrow, rename = "kvlistValue", alias = "kvlist_value")]
    list: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Array<'a> {
    #[serde(borrow, default)]
    values: Vec<AnyValue<'a>>,
}

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow, default)]
    values: Vec<Member<'a>>,
}

#[derive(Deserialize)]
struct Member<'a> {
    #[serde(borrow)]
    key: Name<'a>,
    #[serde(borrow, default)]
    value: AnyValue<'a>,
}

impl<'a> AnyValue<'a> {
    /// The value as JSON text; structured values are written out.
    pub(super) fn payload(self) -> Payload<'a> {
        match self.scalar() {
            Some(text) => Payload::Json(Cow::Borrowed(text)),
            None => {
                let mut text = String::new();
                self.write(&mut text);
                Payload::Json(Cow::Owned(text))
            }
        }
    }

    /// The JSON text of a value that is no list or object. A 64-bit integer
    /// may be quoted, since JavaScript cannot hold it.
    fn scalar(self) -> Option<&'a str> {
        if let Some(int) = self.int {
            return Some(int.get().trim_matches('"'));
        }
        let scalar = self.string.or(self.double).or(self.bool).or(self.bytes);
        scalar.map(RawValue::get)
    }

    fn write(self, text: &mut String) {
        if let Some(scalar) = self.scalar() {
            text.push_str(scalar);
        } else if let Some(array) = self.array {
            let array: Array<'_> = parsed(array).unwrap_or(Array { values: Vec::new() });
            text.push('[');
            for (index, value) in array.values.into_iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                value.write(text);
            }
            text.push(']');
        } else if let Some(list) = self.list {
            let list: List<'_> = parsed(list).unwrap_or(List { values: Vec::new() });
            text.push('{');
            for (index, member) in list.values.into_iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&serde_json::Value::from(&*member.key.0).to_string());
                text.push(':');
                member.value.write(text);
            }
            text.push('}');
        } else {
            text.push_str("null");
        }
    }
}

fn parsed<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}
