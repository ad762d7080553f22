//! Canonical forms of texts, and texts that have a wanted form.

use crate::canonical;
use crate::core::Canonicaliser;

/// The form of a text, where it has one.
pub(super) fn form(form: Canonicaliser, text: &str) -> Option<String> {
    match form {
        Canonicaliser::Lower => Some(text.to_lowercase()),
        Canonicaliser::Host => canonical::host(text),
        Canonicaliser::Domain => canonical::domain(text),
    }
}

/// Texts that may have this form; whether they do is checked afterwards.
pub(super) fn disguises(form: Canonicaliser, wanted: &str) -> Vec<String> {
    match form {
        Canonicaliser::Lower => {
            let mut letters = wanted.chars();
            let first = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
            [wanted.to_owned(), wanted.to_uppercase()].into_iter().chain(first).collect()
        }
        Canonicaliser::Host => ["https://{}/", "http://{}/", "https://{}", "https://{}/a"]
            .iter()
            .map(|shape| shape.replace("{}", wanted))
            .collect(),
        Canonicaliser::Domain => {
            ["a@{}", "user@{}"].iter().map(|s| s.replace("{}", wanted)).collect()
        }
    }
}
