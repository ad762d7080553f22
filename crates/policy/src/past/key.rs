//! The scalar that calls are grouped by.

use std::borrow::Cow;

use bounden_base::{Decimal, Json};
use serde::{Deserialize, Serialize};

use crate::core::Core;
use crate::doubt::Doubt;
use crate::eval;
use crate::moment::{History, Moment};
use crate::snapshot::forms;
use crate::value::Value;

/// A key; two keys are equal where their canonical texts are. Null, lists and
/// objects are none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Key<'a> {
    Bool(bool),
    Number(#[serde(with = "forms::number")] Decimal),
    Text(Cow<'a, str>),
}

/// The key that calls are grouped by, read from the arguments of one of them.
pub(crate) fn key_of<'a, H: History>(
    by: &'a Core,
    moment: &Moment<'a, H>,
) -> Result<Key<'a>, Doubt> {
    match eval::value(by, moment)? {
        Value::Json(_) => Err(Doubt::ABSENT),
        Value::Text(text) => Ok(Key::Text(text)),
        Value::Bool(value) => Ok(Key::Bool(value)),
        Value::Number(number) if number.low == number.high => Ok(Key::Number(number.low)),
        Value::Number(number) => Err(number.doubt),
    }
}

impl<'a> Key<'a> {
    /// The key that an argument is.
    pub(crate) fn of(value: Option<&'a Json>) -> Option<Self> {
        match value? {
            Json::Null | Json::Array(_) | Json::Object(_) => None,
            Json::Bool(value) => Some(Self::Bool(*value)),
            Json::Number(number) => Some(Self::Number(*number)),
            Json::String(text) => Some(Self::Text(Cow::Borrowed(text))),
        }
    }

    /// Bytes of its text.
    pub(crate) fn cost(&self) -> usize {
        if let Self::Text(text) = self { text.len() } else { 0 }
    }

    /// The key with a text of its own.
    pub(crate) fn into_owned(self) -> Key<'static> {
        match self {
            Self::Bool(value) => Key::Bool(value),
            Self::Number(number) => Key::Number(number),
            Self::Text(text) => Key::Text(Cow::Owned(text.into_owned())),
        }
    }
}
