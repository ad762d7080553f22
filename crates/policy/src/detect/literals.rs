//! The literal texts with which secrets begin, and where they stand.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::detector::FindAt;
use super::kind::Kind;
use super::kinds::Kinds;

/// What a literal triggers.
pub(super) type Finder = (Kind, FindAt<Range<usize>>);

/// Bytes that are rare in words. A literal that has one behind its first byte is
/// looked for where that byte stands, which the sweep looks at anyway.
pub(super) const ANCHORS: &[u8] = b"_-=:";

/// All literals.
#[derive(Default)]
pub(super) struct Literals {
    /// By the byte before the anchor.
    anchored: Vec<Vec<Anchored>>,
    free: Vec<Free>,
    /// Finds all that are free at once; where it could not be built they are tried one by one.
    automaton: Option<AhoCorasick>,
    pub(super) by_anchor: Kinds,
    pub(super) by_automaton: Kinds,
}

struct Anchored {
    text: &'static str,
    /// How many bytes stand before the anchor.
    offset: usize,
    finder: Finder,
}

struct Free {
    text: &'static str,
    finders: Vec<Finder>,
}

impl Literals {
    pub(super) fn add(&mut self, text: &'static str, finder: Finder) {
        let bytes = text.as_bytes();
        let offset = bytes.iter().skip(1).position(|byte| ANCHORS.contains(byte));
        if let Some(offset) = offset {
            self.by_anchor = self.by_anchor | finder.0.into();
            self.anchored.resize_with(256, Vec::new);
            let before = bytes.get(offset).copied().unwrap_or(0);
            if let Some(anchored) = self.anchored.get_mut(usize::from(before)) {
                anchored.push(Anchored { text, offset: offset + 1, finder });
            }
            return;
        }
        self.by_automaton = self.by_automaton | finder.0.into();
        match self.free.iter_mut().find(|known| known.text == text) {
            Some(known) => known.finders.push(finder),
            None => self.free.push(Free { text, finders: vec![finder] }),
        }
    }

    /// Makes the automaton, once all are added.
    pub(super) fn complete(&mut self) {
        let texts = self.free.iter().map(|free| free.text);
        let mut builder = AhoCorasick::builder();
        self.automaton = builder.match_kind(MatchKind::LeftmostLongest).build(texts).ok();
    }

    /// Those whose anchor stands at `place`.
    pub(super) fn at_anchor<'t>(
        &'t self,
        text: &'t [u8],
        place: usize,
    ) -> impl Iterator<Item = (Range<usize>, &'t Finder)> {
        let before = place.checked_sub(1).and_then(|before| text.get(before));
        let near = before.and_then(|before| self.anchored.get(usize::from(*before)));
        near.into_iter().flatten().filter_map(move |anchored| {
            let start = place.checked_sub(anchored.offset)?;
            let found = text.get(start..)?.starts_with(anchored.text.as_bytes());
            found.then_some((start..start + anchored.text.len(), &anchored.finder))
        })
    }

    /// Where all others stand, none inside another, with what they trigger.
    pub(super) fn places<'t>(
        &'t self,
        text: &'t [u8],
    ) -> impl Iterator<Item = (Range<usize>, &'t [Finder])> {
        let fast = self.automaton.iter().flat_map(move |automaton| {
            automaton.find_iter(text).filter_map(|found| {
                let free = self.free.get(found.pattern().as_usize())?;
                Some((found.range(), free.finders.as_slice()))
            })
        });
        let slow = self.automaton.is_none().then(|| self.places_one_by_one(text));
        fast.chain(slow.into_iter().flatten())
    }

    fn places_one_by_one<'t>(
        &'t self,
        text: &'t [u8],
    ) -> impl Iterator<Item = (Range<usize>, &'t [Finder])> {
        let mut from = 0;
        (0..text.len()).filter_map(move |place| {
            let rest = text.get(place..).filter(|_| place >= from)?;
            let fitting = self.free.iter().filter(|free| rest.starts_with(free.text.as_bytes()));
            let free = fitting.max_by_key(|free| free.text.len())?;
            from = place + free.text.len();
            Some((place..from, free.finders.as_slice()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::INDEX;
    use super::*;

    #[test]
    fn both_searches_find_the_same_places() {
        let literals = &INDEX.literals;
        assert!(literals.automaton.is_some());
        let parts = ["AKIA", "eyJ", "SG.", "x", " ", "Bearer ", "Basic ", "hvs.", "bic", "AIza"];
        let mut text = String::new();
        for step in 0_usize..400 {
            text.push_str(parts[step * step % 83 % parts.len()]);
        }
        let bytes = text.as_bytes();
        let fast: Vec<_> = literals.places(bytes).map(|(range, _)| range).collect();
        let slow: Vec<_> = literals.places_one_by_one(bytes).map(|(range, _)| range).collect();
        assert_eq!(fast, slow);
        assert!(fast.len() > 100);
    }

    #[test]
    fn every_literal_is_met() {
        for kind in Kind::all() {
            let super::super::detector::Trigger::Literal(texts, _) = kind.detector().trigger else {
                continue;
            };
            for text in texts {
                let bytes = text.as_bytes();
                let literals = &INDEX.literals;
                let anchored = (0..bytes.len()).flat_map(|place| literals.at_anchor(bytes, place));
                let free = literals.places(bytes).flat_map(|(range, finders)| {
                    finders.iter().map(move |finder| (range.clone(), finder))
                });
                let mut met = anchored.chain(free);
                assert!(met.any(|(range, finder)| finder.0 == kind && range == (0..text.len())));
            }
        }
    }
}
