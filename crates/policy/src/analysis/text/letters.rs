//! One letter for each class of letters that no set of texts tells apart.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::TextSet;

/// Letters that are tried first, because people can read them.
const PLAIN: [(char, char); 3] = [('a', 'z'), ('0', '9'), ('A', 'Z')];

/// Where classes of letters begin.
struct Borders(BTreeSet<u32>);

/// A letter of each class, readable ones first; `None` where a pattern tells
/// letters apart by what stands beside them.
pub(super) fn classes<'s>(sets: impl Iterator<Item = &'s TextSet>) -> Option<Vec<char>> {
    let mut borders = Borders([0, 0xD800, 0xE000].into());
    for set in sets {
        for letter in set.words().iter().flat_map(|word| word.chars()) {
            borders.range(letter, letter);
        }
        if let TextSet::Matches(matches) = set {
            borders.pattern(&regex_syntax::parse(&matches.source).ok()?)?;
        }
    }
    let starts: Vec<u32> = borders.0.into_iter().collect();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([char::MAX.into()]);
    let mut letters: Vec<char> =
        starts.iter().zip(ends).filter_map(|(start, end)| letter(*start, end)).collect();
    letters.sort_by_key(|letter| {
        let place = PLAIN.iter().position(|(first, last)| (first..=last).contains(&letter));
        (place.unwrap_or(PLAIN.len()), *letter)
    });
    Some(letters)
}

/// The most readable letter between two code points.
fn letter(start: u32, end: u32) -> Option<char> {
    let plain = PLAIN.into_iter().find_map(|(first, last)| {
        let (from, to) = (start.max(first.into()), end.min(last.into()));
        if from <= to { char::from_u32(from) } else { None }
    });
    let printable = || ('!'..='~').map(u32::from).find(|code| (start..=end).contains(code));
    plain.or_else(|| printable().and_then(char::from_u32)).or_else(|| char::from_u32(start))
}

impl Borders {
    fn range(&mut self, first: char, last: char) {
        self.0.insert(first.into());
        let after = u32::from(last) + 1;
        if after <= char::MAX.into() {
            self.0.insert(after);
        }
    }

    fn pattern(&mut self, hir: &Hir) -> Option<()> {
        match hir.kind() {
            HirKind::Empty => {}
            HirKind::Look(look) => match look {
                Look::Start | Look::End => {}
                Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF => {
                    self.range('\n', '\n');
                    self.range('\r', '\r');
                }
                _ => return None,
            },
            HirKind::Literal(literal) => {
                for letter in std::str::from_utf8(&literal.0).ok()?.chars() {
                    self.range(letter, letter);
                }
            }
            HirKind::Class(Class::Unicode(class)) => {
                for range in class.ranges() {
                    self.range(range.start(), range.end());
                }
            }
            HirKind::Class(Class::Bytes(class)) => {
                for range in class.ranges() {
                    self.range(range.start().into(), range.end().into());
                }
            }
            HirKind::Repetition(repetition) => self.pattern(&repetition.sub)?,
            HirKind::Capture(capture) => self.pattern(&capture.sub)?,
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                parts.iter().try_for_each(|part| self.pattern(part))?;
            }
        }
        Some(())
    }
}
