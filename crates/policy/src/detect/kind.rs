//! A kind of data by its stable name.

use std::cmp::Ordering;
use std::fmt;

use super::detector::Detector;
use super::registry::REGISTRY;

/// One kind of data that can be found and masked, such as `email`.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Where it stands among all kinds.
    index: u8,
    detector: &'static Detector,
}

impl Kind {
    /// All kinds, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        (0_u8..).zip(REGISTRY).map(|(index, detector)| Self { index, detector })
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let found = REGISTRY.binary_search_by(|detector| detector.name.cmp(name)).ok()?;
        Some(Self { index: u8::try_from(found).ok()?, detector: REGISTRY.get(found)? })
    }

    /// The name as it stands in documents and masks.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.detector.name
    }

    /// The finest group that holds it, such as `pii.eu`; empty for a kind that
    /// is looked for only where it is asked for by name.
    #[must_use]
    pub fn group(self) -> &'static str {
        self.detector.group
    }

    /// What it is, in words.
    #[must_use]
    pub fn about(self) -> &'static str {
        self.detector.about
    }

    /// Who publishes the format.
    #[must_use]
    pub fn source(self) -> &'static str {
        self.detector.source
    }

    /// What is verified beyond the shape: a checksum, ranges, dates.
    #[must_use]
    pub fn check(self) -> &'static str {
        self.detector.check
    }

    /// What is not found, and what may be found wrongly.
    #[must_use]
    pub fn caution(self) -> &'static str {
        self.detector.caution
    }

    /// The words that, closely before a value or as the name of its member, say
    /// that it is of this kind. Where the format alone says too little, one of
    /// them is needed.
    #[must_use]
    pub fn words(self) -> &'static [&'static str] {
        self.detector.words
    }

    /// A text in which this kind is found: published test values, nobody's own.
    /// Secrets are put together when they are asked for.
    #[must_use]
    pub fn specimen(self) -> String {
        (self.detector.specimen)()
    }

    pub(super) fn index(self) -> u8 {
        self.index
    }

    pub(super) fn detector(self) -> &'static Detector {
        self.detector
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for Kind {}

impl PartialOrd for Kind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.index.cmp(&other.index)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::kinds::GROUPS;
    use super::*;

    #[test]
    fn kinds_are_known_by_their_names_in_order() {
        let names: Vec<_> = Kind::all().map(Kind::name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        assert!(names.len() <= 128, "a set of kinds is 128 bits");
        for kind in Kind::all() {
            assert_eq!(Kind::named(kind.name()), Some(kind));
            assert!(kind.name().len() < 38 && kind.name().is_ascii());
        }
        assert_eq!(Kind::named("name"), None);
    }

    #[test]
    fn every_kind_says_what_it_is() {
        let groups: BTreeSet<_> = GROUPS.iter().map(|(name, _)| *name).collect();
        for kind in Kind::all() {
            assert!(kind.group().is_empty() || groups.contains(kind.group()), "{kind}");
            for words in [kind.about(), kind.source(), kind.check(), kind.caution()] {
                assert!(words.len() > 3 && !words.contains('|'), "{kind}: {words}");
            }
        }
    }
}
