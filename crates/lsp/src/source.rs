//! A text, and its places as the protocol counts them: lines from 0, columns
//! in UTF-16 code units from 0.

use bounden_base::Span;
use lsp_types::{Position, Range};

/// A text that knows where its lines begin. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    text: String,
    starts: Vec<usize>,
}

impl Source {
    pub(crate) fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: &usize| match bytes.get(*at) {
            Some(b'\n') => true,
            Some(b'\r') => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts = (0..bytes.len()).filter(ends_line).map(|at| at + 1);
        let starts = std::iter::once(0).chain(starts).collect();
        Self { text, starts }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The text at a span; nothing where the span is not of this text.
    pub(crate) fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The place of a byte; one past the end or inside a character is clamped
    /// to the nearest earlier boundary.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = self.slice(Span::new(start, byte));
        Position::new(number(line), number(before.encode_utf16().count()))
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    /// The byte of a place; a column past the end of its line is the end of the
    /// line, and a line past the last one the end of the text.
    pub(crate) fn byte(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else { return self.text.len() };
        let end = self.starts.get(line.saturating_add(1)).copied().unwrap_or(self.text.len());
        let content = self.slice(Span::new(start, end)).trim_end_matches(['\r', '\n']);
        let mut left = usize::try_from(position.character).unwrap_or(usize::MAX);
        let before = content.chars().take_while(|character| {
            let fits = character.len_utf16() <= left;
            left = left.saturating_sub(character.len_utf16());
            fits
        });
        start + before.map(char::len_utf8).sum::<usize>()
    }

    pub(crate) fn span(&self, range: Range) -> Span {
        Span::new(self.byte(range.start), self.byte(range.end))
    }

    /// The text with another one in the place of `range`.
    pub(crate) fn with(&self, range: Range, text: &str) -> Self {
        let span = self.span(range);
        let after = Span::new(span.end, self.text.len());
        Self::new([self.slice(Span::new(0, span.start)), text, self.slice(after)].concat())
    }
}

/// The protocol counts in 32 bits; a document has at most 2^20 bytes.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_utf16_whatever_ends_a_line() {
        let source = Source::new("añ\r\n𝄞b\rc\n".to_owned());
        for (byte, line, column) in [
            (0, 0, 0),
            (3, 0, 2),
            (5, 1, 0),
            (9, 1, 2),
            (10, 1, 3),
            (11, 2, 0),
            (12, 2, 1),
            (13, 3, 0),
        ] {
            assert_eq!(source.position(byte), Position::new(line, column), "{byte}");
            assert_eq!(source.byte(Position::new(line, column)), byte);
        }
    }

    #[test]
    fn places_that_are_not_in_the_text_are_clamped() {
        let source = Source::new("ab\n𝄞\n".to_owned());
        for (line, column, byte) in [(0, 99, 2), (1, 1, 3), (9, 0, 8), (u32::MAX, u32::MAX, 8)] {
            assert_eq!(source.byte(Position::new(line, column)), byte, "{line}:{column}");
        }
        assert_eq!(source.position(5), Position::new(1, 0));
        assert_eq!(source.position(99), Position::new(2, 0));
    }

    #[test]
    fn a_change_replaces_its_range() {
        let source = Source::new("a: 𝄞\nb: 2\n".to_owned());
        let range = Range::new(Position::new(0, 3), Position::new(1, 1));
        assert_eq!(source.with(range, "1\nc").text(), "a: 1\nc: 2\n");
        let inverted = Range::new(Position::new(1, 1), Position::new(0, 3));
        assert_eq!(source.with(inverted, "x").text(), "a: 𝄞\nbx: 2\n");
    }
}
