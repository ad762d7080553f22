//! The canonical form: RFC 8785 with exact numbers.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::members::Member;
use super::plain::plain_length;
use super::{Json, Members};

pub(super) fn write(value: &Json) -> String {
    let mut out = String::new();
    value_into(value, &mut out);
    out
}

fn value_into(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "{number}");
        }
        Json::String(text) => string_into(text, out),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                value_into(item, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (index, (key, member)) in ordered(members).iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                string_into(key, out);
                out.push(':');
                value_into(member, out);
            }
            out.push('}');
        }
    }
}

/// The members in the order of RFC 8785: that of UTF-16 code units, which differs
/// from the members' own order for characters beyond the basic plane.
pub(super) fn ordered(members: &Members) -> Cow<'_, [Member]> {
    let members = members.as_slice();
    if members.iter().all(|(name, _)| name.is_ascii()) {
        return members.into();
    }
    let mut members = members.to_vec();
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    members.into()
}

fn string_into(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some((plain, special)) = rest.split_at_checked(plain_length(rest.as_bytes())) {
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            None => break,
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\u{c}') => out.push_str("\\f"),
            Some('\r') => out.push_str("\\r"),
            Some(control) => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
        }
        rest = characters.as_str();
    }
    out.push('"');
}
