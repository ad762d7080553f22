//! What is kept of a text in place of the text.

use bounden_base::Digest;
use serde::{Deserialize, Serialize};

/// The first sixteen bytes of a SHA-256 digest. Nobody finds a second text for
/// one of them: that takes 2^112 trials against a full session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Fingerprint(pub(crate) u128);

impl Fingerprint {
    /// Of a short text that stands alone.
    pub(super) fn of_whole(text: &str) -> Self {
        Self::of('=', [text])
    }

    /// Of words that follow one another.
    pub(super) fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::of(' ', words)
    }

    fn of<'w>(kind: char, words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut text = String::from(kind);
        for word in words {
            text.extend([word, " "]);
        }
        let digest = Digest::of(text);
        let first = digest.as_bytes().iter().take(16);
        Self(first.fold(0, |number, byte| number << 8 | u128::from(*byte)))
    }
}
