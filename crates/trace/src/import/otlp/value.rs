//! `AnyValue` of opentelemetry-proto, turned into the JSON text that it stands for.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Payload;
use crate::import::field::Name;

/// One value, not read yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum AnyValue<'a> {
    #[default]
    Null,
    /// A string, a number with a fraction, a boolean, or bytes in base64.
    Scalar(&'a RawValue),
    /// A 64-bit integer; it may be quoted, since JavaScript cannot hold it.
    Int(&'a RawValue),
    Array(&'a RawValue),
    List(&'a RawValue),
}

impl<'de: 'a, 'a> Deserialize<'de> for AnyValue<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnyValueVisitor)
    }
}

/// By hand, since values are most of what a trace is.
struct AnyValueVisitor;

impl<'de> Visitor<'de> for AnyValueVisitor {
    type Value = AnyValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with one of `stringValue`, `intValue` and their like")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<AnyValue<'de>, M::Error> {
        let mut value = AnyValue::Null;
        while let Some(Name(key)) = map.next_key()? {
            let kind: fn(&'de RawValue) -> AnyValue<'de> = match &*key {
                "stringValue" | "string_value" | "doubleValue" | "double_value" | "boolValue"
                | "bool_value" | "bytesValue" | "bytes_value" => AnyValue::Scalar,
                "intValue" | "int_value" => AnyValue::Int,
                "arrayValue" | "array_value" => AnyValue::Array,
                "kvlistValue" | "kvlist_value" => AnyValue::List,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            value = kind(map.next_value()?);
        }
        Ok(value)
    }
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
        Payload::Json(match self {
            Self::Null => Cow::Borrowed("null"),
            Self::Scalar(raw) => Cow::Borrowed(raw.get()),
            Self::Int(raw) => Cow::Borrowed(raw.get().trim_matches('"')),
            Self::Array(_) | Self::List(_) => {
                let mut text = String::new();
                self.write(&mut text);
                Cow::Owned(text)
            }
        })
    }

    fn write(self, text: &mut String) {
        match self {
            Self::Array(array) => {
                let items = parsed::<Array<'_>>(array).map(|array| array.values);
                text.push('[');
                for (index, value) in items.into_iter().flatten().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    value.write(text);
                }
                text.push(']');
            }
            Self::List(list) => {
                let members = parsed::<List<'_>>(list).map(|list| list.values);
                text.push('{');
                for (index, member) in members.into_iter().flatten().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    text.push_str(&serde_json::Value::from(&*member.key.0).to_string());
                    text.push(':');
                    member.value.write(text);
                }
                text.push('}');
            }
            scalar => text.push_str(scalar.payload().raw()),
        }
    }
}

fn parsed<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}
