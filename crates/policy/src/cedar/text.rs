//! Literals and names in the grammar of Cedar.

use bounden_base::{Decimal, Json};

/// Words that are no attribute names without quotes.
const RESERVED: [&str; 10] =
    ["true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar"];
/// Digits after the point of Cedar's `decimal`.
const DECIMALS: usize = 4;

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A pattern that a text has to begin with, end with or contain.
pub(super) fn pattern(before: bool, text: &str, after: bool) -> String {
    let star = |is_there| if is_there { "*" } else { "" };
    format!("\"{}{}{}\"", star(before), escaped(text).replace('*', "\\*"), star(after))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            control if control.is_control() => {
                escaped.push_str(&format!("\\u{{{:x}}}", u32::from(control)));
            }
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// The text in one line of a comment.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Whether an attribute needs no quotes.
pub(super) fn is_plain(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let goes_on = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    starts && goes_on && !RESERVED.contains(&name)
}

/// An attribute name in a record type or after `has`.
pub(super) fn attribute(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { quoted(name) }
}

/// A whole number that Cedar's `Long` holds.
pub(super) fn long(number: Decimal) -> Option<i64> {
    number.to_i64()
}

/// A number that Cedar's `decimal` holds, such as `decimal("500.0")`.
pub(super) fn decimal(number: Decimal) -> Option<String> {
    let (coefficient, exponent) = number.parts();
    let missing = usize::try_from(-exponent).unwrap_or(0);
    if missing > DECIMALS {
        return None;
    }
    let shift = u32::try_from(i32::try_from(DECIMALS).ok()? + exponent).ok()?;
    let scaled = coefficient.checked_mul(10_i128.checked_pow(shift)?)?;
    i64::try_from(scaled).ok()?;
    let (whole, part) = (scaled.unsigned_abs() / 10_000, scaled.unsigned_abs() % 10_000);
    let sign = if scaled < 0 { "-" } else { "" };
    let part = format!("{part:04}");
    let part = part.trim_end_matches('0');
    let part = if part.is_empty() { "0" } else { part };
    Some(format!("decimal(\"{sign}{whole}.{part}\")"))
}

/// A literal of JSON as a `String`, `Bool` or `Long`.
pub(super) fn literal(json: &Json) -> Option<String> {
    match json {
        Json::Bool(value) => Some(value.to_string()),
        Json::String(text) => Some(quoted(text)),
        Json::Number(number) => long(*number).map(|number| number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_stars_are_no_wildcards() {
        assert_eq!(quoted("a\"b\\c\nd\u{7}"), "\"a\\\"b\\\\c\\nd\\u{7}\"");
        assert_eq!(pattern(true, "a*b\"", false), "\"*a\\*b\\\"\"");
        assert_eq!(comment("a\nforbid"), "a forbid");
        assert_eq!(attribute("note"), "note");
        assert_eq!(attribute("x-y"), "\"x-y\"");
        assert_eq!(attribute("has"), "\"has\"");
    }

    #[test]
    fn decimals_have_four_places_at_most() {
        let shown = |text: &str| decimal(text.parse().unwrap());
        assert_eq!(shown("500").as_deref(), Some("decimal(\"500.0\")"));
        assert_eq!(shown("-0.05").as_deref(), Some("decimal(\"-0.05\")"));
        assert_eq!(shown("1e3").as_deref(), Some("decimal(\"1000.0\")"));
        assert_eq!(shown("0.1234").as_deref(), Some("decimal(\"0.1234\")"));
        assert_eq!(shown("0.12345"), None);
        assert!(shown("922337203685477.5807").is_some());
        assert_eq!(shown("922337203685477.5808"), None);
        assert_eq!(shown("1e300"), None);
    }
}
