//! The one way over a text: bytes that cannot begin anything are skipped, and
//! at the others the detectors that they trigger are tried.

use std::ops::Range;

use super::alphabet;
use super::detector::Strength;
use super::index::{FormEntry, INDEX, Index};
use super::kind::Kind;
use super::kinds::Kinds;
use super::overlap;
use super::text::Text;

/// Something that one detector found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    pub(super) strength: Strength,
}

/// All that detectors find in the text as it is written, in no order.
pub(super) fn hits(text: Text<'_>, kinds: Kinds) -> Vec<Hit> {
    let index = &*INDEX;
    let mut hits = Vec::new();
    of_member(text, kinds, index, &mut hits);
    if kinds.intersects(index.literals.by_automaton) {
        at_literals(text, kinds, index, &mut hits);
    }
    if kinds.intersects(index.literals.by_anchor) {
        at_bytes(text, kinds, index, is_trigger_or_anchor, &mut hits);
    } else if kinds.intersects(index.by_word | index.by_byte) {
        at_bytes(text, kinds, index, is_trigger, &mut hits);
    }
    for (kind, find) in index.rest.iter().filter(|(kind, _)| kinds.contains(*kind)) {
        for part in overlap::between(text, &hits) {
            let found = find(text.part(part.clone())).into_iter();
            let strength = kind.detector().strength;
            hits.extend(found.map(|range| Hit {
                kind: *kind,
                range: part.start + range.start..part.start + range.end,
                strength,
            }));
        }
    }
    hits
}

/// What the name says that holds the text.
fn of_member(text: Text<'_>, kinds: Kinds, index: &Index, hits: &mut Vec<Hit>) {
    for kind in index.of_members.iter().copied().filter(|kind| kinds.contains(*kind)) {
        let detector = kind.detector();
        if let Some(find) = detector.member
            && text.is_value_of(detector.words)
            && let Some(range) = find(text)
        {
            push(hits, kind, range, detector.strength);
        }
    }
}

fn at_literals(text: Text<'_>, kinds: Kinds, index: &Index, hits: &mut Vec<Hit>) {
    for (place, finders) in index.literals.places(text.bytes()) {
        for (kind, find) in finders.iter().filter(|(kind, _)| kinds.contains(*kind)) {
            if let Some(range) = find(text, place.clone()) {
                push(hits, *kind, range, kind.detector().strength);
            }
        }
    }
}

fn at_bytes(
    text: Text<'_>,
    kinds: Kinds,
    index: &Index,
    is_trigger: impl Fn(u8) -> bool + Copy,
    hits: &mut Vec<Hit>,
) {
    let mut from = 0;
    // A value that holds another of its kind is not gone through again from there.
    let mut resume = [0; MOST_BYTE_ENTRIES];
    while let Some(place) = next(text.bytes(), from, is_trigger) {
        let byte = text.at(place);
        if byte.is_ascii_digit() {
            let start = text.run_back(place, alphabet::alphanumeric);
            let end = text.run(place, alphabet::alphanumeric);
            if kinds.intersects(index.by_word) {
                at_word(text, start..end, kinds, index, hits);
            }
            from = end;
            continue;
        }
        for (literal, (kind, find)) in index.literals.at_anchor(text.bytes(), place) {
            if kinds.contains(*kind)
                && let Some(range) = find(text, literal)
            {
                push(hits, *kind, range, kind.detector().strength);
            }
        }
        for (entry, resume) in index.bytes.iter().zip(&mut resume) {
            if place >= *resume
                && entry.bytes.contains(&byte)
                && kinds.contains(entry.kind)
                && let Some(range) = (entry.find)(text, place)
            {
                *resume = range.end;
                push(hits, entry.kind, range, entry.kind.detector().strength);
            }
        }
        from = place + 1;
    }
}

fn at_word(text: Text<'_>, word: Range<usize>, kinds: Kinds, index: &Index, hits: &mut Vec<Hit>) {
    for entry in index.forms(word.len()).iter().filter(|entry| kinds.contains(entry.kind)) {
        if let Some((range, strength)) = in_form(text, &word, entry) {
            push(hits, entry.kind, range, strength);
        }
    }
    let fits = |entry: &&super::index::WordEntry| {
        entry.lengths.contains(&word.len()) && kinds.contains(entry.kind)
    };
    for entry in index.words.iter().filter(fits) {
        if let Some(range) = (entry.find)(text, word.clone()) {
            push(hits, entry.kind, range, entry.kind.detector().strength);
        }
    }
}

fn in_form(
    text: Text<'_>,
    word: &Range<usize>,
    entry: &FormEntry,
) -> Option<(Range<usize>, Strength)> {
    let start = word.start.checked_sub(entry.lead)?;
    let (characters, end) = entry.form.read(text, start)?;
    let range = start..end;
    if !text.is_whole(&range) || !(entry.is_valid)(characters.as_bytes()) {
        return None;
    }
    let detector = entry.kind.detector();
    let is_named = text.is_named(start, detector.words);
    if entry.form.is_named && !is_named {
        return None;
    }
    Some((range, if is_named { Strength::Both } else { detector.strength }))
}

fn push(hits: &mut Vec<Hit>, kind: Kind, range: Range<usize>, strength: Strength) {
    if !range.is_empty() {
        hits.push(Hit { kind, range, strength });
    }
}

/// Most detectors that are triggered by bytes.
const MOST_BYTE_ENTRIES: usize = 8;

/// How many bytes are looked at together.
const CHUNK: usize = 64;

/// The next such byte. Whole chunks without one are passed over by a loop that
/// compilers turn into vector instructions.
fn next(bytes: &[u8], from: usize, is_trigger: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let (near, far) = rest.split_at(rest.len().min(CHUNK));
    if let Some(found) = near.iter().position(|byte| is_trigger(*byte)) {
        return Some(from + found);
    }
    let (chunks, _) = far.as_chunks::<CHUNK>();
    let holds = |chunk: &[u8; CHUNK]| chunk.iter().fold(false, |any, byte| any | is_trigger(*byte));
    let skipped = chunks.iter().take_while(|chunk| !holds(chunk)).count() * CHUNK;
    let found = far.get(skipped..)?.iter().position(|byte| is_trigger(*byte))?;
    Some(from + near.len() + skipped + found)
}

fn is_trigger(byte: u8) -> bool {
    byte.is_ascii_digit() | (byte == b'@') | (byte == b'=') | (byte == b':') | (byte == b'<')
}

fn is_trigger_or_anchor(byte: u8) -> bool {
    is_trigger(byte) | (byte == b'_') | (byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::super::literals::ANCHORS;
    use super::*;

    #[test]
    fn every_trigger_is_met_wherever_it_stands() {
        let bytes = INDEX.bytes.iter().flat_map(|entry| entry.bytes).chain(b"0123456789");
        let triggers = bytes.map(|byte| (*byte, is_trigger as fn(u8) -> bool));
        let anchors = ANCHORS.iter().map(|byte| (*byte, is_trigger_or_anchor as fn(u8) -> bool));
        for (byte, is_trigger) in triggers.chain(anchors) {
            for place in [0, 1, 63, 64, 65, 127, 128, 129, 191, 192, 200] {
                let mut text = [b'x'; 201];
                text[place] = byte;
                assert_eq!(next(&text, 0, is_trigger), Some(place), "{}", char::from(byte));
                assert_eq!(next(&text, place + 1, is_trigger), None);
            }
        }
        assert!(INDEX.bytes.len() <= MOST_BYTE_ENTRIES);
        assert_eq!(next(b"", 0, is_trigger), None);
        assert_eq!(next(b"1", 2, is_trigger), None);
    }
}
