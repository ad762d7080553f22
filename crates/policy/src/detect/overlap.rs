//! What becomes of findings that overlap, and of the text between them.

use std::cmp::Reverse;
use std::ops::Range;

use smallvec::SmallVec;

use super::sweep::Hit;
use super::text::Text;

/// Findings that share a byte become one. It covers what they cover, and is of
/// the kind of the widest, of equally wide ones the surest, then the first by name.
pub(super) fn joined(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| {
        (hit.range.start, Reverse(hit.range.end), Reverse(hit.strength), hit.kind)
    });
    let mut joined: Vec<(Hit, usize)> = Vec::new();
    for hit in hits {
        match joined.last_mut().filter(|(last, _)| hit.range.start < last.range.end) {
            Some((last, widest)) => {
                let end = last.range.end.max(hit.range.end);
                if (hit.range.len(), hit.strength) > (*widest, last.strength) {
                    *widest = hit.range.len();
                    *last = Hit { range: last.range.clone(), ..hit };
                }
                last.range.end = end;
            }
            None => joined.push((hit.clone(), hit.range.len())),
        }
    }
    joined.into_iter().map(|(hit, _)| hit).collect()
}

/// The parts of the text that neither a finding nor a mask covers.
pub(super) fn between(text: Text<'_>, hits: &[Hit]) -> SmallVec<[Range<usize>; 1]> {
    let masks = memchr::memchr_iter(b'[', text.bytes())
        .filter_map(|start| Some(start..text.mask_end(start)?));
    let mut covered: SmallVec<[Range<usize>; 1]> =
        hits.iter().map(|hit| hit.range.clone()).chain(masks).collect();
    covered.sort_by_key(|range| range.start);
    covered.push(text.len()..text.len());
    let mut from = 0;
    let mut parts = SmallVec::new();
    for range in covered {
        if from < range.start {
            parts.push(from..range.start);
        }
        from = from.max(range.end);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::detector::Strength;
    use super::super::kind::Kind;
    use super::*;

    fn hit(name: &str, range: Range<usize>, strength: Strength) -> Hit {
        Hit { kind: Kind::named(name).unwrap(), range, strength }
    }

    #[test]
    fn the_widest_then_the_surest_names_the_whole() {
        let hits = vec![
            hit("card", 5..9, Strength::Format),
            hit("credential", 0..6, Strength::Guess),
            hit("iban", 20..25, Strength::Format),
            hit("bic", 20..25, Strength::Both),
            hit("email", 25..30, Strength::Format),
        ];
        let joined: Vec<_> =
            joined(hits).into_iter().map(|hit| (hit.kind.name(), hit.range)).collect();
        assert_eq!(joined, [("credential", 0..9), ("bic", 20..25), ("email", 25..30)]);
    }

    #[test]
    fn what_is_between_is_not_covered() {
        let text = Text::new("ab[email]cd efgh", [""; 2]);
        let hits = [hit("card", 12..14, Strength::Format), hit("card", 13..15, Strength::Format)];
        assert_eq!(between(text, &hits).as_slice(), [0..2, 9..12, 15..16]);
        assert_eq!(between(text, &[]).as_slice(), [0..2, 9..16]);
    }
}
