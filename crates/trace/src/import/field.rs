//! Fields as other people write them, read without copying where possible.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Payload;

/// A name or an id: a string, or a number or boolean as its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a number")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(number.to_string())))
    }
}

/// The function of a tool call: its name alone, or an object with name and arguments.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct FunctionObject<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Name<'a>>,
    #[serde(borrow)]
    pub(crate) arguments: Option<&'a RawValue>,
}

/// See [`FunctionObject`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Function<'a>(pub(crate) FunctionObject<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Function<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FunctionVisitor)
    }
}

struct FunctionVisitor;

impl<'de> Visitor<'de> for FunctionVisitor {
    type Value = Function<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a function name or an object with `name` and `arguments`")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        let name = Some(Name(Cow::Borrowed(text)));
        Ok(Function(FunctionObject { name, arguments: None }))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let name = Some(Name(Cow::Owned(text.to_owned())));
        Ok(Function(FunctionObject { name, arguments: None }))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        FunctionObject::deserialize(MapAccessDeserializer::new(map)).map(Function)
    }
}

/// A payload of raw JSON; `null` is nothing.
pub(crate) fn payload(raw: &RawValue) -> Option<Payload<'_>> {
    (raw.get() != "null").then(|| Payload::Json(Cow::Borrowed(raw.get())))
}
