//! A text as detectors see it: bytes, what stands around them, and the names
//! under which the text stands in a record.

use std::ops::Range;

use super::kind::Kind;
use super::{alphabet, naming};

/// A text to look through. Reads beyond its ends give 0, which is in no alphabet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'t> {
    text: &'t str,
    /// The name of the member that holds the text, and that of the member around it.
    names: [&'t str; 2],
}

/// The longest mask that is recognised, brackets included.
const LONGEST_MASK: usize = 40;

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str, names: [&'t str; 2]) -> Self {
        Self { text, names }
    }

    pub(super) fn bytes(self) -> &'t [u8] {
        self.text.as_bytes()
    }

    pub(super) fn len(self) -> usize {
        self.text.len()
    }

    pub(super) fn at(self, place: usize) -> u8 {
        self.bytes().get(place).copied().unwrap_or(0)
    }

    pub(super) fn before(self, place: usize) -> u8 {
        place.checked_sub(1).map_or(0, |place| self.at(place))
    }

    /// The bytes of a range; none where it reaches beyond the text.
    pub(super) fn slice(self, range: Range<usize>) -> &'t [u8] {
        self.bytes().get(range).unwrap_or_default()
    }

    /// The characters of a range; none where it cuts one.
    pub(super) fn str(self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn starts_with(self, place: usize, prefix: &str) -> bool {
        self.bytes().get(place..).is_some_and(|rest| rest.starts_with(prefix.as_bytes()))
    }

    /// Where the run of such bytes ends that begins at `from`.
    pub(super) fn run(self, from: usize, alphabet: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes().get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| !alphabet(*byte)).unwrap_or(rest.len())
    }

    /// As [`Text::run`], but no more than `most` bytes long, so that a long run
    /// is not gone through again from each of its parts.
    pub(super) fn run_within(
        self,
        from: usize,
        most: usize,
        alphabet: impl Fn(u8) -> bool,
    ) -> usize {
        let near = self.slice(from..from.saturating_add(most).min(self.len()));
        from + near.iter().take_while(|byte| alphabet(**byte)).count()
    }

    /// Where the run of such bytes begins that ends at `to`.
    pub(super) fn run_back(self, to: usize, alphabet: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes().get(..to).unwrap_or_default();
        rest.iter().rposition(|byte| !alphabet(*byte)).map_or(0, |place| place + 1)
    }

    /// A part as a text of its own: what stands around it is not seen.
    pub(super) fn part(self, range: Range<usize>) -> Self {
        let names = if range.start == 0 { self.names } else { [""; 2] };
        Self { text: self.str(range), names }
    }

    /// Whether nothing before or after goes on what stands in the range: no
    /// letter, digit or `_`, no point between two digits.
    pub(super) fn is_whole(self, range: &Range<usize>) -> bool {
        !self.goes_on_before(range.start) && !self.goes_on_after(range.end)
    }

    pub(super) fn goes_on_before(self, place: usize) -> bool {
        let is_point = self.before(place) == b'.' && self.at(place).is_ascii_digit();
        alphabet::word(self.before(place)) || is_point && self.before(place - 1).is_ascii_digit()
    }

    pub(super) fn goes_on_after(self, place: usize) -> bool {
        let is_point = self.at(place) == b'.' && self.before(place).is_ascii_digit();
        alphabet::word(self.at(place)) || is_point && self.at(place + 1).is_ascii_digit()
    }

    /// Whether a mask such as `[email]` ends at `place`.
    pub(super) fn closes_mask(self, place: usize) -> bool {
        if self.before(place) != b']' {
            return false;
        }
        let name = self.run_back(place - 1, |byte| byte == b'_' || byte.is_ascii_alphanumeric());
        self.before(name) == b'['
            && place - name < LONGEST_MASK
            && Kind::named(self.str(name..place - 1)).is_some()
    }

    /// Whether a mask such as `[email]` begins at `place`.
    pub(super) fn opens_mask(self, place: usize) -> bool {
        self.mask_end(place).is_some()
    }

    /// Where the mask ends that begins at `place`.
    pub(super) fn mask_end(self, place: usize) -> Option<usize> {
        if self.at(place) != b'[' {
            return None;
        }
        let end = self.run(place + 1, alphabet::word);
        let is_mask = self.at(end) == b']'
            && end - place < LONGEST_MASK
            && Kind::named(self.str(place + 1..end)).is_some();
        is_mask.then_some(end + 1)
    }

    /// Whether one of the words stands closely before `place`, or the text
    /// stands under such a name and closely after its beginning.
    pub(super) fn is_named(self, place: usize, words: &[&str]) -> bool {
        let window = place.saturating_sub(naming::NEAR);
        let start = self.last_mask(window..place).unwrap_or(window);
        let before = self.slice(start..place);
        naming::holds(naming::clause(before), words)
            || start == 0 && self.names.iter().any(|name| naming::holds(after_masks(name), words))
    }

    /// Where the last mask ends that ends in the range.
    fn last_mask(self, range: Range<usize>) -> Option<usize> {
        let ends = memchr::memrchr_iter(b']', self.slice(range.clone()));
        ends.map(|end| range.start + end + 1).find(|end| self.closes_mask(*end))
    }

    /// Whether the member that holds the text is called by one of the words.
    pub(super) fn is_value_of(self, words: &[&str]) -> bool {
        let [own, _] = self.names;
        naming::ends(after_masks(own), words)
    }
}

/// What a name says besides what is masked in it.
fn after_masks(name: &str) -> &[u8] {
    let text = Text::new(name, [""; 2]);
    text.slice(text.last_mask(0..name.len()).unwrap_or(0)..name.len())
}
