//! Tokens that say by their first letters whose they are.

use std::ops::{Range, RangeInclusive};

use super::super::text::Text;

/// The token whose prefix stands in the range: as many letters of its alphabet
/// as follow, if they are as many as there have to be.
pub(super) fn after(
    text: Text<'_>,
    prefix: Range<usize>,
    alphabet: fn(u8) -> bool,
    lengths: RangeInclusive<usize>,
) -> Option<Range<usize>> {
    let end = text.run_within(prefix.end, lengths.end() + 2, alphabet);
    // A point that ends a sentence is none of the token.
    let end = end - usize::from(end > prefix.end && text.before(end) == b'.');
    let range = prefix.start..end;
    (lengths.contains(&(end - prefix.end)) && text.is_whole(&range)).then_some(range)
}

/// Letters and digits that look like those of a token, for specimens.
pub(in super::super) fn letters(length: usize) -> String {
    "Ab3dE6gH9jK2mN5pQ8sT1vW4yZ7c".chars().cycle().take(length).collect()
}

/// The same in hexadecimal digits.
pub(in super::super) fn hex(length: usize) -> String {
    "3fa85c17e09b4d62".chars().cycle().take(length).collect()
}
