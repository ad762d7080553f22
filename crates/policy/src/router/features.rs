//! What is counted of a word: itself, its pair with the word before, and its parts.

use super::words::Words;

/// How often the whole word counts; its parts count as much together.
const WORD: i64 = 60;
/// How often the pair with the word before counts.
const PAIR: i64 = 40;
/// Letters in a part, edges included.
const PART: usize = 4;
/// A word of fewer letters has no parts.
const LEAST_LETTERS: usize = 3;

/// One feature of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feature<'w> {
    pub(super) spelling: Spelling<'w>,
    /// How often it counts.
    pub(super) value: i64,
}

/// A feature as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling<'w> {
    /// A whole word.
    Word(&'w str),
    /// Two words that follow one another.
    Pair(&'w str, &'w str),
    /// A few letters of a word.
    Part(&'w str),
}

/// The features of the word at `index`.
pub(super) fn of_word<'w>(words: &'w Words, index: usize, mut visit: impl FnMut(Feature<'w>)) {
    let word = words.word(index);
    let silent = words.is_silent(index);
    if !silent {
        visit(Feature { spelling: Spelling::Word(word), value: WORD });
        parts(words.bounded(index), &mut visit);
    }
    if let Some(before) = index.checked_sub(1)
        && !(silent && words.is_silent(before))
    {
        visit(Feature { spelling: Spelling::Pair(words.word(before), word), value: PAIR });
    }
}

/// The runs of [`PART`] letters of a word.
fn parts<'w>(bounded: &'w str, visit: &mut impl FnMut(Feature<'w>)) {
    let letters = bounded.chars().count();
    if letters < LEAST_LETTERS + 2 {
        return;
    }
    let count = i64::try_from(letters + 1 - PART).unwrap_or(i64::MAX);
    let value = (WORD / count).max(1);
    let starts = bounded.char_indices().map(|(start, _)| start);
    let ends = bounded.char_indices().skip(PART).map(|(start, _)| start).chain([bounded.len()]);
    for (start, end) in starts.zip(ends) {
        let part = bounded.get(start..end).unwrap_or_default();
        visit(Feature { spelling: Spelling::Part(part), value });
    }
}

impl Spelling<'_> {
    /// The 64-bit FNV-1a digest of the spelling (draft-eastlake-fnv), which
    /// stands for the feature in the table of weights.
    pub(super) fn key(&self) -> u64 {
        match self {
            Self::Word(word) => fnv(fnv(BASIS, b"w"), word.as_bytes()),
            Self::Pair(first, second) => {
                fnv(fnv(fnv(fnv(BASIS, b"p"), first.as_bytes()), b" "), second.as_bytes())
            }
            Self::Part(part) => fnv(fnv(BASIS, b"l"), part.as_bytes()),
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Word(word) => (*word).to_owned(),
            Self::Pair(first, second) => format!("{first} {second}"),
            Self::Part(part) => part.replace('^', "·"),
        }
    }
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |digest, byte| (digest ^ u64::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_itself_its_parts_and_its_pair() {
        let words = Words::of("my tent");
        let mut found = Vec::new();
        of_word(&words, 1, |feature| found.push((feature.spelling.text(), feature.value)));
        let expected = [("tent", 60), ("·ten", 20), ("tent", 20), ("ent·", 20), ("my tent", 40)];
        assert_eq!(found, expected.map(|(text, value)| (text.to_owned(), value)));
    }

    #[test]
    fn silent_words_count_beside_others_only() {
        let words = Words::of("is my order up");
        let count = |index| {
            let mut count = 0;
            of_word(&words, index, |_| count += 1);
            count
        };
        assert_eq!([count(0), count(1), count(2), count(3)], [0, 0, 6, 1]);
    }

    #[test]
    fn keys_are_published_values() {
        // "foobar" of the test vectors in draft-eastlake-fnv.
        assert_eq!(fnv(BASIS, b"foobar"), 0x85944171f73967e8);
        assert_ne!(Spelling::Word("tent").key(), Spelling::Part("tent").key());
    }
}
