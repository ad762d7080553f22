//! Text and JSON of an event, kept as they stand in the record until someone
//! reads them.

use std::borrow::Cow;

use bounden_base::{Json, JsonError};

/// What an event carries: arguments, a result or words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload<'a> {
    /// The text of a JSON value, not read yet.
    Json(Cow<'a, str>),
    /// Plain text.
    Text(Cow<'a, str>),
}

impl<'a> Payload<'a> {
    /// The words: a JSON string decoded, other JSON as it is written.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Json(json) => string_literal(json).unwrap_or(Cow::Borrowed(json)),
        }
    }

    /// The value of tool arguments, which many formats write as JSON within a string.
    ///
    /// # Errors
    /// Where the arguments are no JSON that can be trusted.
    pub fn arguments(&self) -> Result<Json, JsonError> {
        match self {
            Self::Text(text) => Json::parse(text.as_bytes()),
            Self::Json(json) => match string_literal(json) {
                Some(text) => Json::parse(text.as_bytes()),
                None => Json::parse(json.as_bytes()),
            },
        }
    }

    /// The value of a tool result: JSON, a list or object written within a string,
    /// or else the words as a string.
    ///
    /// # Errors
    /// Where a list or object is no JSON that can be trusted.
    pub fn value(&self) -> Result<Json, JsonError> {
        let text = match self {
            Self::Json(json) if !json.trim_start().starts_with('"') => {
                return Json::parse(json.as_bytes());
            }
            _ => self.text(),
        };
        if text.trim_start().starts_with(['{', '[']) {
            return Json::parse(text.as_bytes()).or_else(|error| {
                // Words may begin with a bracket; what looks like JSON throughout is an error.
                let closed = text.trim_end().ends_with(['}', ']']);
                if closed { Err(error) } else { Ok(Json::String(text.into_owned())) }
            });
        }
        Ok(Json::String(text.into_owned()))
    }

    /// The text as it is recorded: JSON as it is written, escapes and all.
    #[must_use]
    pub fn raw(&self) -> &str {
        match self {
            Self::Json(text) | Self::Text(text) => text,
        }
    }

    /// The same payload, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Payload<'static> {
        match self {
            Self::Json(json) => Payload::Json(Cow::Owned(json.into_owned())),
            Self::Text(text) => Payload::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// A payload of plain text.
    pub fn from_text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }
}

/// The decoded content, where `json` is a string.
fn string_literal(json: &str) -> Option<Cow<'_, str>> {
    let trimmed = json.trim();
    let inner = trimmed.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr2(b'\\', b'"', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str::<String>(trimmed).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests;
