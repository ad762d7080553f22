//! Single values with their places.

use std::fmt;
use std::ops::Deref;

use bounden_base::{Decimal, Diagnostic, Edit, Json, Span, Timestamp};

use super::{Read, Reader, text};
use crate::yaml::{Node, Style, Text, Value};

/// A value and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A value that one scalar can hold.
pub(crate) trait Scalar: Sized {
    /// What is expected, for messages.
    fn expected() -> String;

    /// The value of a node of a fitting type.
    fn from_node(node: &Node) -> Option<Self>;

    /// What was probably meant by a text that does not fit.
    fn near(_text: &str) -> Option<&'static str> {
        None
    }

    /// The JSON Schema.
    fn schema() -> Json;

    /// The value as a document holds it.
    fn to_value(&self) -> Value;
}

impl<T: Scalar> Read for Spanned<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if let Some(value) = T::from_node(node) {
            return Some(Self { value, span: node.span });
        }
        let Value::Text(text) = &node.value else {
            reader.wrong_type(node, &T::expected());
            return None;
        };
        let message = format!("{} is `{text}`; expected {}", reader.place(), T::expected());
        let problem = Diagnostic::error("B104", node.span, message);
        reader.push(match T::near(text) {
            Some(near) => problem
                .help(format!("did you mean `{near}`?"))
                .fix(vec![Edit { span: node.span, replacement: near.to_owned() }], false),
            None => problem,
        });
        None
    }

    fn schema() -> Json {
        T::schema()
    }

    fn write(&self) -> Option<Value> {
        Some(self.value.to_value())
    }
}

impl Read for Text {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match &node.value {
            Value::Text(text) if text.trim().is_empty() => {
                let message = format!("{} is empty", reader.place());
                reader.push(Diagnostic::error("B108", node.span, message));
                None
            }
            Value::Text(text) => Some(text.clone()),
            // What was meant is plain, so reading goes on with it.
            Value::Number(number) => Some(unquoted(node, &number.to_string(), reader)),
            Value::Bool(value) => Some(unquoted(node, &value.to_string(), reader)),
            _ => {
                reader.wrong_type(node, "a text");
                None
            }
        }
    }

    fn schema() -> Json {
        Json::object([("type", "string".into()), ("minLength", Json::from(1))])
    }

    fn write(&self) -> Option<Value> {
        Some(Value::Text(self.clone()))
    }
}

/// Notes a text that lacks its quotes.
fn unquoted(node: &Node, text: &str, reader: &mut Reader) -> Text {
    let message = format!("{} is {}; expected a text", reader.place(), node.kind());
    let quote = |at| Edit { span: Span::at(at), replacement: "\"".to_owned() };
    let quotes = vec![quote(node.span.start), quote(node.span.end)];
    reader.push(
        Diagnostic::error("B103", node.span, message).help("put it in quotes").fix(quotes, true),
    );
    Text::derived(text, node.span)
}

impl Scalar for bool {
    fn expected() -> String {
        "true or false".to_owned()
    }

    fn from_node(node: &Node) -> Option<Self> {
        if let Value::Bool(value) = node.value { Some(value) } else { None }
    }

    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn schema() -> Json {
        Json::object([("type", "boolean".into())])
    }
}

impl Scalar for u64 {
    fn expected() -> String {
        "a whole number, 0 or more".to_owned()
    }

    fn from_node(node: &Node) -> Option<Self> {
        let Value::Number(number) = node.value else { return None };
        Self::try_from(number.to_i64()?).ok()
    }

    fn to_value(&self) -> Value {
        Value::Number(i64::try_from(*self).map_or(Decimal::ZERO, Decimal::from))
    }

    fn schema() -> Json {
        Json::object([("type", "integer".into()), ("minimum", Json::from(0))])
    }
}

impl Scalar for Decimal {
    fn expected() -> String {
        "a number".to_owned()
    }

    fn from_node(node: &Node) -> Option<Self> {
        if let Value::Number(number) = node.value { Some(number) } else { None }
    }

    fn to_value(&self) -> Value {
        Value::Number(*self)
    }

    fn schema() -> Json {
        Json::object([("type", "number".into())])
    }
}

impl Scalar for Timestamp {
    fn expected() -> String {
        "a time such as \"2026-12-20T00:00:00Z\"".to_owned()
    }

    fn from_node(node: &Node) -> Option<Self> {
        node.text()?.parse().ok()
    }

    fn to_value(&self) -> Value {
        text(self.to_string())
    }

    fn schema() -> Json {
        Json::object([("type", "string".into()), ("format", "date-time".into())])
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl Text {
    /// A text that no document holds, such as one that was derived.
    #[must_use]
    pub fn derived(value: impl Into<String>, span: Span) -> Self {
        Self { value: value.into(), span, style: Style::Plain, verbatim: None }
    }
}
