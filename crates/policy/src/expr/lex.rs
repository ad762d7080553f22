//! Splits an expression into tokens.

use bounden_base::{Decimal, Span};

use super::parse::SyntaxError;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(Decimal),
    Text(String),
    Name(String),
    /// An operator or a bracket, as written.
    Symbol(&'static str),
    End,
}

const SYMBOLS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")",
    "[", "]", "{", "}", ",", ".",
];

/// The tokens of `text`, closed by [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.chars().next()
    {
        if first.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let (token, length) = match first {
            '"' | '\'' => quoted(rest, first, at)?,
            '0'..='9' => number(rest, at)?,
            'a'..='z' | 'A'..='Z' | '_' => name(rest),
            _ => symbol(rest, first, at)?,
        };
        tokens.push((token, Span::new(at, at + length)));
        at += length;
    }
    tokens.push((Token::End, Span::at(text.len())));
    Ok(tokens)
}

fn quoted(rest: &str, quote: char, at: usize) -> Result<(Token, usize), SyntaxError> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((offset, character)) = characters.next() {
        match character {
            _ if character == quote => return Ok((Token::Text(text), offset + 1)),
            '\\' => {
                let escaped = characters.next().map(|(_, escaped)| escaped);
                match escaped {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(same @ ('\\' | '"' | '\'')) => text.push(same),
                    // Patterns are full of escapes of their own; both characters reach the pattern.
                    Some(letter) => text.extend(['\\', letter]),
                    None => break,
                }
            }
            _ => text.push(character),
        }
    }
    Err(SyntaxError::new(Span::new(at, at + rest.len()), "this text is not closed"))
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), SyntaxError> {
    let mut length = 0;
    let bytes = rest.as_bytes();
    while let Some(byte) = bytes.get(length) {
        let sign_of_exponent = matches!(byte, b'+' | b'-')
            && length > 0
            && matches!(bytes.get(length - 1), Some(b'e' | b'E'));
        if !(byte.is_ascii_alphanumeric() || *byte == b'.' || sign_of_exponent) {
            break;
        }
        length += 1;
    }
    let text = rest.get(..length).unwrap_or_default();
    let error = |error| SyntaxError::new(Span::new(at, at + length), format!("`{text}`: {error}"));
    text.parse().map(|number| (Token::Number(number), length)).map_err(error)
}

fn name(rest: &str) -> (Token, usize) {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    (Token::Name(rest.get(..end).unwrap_or_default().to_owned()), end)
}

fn symbol(rest: &str, first: char, at: usize) -> Result<(Token, usize), SyntaxError> {
    let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
    symbol.map(|symbol| (Token::Symbol(symbol), symbol.len())).ok_or_else(|| {
        let advice = match first {
            '&' => "; write `&&`",
            '|' => "; write `||`",
            '=' => "; write `==` to compare",
            '“' | '”' | '„' | '‘' | '’' => "; write `\"` or `'`",
            '≤' => "; write `<=`",
            '≥' => "; write `>=`",
            '≠' => "; write `!=`",
            _ => "",
        };
        let span = Span::new(at, at + first.len_utf8());
        SyntaxError::new(span, format!("`{first}` has no meaning here{advice}"))
    })
}
