//! Writes a value as strict YAML that reads back as the same value.

use bounden_base::{Json, Span};

use super::scalar::{self, Plain};
use super::{Entry, Value};

/// Longest mapping or list that is written on one line.
const LINE: usize = 76;

/// The document of a value: mappings as blocks, short ones on one line.
#[must_use]
pub fn print(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Map(entries) if !entries.is_empty() => block(entries, 0, &mut text),
        other => text = flow(other) + "\n",
    }
    text
}

fn block(entries: &[Entry], depth: usize, text: &mut String) {
    for entry in entries {
        let indentation = "  ".repeat(depth);
        let key = scalar_text(&entry.key.name, true);
        let line = flow(&entry.value.value);
        let is_short = indentation.len() + key.len() + 2 + line.chars().count() <= LINE;
        match &entry.value.value {
            Value::Map(entries) if !entries.is_empty() && (depth == 0 || !is_short) => {
                *text += &format!("{indentation}{key}:\n");
                block(entries, depth + 1, text);
            }
            Value::List(items) if !items.is_empty() && !is_short => {
                *text += &format!("{indentation}{key}:\n");
                for item in items {
                    *text += &format!("{indentation}  - {}\n", flow(&item.value));
                }
            }
            _ => *text += &format!("{indentation}{key}: {line}\n"),
        }
    }
}

/// A value on one line.
pub(crate) fn flow(value: &Value) -> String {
    match value {
        Value::Null | Value::Refused => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => scalar_text(text, true),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| flow(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| {
                format!("{}: {}", scalar_text(&entry.key.name, true), flow(&entry.value.value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text without quotes where every reader takes it for a text, else in quotes.
pub(crate) fn scalar_text(text: &str, in_flow: bool) -> String {
    if is_plain(text, in_flow) {
        return text.to_owned();
    }
    let has_escapes = text.contains(['"', '\\']) && !text.contains('\'');
    if has_escapes && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    Json::from(text).canonical()
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '/'));
    let breaks_flow = in_flow && text.contains([',', '[', ']', '{', '}']);
    // Some readers take it for a date.
    let is_date = text.len() >= 8
        && text.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && text.as_bytes().get(4) == Some(&b'-');
    let is_text = matches!(scalar::plain(text, Span::default()), Plain::Text);
    starts_well
        && is_text
        && !is_date
        && !breaks_flow
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(|c| c.is_control() || matches!(c, '"' | '\'' | '`' | '\\'))
}
