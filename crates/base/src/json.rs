//! JSON as Bounden reads it: strict, exact, with one canonical form.
//!
//! Reading is [`Json::parse`]: RFC 8259, without duplicate keys, lone
//! surrogates, deep nesting or numbers that cannot be held exactly. Writing is
//! [`Json::canonical`]: RFC 8785, extended to numbers beyond binary floats, so
//! that 2^53 and 2^53+1 stay different.

mod canonical;
mod deserialize;
mod members;
mod parse;
mod plain;
mod pretty;
mod serialize;
mod text;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{Decimal, Digest};

pub use members::Members;
pub use parse::{JsonError, JsonErrorKind, Limits};
pub use plain::plain_length;
pub use text::JsonText;

/// A JSON value with exact numbers; object keys are unique.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, exactly.
    Number(Decimal),
    /// A string of Unicode scalar values.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// An object; the order of keys carries no meaning.
    Object(Members),
}

impl Json {
    /// Reads one value with the default [`Limits`].
    ///
    /// # Errors
    /// Says what is wrong and where; see [`JsonErrorKind`].
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        parse::parse(bytes, Limits::default())
    }

    /// Reads one value within `limits`.
    ///
    /// # Errors
    /// As [`Json::parse`].
    pub fn parse_within(bytes: &[u8], limits: Limits) -> Result<Self, JsonError> {
        parse::parse(bytes, limits)
    }

    /// Reads one value within `limits`, all but the value at this path of member
    /// names: that is read as strictly, stays text, and null stands in its place.
    ///
    /// # Errors
    /// As [`Json::parse`].
    pub fn parse_but(
        bytes: &[u8],
        limits: Limits,
        path: &[&str],
    ) -> Result<(Self, Option<JsonText>), JsonError> {
        let (value, text) = parse::parse_but(bytes, limits, path)?;
        Ok((value, text.map(JsonText::of_read)))
    }

    /// The canonical bytes: RFC 8785, numbers exact.
    #[must_use]
    pub fn canonical(&self) -> String {
        canonical::write(self)
    }

    /// The one text for people: keys in order, two spaces, a newline at the end.
    #[must_use]
    pub fn pretty(&self) -> String {
        pretty::write(self)
    }

    /// The digest of the canonical bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.canonical())
    }

    /// The member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// The value at a path of member names.
    #[must_use]
    pub fn at<'k>(&self, path: impl IntoIterator<Item = &'k str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The value of a number.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The members of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Members> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The JSON name of the type: `null`, `boolean`, `number`, `string`, `array` or `object`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// An object of these members; a later duplicate wins.
    #[must_use]
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The `Json` form of any serialisable value.
    ///
    /// # Errors
    /// A map key that is no string, or a float that is not a number.
    pub fn from_serialize(value: &impl Serialize) -> Result<Self, JsonError> {
        let bytes = serde_json::to_vec(value).map_err(|error| JsonError::shape(&error))?;
        Self::parse(&bytes)
    }
}

/// Reads a typed document strictly.
///
/// # Errors
/// As [`Json::parse`], and [`JsonErrorKind::Shape`] where the shape does not fit.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    deserialize::read(bytes).map_or_else(|| in_two_steps(bytes), Ok)
}

fn in_two_steps<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    Json::parse(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| JsonError::shape(&error))
}

/// The canonical bytes of a typed document.
///
/// # Errors
/// As [`Json::from_serialize`].
pub fn to_canonical(value: &impl Serialize) -> Result<String, JsonError> {
    match serialize::write(value) {
        Some(text) => Ok(text),
        None => Ok(Json::from_serialize(value)?.canonical()),
    }
}

impl Serialize for Json {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => match number.to_i64() {
                Some(integer) => serializer.serialize_i64(integer),
                // Raw text keeps numbers exact, which no number of serde does.
                None => RawValue::from_string(number.to_string())
                    .map_err(serde::ser::Error::custom)?
                    .serialize(serializer),
            },
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                let members = canonical::ordered(members);
                serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(integer: i64) -> Self {
        Self::Number(Decimal::from(integer))
    }
}

impl From<Decimal> for Json {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl FromIterator<Json> for Json {
    fn from_iter<I: IntoIterator<Item = Json>>(items: I) -> Self {
        Self::Array(items.into_iter().collect())
    }
}

#[cfg(test)]
mod tests;
