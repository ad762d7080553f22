//! Values that stand after their names: where they begin and end, and what is
//! put there in the place of one.

use std::ops::Range;

use super::text::Text;

/// Most bytes between a name and its value.
const MOST_BETWEEN: usize = 12;

/// Words that stand where a value is meant, in small letters.
const PLACEHOLDERS: [&str; 26] = [
    "any",
    "bool",
    "boolean",
    "changeme",
    "char",
    "empty",
    "false",
    "hidden",
    "int",
    "integer",
    "missing",
    "n/a",
    "nil",
    "no",
    "none",
    "null",
    "number",
    "optional",
    "redacted",
    "required",
    "str",
    "string",
    "true",
    "undefined",
    "unset",
    "yes",
];

/// Where the value begins whose name ends at `place`: after spaces, quotes and a sign.
pub(super) fn start(text: Text<'_>, place: usize) -> usize {
    let is_between = |byte: &&u8| b" \t\"'`:=>|".contains(byte);
    let between = text.slice(place..(place + MOST_BETWEEN).min(text.len()));
    place + between.iter().take_while(is_between).count()
}

/// The value that stands at `start`: up to the closing quote if one is opened
/// before it, otherwise up to what no value is written with.
pub(super) fn at(text: Text<'_>, start: usize) -> Range<usize> {
    let quote = text.before(start);
    if matches!(quote, b'"' | b'\'' | b'`') {
        let end = quoted_end(text, start, quote);
        if text.at(end) == quote {
            return start..end;
        }
    }
    start..bare_end(text, start)
}

fn quoted_end(text: Text<'_>, start: usize, quote: u8) -> usize {
    let mut place = start;
    while place < text.len() && text.at(place) != quote && text.at(place) != b'\n' {
        place += if text.at(place) == b'\\' { 2 } else { 1 };
    }
    place.min(text.len())
}

fn bare_end(text: Text<'_>, start: usize) -> usize {
    let mut end = start;
    loop {
        end = text
            .run(end, |byte| !byte.is_ascii_whitespace() && !b",;&\"'`<>(){}[]".contains(&byte));
        match text.at(end) {
            // Brackets belong to it, masks do not.
            b'[' | b']' | b'{' | b'}' | b'(' | b')' if end > start && !text.opens_mask(end) => {
                end += 1
            }
            _ => break,
        }
    }
    // What ends a sentence or closes a bracket around it is none of it.
    let trailing = |byte: &&u8| b".!?)]}".contains(byte);
    end - text.slice(start..end).iter().rev().take_while(trailing).count()
}

/// The longest beginning of an address of a server that is looked at.
const LONGEST_USER: usize = 128;

/// Whether `scheme://`, or that with a user and a colon, stands before: then
/// `@` divides who goes to a server from the server.
pub(super) fn is_in_authority(text: Text<'_>, start: usize) -> bool {
    let near = text.slice(start.saturating_sub(LONGEST_USER)..start);
    let is_user = |byte: &&u8| !byte.is_ascii_whitespace() && !b"/?#\"'<>=&,;()".contains(byte);
    let user = start - near.iter().rev().take_while(is_user).count();
    text.before(user) == b'/' && text.before(user - 1) == b'/' && text.before(user - 2) == b':'
}

/// Whether this is put where a value is meant: nothing, a word such as `null`,
/// stars, a template, a mask.
pub(super) fn is_placeholder(text: Text<'_>, value: &Range<usize>) -> bool {
    let bytes = text.slice(value.clone());
    let is_template = match bytes {
        [b'$', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'{' | b'('),
        [b'{', b'{', ..] | [b'<', .., b'>'] => true,
        _ => false,
    };
    let is_filled =
        bytes.iter().all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.' | b'-' | b'_' | b' '));
    let is_mask = text.mask_end(value.start).is_some() || text.closes_mask(value.end);
    let is_word = || PLACEHOLDERS.iter().any(|known| bytes.eq_ignore_ascii_case(known.as_bytes()));
    is_filled || is_template || is_mask || is_word()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> &str {
        let text = Text::new(text, [""; 2]);
        text.str(at(text, start(text, 1)))
    }

    #[test]
    fn a_value_ends_where_it_is_written_to_end() {
        for (text, wanted) in [
            ("k=abc&x", "abc"),
            ("k: \"a b, c\"", "a b, c"),
            ("k: 'a\"b'", "a\"b"),
            (r#"k="a\"b" "#, r#"a\"b"#),
            ("k = a[b]c.", "a[b]c"),
            ("k: abc)", "abc"),
            ("k=", ""),
            ("k=\"open", "open"),
        ] {
            assert_eq!(value(text), wanted, "{text}");
        }
    }

    #[test]
    fn placeholders_are_no_values() {
        for text in
            ["null", "True", "****", "<password>", "${PW}", "$PW", "{{ pw }}", "[email]", ""]
        {
            let text = Text::new(text, [""; 2]);
            assert!(is_placeholder(text, &(0..text.len())), "{text:?}");
        }
        for text in ["$2b$12$abc", "hunter2", "nullify", "[a]"] {
            let text = Text::new(text, [""; 2]);
            assert!(!is_placeholder(text, &(0..text.len())), "{text:?}");
        }
    }
}
