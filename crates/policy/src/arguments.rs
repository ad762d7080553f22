//! The arguments of a call, as text that is read when somebody needs it.

use std::sync::{Arc, OnceLock};

use bounden_base::json::JsonText;
use bounden_base::{Digest, Json, JsonError};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The arguments of a call. A copy costs nothing, and a text is read into a
/// value when somebody first asks for it; copies made later share it.
#[derive(Clone, Debug)]
pub struct Arguments {
    /// As they came; absent where they came as a value.
    text: Option<Arc<str>>,
    value: OnceLock<Arc<Result<Json, JsonError>>>,
}

impl Arguments {
    /// Arguments as they came: JSON text that nobody has looked at.
    #[must_use]
    pub fn from_text(text: impl Into<Arc<str>>) -> Self {
        Self { text: Some(text.into()), value: OnceLock::new() }
    }

    /// The text, where they came as one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The value.
    ///
    /// # Errors
    /// The text is not JSON that can be trusted.
    pub fn value(&self) -> Result<&Json, &JsonError> {
        let read = || Arc::new(Json::parse(self.text().unwrap_or_default().as_bytes()));
        self.value.get_or_init(read).as_ref().as_ref()
    }

    /// The canonical text of the value, as it is forwarded.
    ///
    /// # Errors
    /// As [`Arguments::value`].
    pub fn canonical(&self) -> Result<JsonText, &JsonError> {
        self.value().map(JsonText::from)
    }

    /// The same arguments as a text of their own, so that a value that others
    /// have read takes no room here.
    pub(crate) fn unread(&self) -> Self {
        match &self.text {
            Some(text) => Self::from_text(Arc::clone(text)),
            None => Self::from_text(self.value_or_null().canonical()),
        }
    }

    /// The digest of the value; of the text itself, where that cannot be read.
    pub(crate) fn digest(&self) -> Digest {
        match self.value() {
            Ok(value) => value.digest(),
            // No canonical form begins with a zero.
            Err(_) => Digest::of(format!("\0{}", self.text().unwrap_or_default())),
        }
    }

    /// The value, or null for what cannot be read: no arguments of any tool.
    #[must_use]
    pub fn value_or_null(&self) -> &Json {
        self.value().unwrap_or(&Json::Null)
    }
}

impl From<Json> for Arguments {
    fn from(value: Json) -> Self {
        Self { text: None, value: OnceLock::from(Arc::new(Ok(value))) }
    }
}

impl From<JsonText> for Arguments {
    fn from(text: JsonText) -> Self {
        Self::from_text(text)
    }
}

/// Processes of a guard hand arguments to one another as a string that holds
/// their text, so that nobody on the way reads them.
impl Serialize for Arguments {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.text() {
            Some(text) => to.serialize_str(text),
            None => to.serialize_str(&self.value_or_null().canonical()),
        }
    }
}

impl<'de> Deserialize<'de> for Arguments {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::from_text)
    }
}

impl PartialEq for Arguments {
    /// Two spellings of one value are equal.
    fn eq(&self, other: &Self) -> bool {
        let same_text = self.text().is_some() && self.text() == other.text();
        same_text || matches!((self.value(), other.value()), (Ok(own), Ok(theirs)) if own == theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value_are_equal() {
        let text = Arguments::from_text(r#"{ "b": 1.0, "a": "x" }"#);
        assert_eq!(text, Json::parse(br#"{"a":"x","b":1}"#).unwrap().into());
        assert_ne!(text, Arguments::from_text(r#"{"a":"x","b":2}"#));
        assert_eq!(text.digest(), Arguments::from_text(r#"{"a":"x","b":1}"#).digest());
    }

    #[test]
    fn what_cannot_be_read_equals_only_the_same_text() {
        let broken = Arguments::from_text(r#"{"a":1,"a":2}"#);
        assert!(broken.value().unwrap_err().to_string().contains("given twice"));
        assert_eq!(broken, broken.clone());
        assert_ne!(broken, Arguments::from_text("{"));
        assert_ne!(broken, Json::Null.into());
        assert_eq!(broken.digest(), broken.clone().digest());
        assert_ne!(broken.digest(), Arguments::from_text("{").digest());
    }
}
