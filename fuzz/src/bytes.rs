//! The input of a fuzzer, taken bit by bit.

/// Bytes that are left; when they run out, all are zero.
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    /// All of an input.
    #[must_use]
    pub fn new(input: &'b [u8]) -> Self {
        Self(input)
    }

    /// Whether none is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: usize) -> usize {
        usize::from(self.byte()) % sides
    }

    /// The next `count` bytes, or what is left.
    pub fn take(&mut self, count: usize) -> &'b [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// All that is left, as text.
    pub fn text(&mut self) -> String {
        let count = self.0.len();
        String::from_utf8_lossy(self.take(count)).into_owned()
    }
}
