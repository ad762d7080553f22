//! Byte ranges in a source text and their line and column for people.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes, `start..end`, in one source text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

/// A place for people: line and column count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
    /// Offset in bytes, from 0.
    pub byte: usize,
}

/// Finds the line of a byte offset in logarithmic time.
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    line_starts: Vec<usize>,
}

impl Span {
    /// The range `start..end`; an inverted range collapses to its start.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty range at `offset`.
    #[must_use]
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The same range, `offset` bytes further on.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Self {
        Self::new(self.start + offset, self.end + offset)
    }
}

impl<'a> LineIndex<'a> {
    /// Indexes the line starts of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, line_starts: std::iter::once(0).chain(starts).collect() }
    }

    /// Line and column of `byte`; an offset past the end or inside a character
    /// is clamped to the nearest earlier boundary.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        self.counted(byte, |before| before.chars().count())
    }

    /// As [`LineIndex::position`], with the column in UTF-16 code units, from 1.
    #[must_use]
    pub fn position_utf16(&self, byte: usize) -> Position {
        self.counted(byte, |before| before.encode_utf16().count())
    }

    fn counted(&self, byte: usize, length: impl Fn(&str) -> usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start <= byte);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..byte).map_or(0, length) + 1;
        Position { line, column, byte }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_not_bytes() {
        let index = LineIndex::new("añb\nc");
        assert_eq!(index.position(3), Position { line: 1, column: 3, byte: 3 });
        assert_eq!(index.position(2), Position { line: 1, column: 2, byte: 1 });
        assert_eq!(index.position(5), Position { line: 2, column: 1, byte: 5 });
        assert_eq!(index.position(99), Position { line: 2, column: 2, byte: 6 });
    }

    #[test]
    fn characters_beyond_the_first_plane_are_two_units_of_utf16() {
        let index = LineIndex::new("ñ\n𝄞b");
        assert_eq!(index.position_utf16(7), Position { line: 2, column: 3, byte: 7 });
        assert_eq!(index.position(7), Position { line: 2, column: 2, byte: 7 });
        assert_eq!(index.position_utf16(2), Position { line: 1, column: 2, byte: 2 });
    }
}
