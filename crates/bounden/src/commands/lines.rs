//! Lines of an input of any length, in bounded memory.

use std::io::{self, BufRead};

/// Longest line that is kept, in bytes; the strict reader takes no longer text either.
pub(super) const LONGEST: usize = 16 << 20;

/// One line without its end.
pub(super) enum Line {
    Whole(Vec<u8>),
    /// Longer than [`LONGEST`]; what it said is gone.
    TooLong,
}

/// The lines of an input with their numbers, from 1.
pub(super) struct Lines<R> {
    input: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, number: 0 }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut text = Vec::new();
        let mut is_too_long = false;
        let mut is_empty = true;
        loop {
            let part = self.input.fill_buf()?;
            if part.is_empty() {
                break;
            }
            is_empty = false;
            let end = part.iter().position(|byte| *byte == b'\n');
            let line = part.get(..end.unwrap_or(part.len())).unwrap_or(part);
            is_too_long |= text.len() + line.len() > LONGEST;
            if is_too_long {
                text.clear();
            } else {
                text.extend_from_slice(line);
            }
            let used = line.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        Ok(match (is_empty, is_too_long) {
            (true, _) => None,
            (false, true) => Some(Line::TooLong),
            (false, false) => Some(Line::Whole(text)),
        })
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<(u64, Line)>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.read().transpose()?;
        self.number += 1;
        Some(line.map(|line| (self.number, line)))
    }
}
