//! Lines cut from a byte stream: the framing of the stdio transport.

use std::collections::VecDeque;

/// Cuts lines out of chunks. A line that is too long is dropped as a whole and
/// reported once; the next line is read again.
#[derive(Debug)]
pub struct Lines {
    limit: usize,
    partial: Vec<u8>,
    skipping: bool,
    ready: VecDeque<Result<Vec<u8>, LineError>>,
}

/// A line was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Longer than the limit, in bytes.
    #[error("a line is longer than {0} bytes")]
    TooLong(usize),
    /// The stream ended inside a line.
    #[error("the stream ended inside a line")]
    Unfinished,
}

impl Lines {
    /// A framer for lines of at most `limit` bytes, the line feed not counted.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { limit, partial: Vec::new(), skipping: false, ready: VecDeque::new() }
    }

    /// Takes the next bytes of the stream.
    pub fn push(&mut self, mut chunk: &[u8]) {
        while let Some(end) = chunk.iter().position(|byte| *byte == b'\n') {
            let (head, tail) = chunk.split_at(end);
            self.extend(head);
            self.end_line();
            chunk = tail.get(1..).unwrap_or_default();
        }
        self.extend(chunk);
    }

    /// The next line without its end, or what was lost in its place; `None`
    /// until more bytes are pushed. Blank lines are left out.
    pub fn pop(&mut self) -> Option<Result<Vec<u8>, LineError>> {
        self.ready.pop_front()
    }

    /// Ends the stream: a rest without a line feed is no line.
    ///
    /// # Errors
    /// [`LineError::Unfinished`] where bytes were left.
    pub fn finish(self) -> Result<(), LineError> {
        let blank = self.partial.iter().all(u8::is_ascii_whitespace);
        if blank { Ok(()) } else { Err(LineError::Unfinished) }
    }

    fn extend(&mut self, bytes: &[u8]) {
        if self.skipping {
            return;
        }
        // One byte more than the limit may be the `\r` of a line's end.
        if self.partial.len() + bytes.len() > self.limit + 1 {
            self.skip();
        } else {
            self.partial.extend_from_slice(bytes);
        }
    }

    fn skip(&mut self) {
        self.skipping = true;
        self.partial = Vec::new();
        self.ready.push_back(Err(LineError::TooLong(self.limit)));
    }

    fn end_line(&mut self) {
        if std::mem::take(&mut self.skipping) {
            return;
        }
        let mut line = std::mem::take(&mut self.partial);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if line.len() > self.limit {
            self.ready.push_back(Err(LineError::TooLong(self.limit)));
        } else if !line.iter().all(u8::is_ascii_whitespace) {
            self.ready.push_back(Ok(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(chunks: &[&[u8]], limit: usize) -> Vec<Result<Vec<u8>, LineError>> {
        let mut lines = Lines::new(limit);
        for chunk in chunks {
            lines.push(chunk);
        }
        let mut found: Vec<_> = std::iter::from_fn(|| lines.pop()).collect();
        found.extend(lines.finish().err().map(Err));
        found
    }

    #[test]
    fn lines_come_out_whole_whatever_the_chunks() {
        let found = cut(&[b"{\"a\"", b":1}\r\n\n{", b"}\n"], 100);
        assert_eq!(found, [Ok(b"{\"a\":1}".to_vec()), Ok(b"{}".to_vec())]);
    }

    #[test]
    fn reading_goes_on_after_a_line_that_is_too_long() {
        let found = cut(&[b"abc", b"def", b"ghi\nok\nabcdef\nend\n"], 5);
        let long = || Err(LineError::TooLong(5));
        assert_eq!(found, [long(), Ok(b"ok".to_vec()), long(), Ok(b"end".to_vec())]);
    }

    #[test]
    fn the_limit_counts_the_line_without_its_end() {
        assert_eq!(cut(&[b"abcde\r\n"], 5), [Ok(b"abcde".to_vec())]);
        assert_eq!(cut(&[b"abcdef\n"], 5), [Err(LineError::TooLong(5))]);
    }

    #[test]
    fn a_rest_without_line_feed_is_no_line() {
        assert_eq!(cut(&[b"{}\n{\"id\":1"], 50), [Ok(b"{}".to_vec()), Err(LineError::Unfinished)]);
    }

    proptest! {
        #[test]
        fn chunking_changes_nothing(
            bytes in prop::collection::vec(prop::sample::select(b"ab\r\n \xff".to_vec()), 0..200),
            cuts in prop::collection::vec(0usize..200, 0..10),
            limit in 1usize..12,
        ) {
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            cuts.insert(0, 0);
            cuts.push(bytes.len());
            let chunks: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(cut(&chunks, limit), reference(&bytes, limit));
        }
    }

    fn reference(bytes: &[u8], limit: usize) -> Vec<Result<Vec<u8>, LineError>> {
        let mut pieces: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
        let rest = pieces.pop().unwrap_or_default();
        let too_long = || Err(LineError::TooLong(limit));
        let blank = |line: &[u8]| line.iter().all(u8::is_ascii_whitespace);
        let mut found = Vec::new();
        for piece in pieces {
            let line = piece.strip_suffix(b"\r").unwrap_or(piece);
            if line.len() > limit {
                found.push(too_long());
            } else if !blank(line) {
                found.push(Ok(line.to_vec()));
            }
        }
        if rest.len() > limit + 1 {
            found.push(too_long());
        } else if !blank(rest) {
            found.push(Err(LineError::Unfinished));
        }
        found
    }
}
