//! What a detector is: a name, what is known of the format, and how to find it.

use std::ops::{Range, RangeInclusive};

use super::form::Form;
use super::text::Text;

/// One kind of data and how it is recognised.
pub(super) struct Detector {
    pub(super) name: &'static str,
    /// The finest group; empty for what is looked for only by name.
    pub(super) group: &'static str,
    pub(super) about: &'static str,
    pub(super) source: &'static str,
    pub(super) check: &'static str,
    pub(super) caution: &'static str,
    /// Words that name such a value.
    pub(super) words: &'static [&'static str],
    pub(super) strength: Strength,
    pub(super) trigger: Trigger,
    /// What of a whole text is meant where the member that holds it is called
    /// by one of the words.
    pub(super) member: Option<Find>,
    pub(super) specimen: fn() -> String,
}

/// Finds the value in a text that is known to be one, or says that it is none.
pub(super) type Find = fn(Text<'_>) -> Option<Range<usize>>;

/// Finds the value to which a place, or what stands there, belongs.
pub(super) type FindAt<Place> = fn(Text<'_>, Place) -> Option<Range<usize>>;

/// Finds every value in a text, in order.
pub(super) type FindAll = fn(Text<'_>) -> Vec<Range<usize>>;

/// How sure a finding is. Of two that cover the same, the surer one names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// A guess from how the text looks.
    Guess,
    /// What stands around it says so.
    Context,
    /// A published format says so.
    Format,
    /// Both do.
    Both,
}

/// Where a detector looks.
pub(super) enum Trigger {
    /// Wherever characters stand in one of these forms and pass the check.
    Forms(&'static [Form], fn(&[u8]) -> bool),
    /// At every word of such a length that has a digit.
    Word(RangeInclusive<usize>, FindAt<Range<usize>>),
    /// At every such byte, which is none of a word.
    Bytes(&'static [u8], FindAt<usize>),
    /// At every such text, which is at least three bytes long.
    Literal(&'static [&'static str], FindAt<Range<usize>>),
    /// In what the other detectors left over.
    Rest(FindAll),
}

impl Detector {
    /// A detector whose parts besides the name are still to be said.
    pub(super) const fn new(name: &'static str, group: &'static str, trigger: Trigger) -> Self {
        Self {
            name,
            group,
            about: "",
            source: "",
            check: "",
            caution: "",
            words: &[],
            strength: Strength::Format,
            trigger,
            member: None,
            specimen: String::new,
        }
    }
}
