//! `strict-yaml-1`: YAML as it may stand in a document that people sign.
//!
//! Works on parser events, where anchors, tags and styles are still visible,
//! and keeps a byte span for every key and value. What two readers could
//! understand differently is an error.

mod brackets;
mod build;
mod characters;
mod node;
mod print;
mod salvage;
mod scalar;

use bounden_base::{Diagnostic, Digest, Json, Span};

use crate::in_order;

pub use node::{Entry, Key, Node, Style, Text, Value};
pub use print::print;
pub(crate) use print::{flow, scalar_text};
pub use salvage::salvage;

/// The name of the profile, as locks record it.
pub const PROFILE: &str = "strict-yaml-1";

/// Largest document, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Deepest nesting of lists and mappings.
pub const MAX_DEPTH: usize = 64;

/// One document that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The value.
    pub root: Node,
    /// The digest of the bytes.
    pub raw: Digest,
}

impl Document {
    /// The value without places; equal values mean the same, whatever the
    /// comments and the order of keys.
    #[must_use]
    pub fn json(&self) -> Json {
        self.root.json()
    }

    /// The digest of the canonical form (RFC 8785) of the value.
    #[must_use]
    pub fn canonical(&self) -> Digest {
        self.json().digest()
    }
}

/// Reads one document. The value is there wherever the text has a structure at
/// all; it may be used only if no diagnostic is an error.
#[must_use]
pub fn read(bytes: &[u8]) -> (Option<Document>, Vec<Diagnostic>) {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(problem) => return (None, vec![*problem]),
    };
    let mut problems = characters::check(text);
    let root = build::tree(text, &mut problems);
    in_order(&mut problems);
    (root.map(|root| Document { root, raw: Digest::of(bytes) }), problems)
}

fn decode(bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    let refuse = |code, span, message: String, help: &str| {
        Err(Box::new(Diagnostic::error(code, span, message).help(help)))
    };
    if bytes.len() > MAX_BYTES {
        let message = format!("the document is larger than {MAX_BYTES} bytes");
        let help = "keep one agent per file and long texts in files of their own";
        return refuse("B001", Span::at(MAX_BYTES), message, help);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let message = "the document starts with a byte order mark".to_owned();
        let help = "save the file as UTF-8 without a byte order mark";
        return refuse("B003", Span::new(0, 3), message, help);
    }
    std::str::from_utf8(bytes).or_else(|error| {
        let at = error.valid_up_to();
        let length = error.error_len().unwrap_or(bytes.len() - at);
        let span = Span::new(at, at + length);
        refuse("B002", span, "the document is not UTF-8".to_owned(), "save the file as UTF-8")
    })
}

/// The text in normal form, without characters that hide or reorder what a reader sees.
pub(crate) fn visible(text: &str) -> String {
    characters::visible(text)
}

#[cfg(test)]
mod tests;
