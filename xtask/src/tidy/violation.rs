//! What a rule found, and how it reads.

use std::fmt;

/// A place in the workspace and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// A path from the root, with the line where there is one.
    pub place: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// What was found, under the name of the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule's name in `RULES`.
    pub rule: &'static str,
    /// Where and what.
    pub found: Found,
}

impl Found {
    /// Something wrong with a file, or with a crate as a whole.
    pub(super) fn at(path: &str, message: impl Into<String>) -> Self {
        Self { place: path.to_owned(), message: message.into() }
    }

    /// Something wrong on a line, counted from 1.
    pub(super) fn on(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { place: format!("{path}:{line}"), message: message.into() }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.found, self.rule)
    }
}
