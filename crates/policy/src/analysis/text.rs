//! Sets of texts that predicates and schemas ask for, and whether some text is
//! in all of them.

mod automaton;
mod letters;
mod search;

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use regex::Regex;
use regex_automata::dfa::dense::DFA;

use crate::canonical;

pub(super) use search::{Found, Searches};

/// A set of texts.
#[derive(Clone, Debug)]
pub(super) enum TextSet {
    OneOf(BTreeSet<String>),
    StartsWith(String),
    EndsWith(String),
    Contains(String),
    /// Before this text in the order of comparisons.
    Before(String),
    /// This text, or before it.
    UpTo(String),
    Matches(Box<Matches>),
    /// Paths that lie in a folder; no regular set.
    Under(String),
    /// Paths that lie somewhere at all; no regular set.
    Path,
}

/// Texts that match as a whole, or texts of which a part matches.
#[derive(Clone, Debug)]
pub(super) struct Matches {
    pattern: Regex,
    source: String,
    whole: bool,
    /// Made when it is first asked for; nothing where it would be too large.
    machine: OnceCell<Option<Rc<DFA<Vec<u32>>>>>,
}

impl TextSet {
    pub(super) fn only(text: &str) -> Self {
        Self::OneOf([text.to_owned()].into())
    }

    /// Texts that `pattern` matches, which was compiled from `source`.
    pub(super) fn matches(pattern: Regex, source: &str, whole: bool) -> Self {
        let machine = OnceCell::new();
        Self::Matches(Box::new(Matches { pattern, source: source.to_owned(), whole, machine }))
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        match self {
            Self::OneOf(texts) => texts.contains(text),
            Self::StartsWith(part) => text.starts_with(part),
            Self::EndsWith(part) => text.ends_with(part),
            Self::Contains(part) => text.contains(part),
            Self::Before(bound) => text < bound.as_str(),
            Self::UpTo(bound) => text <= bound.as_str(),
            Self::Matches(matches) => matches.pattern.is_match(text),
            Self::Under(folder) => canonical::is_under(text, folder) == Some(true),
            Self::Path => canonical::is_under(text, "/").is_some(),
        }
    }

    /// Whether every text is in the set, or none, where that is plain: the
    /// empty text is a part of every text and comes before all others.
    pub(super) fn plainly(&self) -> Option<bool> {
        match self {
            Self::StartsWith(part) | Self::EndsWith(part) | Self::Contains(part)
                if part.is_empty() =>
            {
                Some(true)
            }
            Self::Before(bound) if bound.is_empty() => Some(false),
            Self::OneOf(texts) if texts.is_empty() => Some(false),
            _ => None,
        }
    }

    /// Whether both are plainly the same set.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::OneOf(a), Self::OneOf(b)) => a == b,
            (Self::StartsWith(a), Self::StartsWith(b))
            | (Self::EndsWith(a), Self::EndsWith(b))
            | (Self::Contains(a), Self::Contains(b))
            | (Self::Before(a), Self::Before(b))
            | (Self::UpTo(a), Self::UpTo(b))
            | (Self::Under(a), Self::Under(b)) => a == b,
            (Self::Matches(a), Self::Matches(b)) => a.source == b.source && a.whole == b.whole,
            (Self::Path, Self::Path) => true,
            _ => false,
        }
    }

    /// Texts that the set is about, for making texts that are in it.
    pub(super) fn words(&self) -> Vec<&str> {
        match self {
            Self::OneOf(texts) => texts.iter().map(String::as_str).collect(),
            Self::StartsWith(text)
            | Self::EndsWith(text)
            | Self::Contains(text)
            | Self::Before(text)
            | Self::UpTo(text)
            | Self::Under(text) => vec![text],
            Self::Matches(_) | Self::Path => Vec::new(),
        }
    }

    /// Whether the texts of the set can be told by reading letter by letter.
    pub(super) fn is_regular(&self) -> bool {
        !matches!(self, Self::Under(_) | Self::Path)
    }
}

#[cfg(test)]
use search::shortest;

#[cfg(test)]
mod tests;
