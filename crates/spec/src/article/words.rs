//! A text taken apart: clauses between commas, and names made of words.

use std::collections::BTreeMap;

use bounden_base::{Digest, Span};

use crate::read::{Item, Named};
use crate::yaml::{Key, Text, scalar_text};

/// Values by names that are made of their texts, each one once.
pub(super) fn named<'t, T>(entries: impl Iterator<Item = (&'t Text, T)>) -> Named<T> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    entries
        .map(|(text, value)| {
            let slug = slug(text);
            let count = names.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(1);
            let name = if *count == 1 { slug } else { format!("{slug}-{count}") };
            Item { key: Key { name, span: text.span }, value }
        })
        .collect()
}

/// Signs that make the difference between two clauses, as words.
const SIGNS: [(&str, &str); 7] = [
    ("<=", " at-most "),
    (">=", " at-least "),
    ("!=", " is-not "),
    ("==", " is "),
    ("<", " below "),
    (">", " above "),
    ("=", " is "),
];

/// A text as a name: its letters and digits in lower case, joined by `-`.
/// Letters of other scripts are told apart by a digest.
pub(super) fn slug(text: &str) -> String {
    let spoken = SIGNS.iter().fold(text.to_owned(), |text, (sign, word)| text.replace(sign, word));
    let plain: String = spoken
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    let digest = Digest::of(text).short();
    let mut words: Vec<_> = plain.split_whitespace().collect();
    if text.chars().any(|c| c.is_alphanumeric() && !c.is_ascii()) {
        words.extend(digest.get(..8));
    }
    if words.is_empty() { "unnamed".to_owned() } else { words.join("-") }
}

/// The parts of a text between commas, each with its place. A comma in quotes,
/// in brackets or in a number separates nothing.
pub(super) fn clauses(text: &Text) -> Vec<Text> {
    let mut parts = Vec::new();
    let mut start = 0;
    for end in separators(text).into_iter().chain([text.len()]) {
        let part = text.get(start..end).unwrap_or("");
        let trimmed = part.trim();
        let at = start + part.len() - part.trim_start().len();
        start = end + 1;
        if !trimmed.is_empty() {
            parts.push(Text::derived(trimmed, text.part(Span::new(at, at + trimmed.len()))));
        }
    }
    parts
}

/// Where the commas stand that separate clauses.
fn separators(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut depth, mut quote, mut before) = (0_usize, None, ' ');
    for (at, c) in text.char_indices() {
        let after = text.get(at + c.len_utf8()..).unwrap_or("");
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            // An apostrophe within a word, or one that nothing closes, quotes nothing.
            (None, '"' | '\'') if !before.is_alphanumeric() && after.contains(c) => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                if !(is_digit(Some(before)) && is_digit(after.chars().next())) {
                    found.push(at);
                }
            }
            (None, _) => {}
        }
        before = c;
    }
    found
}

/// A name as it stands as a key in YAML.
pub(super) fn key(name: &str) -> String {
    scalar_text(name, true)
}
