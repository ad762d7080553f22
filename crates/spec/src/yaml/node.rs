//! The tree of a document, with a place for every key and value.

use std::fmt;
use std::ops::Deref;

use bounden_base::{Decimal, Json, Span};

/// One value of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a value is, by the types of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, or nothing at all after a key.
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, exactly.
    Number(Decimal),
    /// A text.
    Text(Text),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the document.
    Map(Vec<Entry>),
    /// Something that was already reported as an error.
    Refused,
}

/// One entry of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// Its value.
    pub value: Node,
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The text.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// The text.
    pub value: String,
    /// Where it stands, quotes included.
    pub span: Span,
    /// How it is written.
    pub style: Style,
    /// Where its first byte stands, if the source holds it byte for byte.
    pub(crate) verbatim: Option<usize>,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In quotes.
    Quoted,
    /// As a block after `|` or `>`.
    Block,
}

impl Node {
    /// The value without places.
    #[must_use]
    pub fn json(&self) -> Json {
        match &self.value {
            Value::Null | Value::Refused => Json::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => (*number).into(),
            Value::Text(text) => text.value.as_str().into(),
            Value::List(items) => items.iter().map(Self::json).collect(),
            Value::Map(entries) => Json::object(
                entries.iter().map(|entry| (entry.key.name.as_str(), entry.value.json())),
            ),
        }
    }

    /// The value of this key of a mapping.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries()?.iter().find(|entry| entry.key.name == name).map(|entry| &entry.value)
    }

    /// The entries of a mapping.
    #[must_use]
    pub fn entries(&self) -> Option<&[Entry]> {
        if let Value::Map(entries) = &self.value { Some(entries) } else { None }
    }

    /// The items of a list.
    #[must_use]
    pub fn items(&self) -> Option<&[Self]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// The text of a text.
    #[must_use]
    pub fn text(&self) -> Option<&Text> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The type in the words of a message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
            Value::Refused => "refused",
        }
    }
}

impl Text {
    /// The place in the document of a part of the text; the whole text where
    /// escapes, line breaks or folding stand between the two.
    #[must_use]
    pub fn part(&self, part: Span) -> Span {
        match self.verbatim {
            Some(start) if part.end <= self.value.len() => part.shifted(start),
            _ => self.span,
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
