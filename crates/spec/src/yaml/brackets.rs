//! Where a bracket was opened that nothing closes: parsers notice it lines later.

/// The offset of the innermost `{` or `[` of `text` that is still open at its end.
pub(super) fn unclosed(text: &str) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    // The last character that is no space: a value begins after some of them.
    let mut before = '\n';
    let mut previous = '\n';
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        let begins = matches!(before, '\n' | ':' | ',' | '[' | '{' | '-');
        match character {
            '#' if matches!(previous, ' ' | '\n') => {
                while rest.next_if(|(_, next)| *next != '\n').is_some() {}
            }
            '"' | '\'' if begins => skip_quoted(&mut rest, character),
            // In block context a bracket inside a text is part of it.
            '{' | '[' if begins || !open.is_empty() => open.push(at),
            '}' | ']' => drop(open.pop()),
            _ => {}
        }
        previous = character;
        before = match character {
            ' ' | '#' => before,
            '\n' if !open.is_empty() => before,
            '-' if !matches!(before, '\n' | '-') => 'a',
            other => other,
        };
    }
    open.pop()
}

fn skip_quoted(rest: &mut impl Iterator<Item = (usize, char)>, quote: char) {
    let mut escaped = false;
    for (_, next) in rest {
        if next == quote && !escaped {
            break;
        }
        escaped = quote == '"' && next == '\\' && !escaped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bracket_that_is_not_closed_is_the_innermost_one() {
        for (text, expected) in [
            ("a: {b: [c}\n", Some(3)),
            ("a: {b: [c\nd: 1\n", Some(7)),
            ("a: {b: c}\nd: [1, 2\n", Some(13)),
            ("a: {b: c}\n", None),
            ("a: it's {here\n", None),
            ("a: b-[c\n", None),
            ("- - [c\n", Some(4)),
            ("a: 'it''s [' # [\nb: \"\\\"{\"\n", None),
            ("a: {b: shopper's, c: [d]\n", Some(3)),
            ("- {a: b\n", Some(2)),
            ("", None),
        ] {
            assert_eq!(unclosed(text), expected, "{text}");
        }
    }
}
