//! JSON that stays text until somebody needs the value.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Json, JsonError, parse};

/// The text of one JSON value that was read strictly or written canonically:
/// [`Json::parse`] reads it, and it can stand inside of another text. A copy costs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText(Arc<str>);

impl JsonText {
    /// A text that has been read strictly.
    pub(super) fn of_read(text: &str) -> Self {
        Self(text.into())
    }

    /// Reads a text as strictly as [`Json::parse`], and builds nothing.
    ///
    /// # Errors
    /// As [`Json::parse`].
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        parse::check(text).map(Self::of_read)
    }

    /// The text, as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the value is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.0.starts_with('{')
    }

    /// The value.
    ///
    /// # Errors
    /// It was read within wider limits than the default ones.
    pub fn value(&self) -> Result<Json, JsonError> {
        Json::parse(self.0.as_bytes())
    }
}

impl From<&Json> for JsonText {
    /// The canonical text.
    fn from(value: &Json) -> Self {
        Self(value.canonical().into())
    }
}

impl From<JsonText> for Arc<str> {
    fn from(text: JsonText) -> Self {
        text.0
    }
}

/// A string that holds the text, so that nobody on the way reads it.
impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

impl fmt::Display for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
