//! Splits a text into words that are compared: plain letters, no marks, no case.

use super::glyphs;
use super::silent::is_silent;

/// Most of a text that is read, in bytes.
pub(super) const MOST_BYTES: usize = 16 << 10;
/// Stands for every number: which order it is says nothing of the topic.
const NUMBER: char = '0';
/// Stands before and after the letters of a word, so that its parts know where they are.
const EDGE: char = '^';
/// From so many letters that stand by themselves, they are one word that was spelt out.
const SPELT: usize = 3;

/// The words of one text.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// All words one after another, each between two [`EDGE`]s.
    text: String,
    words: Vec<Word>,
    /// Whether the text was longer than [`MOST_BYTES`].
    pub(super) is_cut: bool,
}

/// One word, by its place.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    end: usize,
    silent: bool,
}

/// What has been read of a text so far.
#[derive(Default)]
struct Reading {
    words: Words,
    /// Where the word begins that is being read.
    open: Option<usize>,
    letters: usize,
    /// How many of the latest words are single letters.
    singles: usize,
    in_number: bool,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut reading = Reading::default();
        let end = text.floor_char_boundary(MOST_BYTES);
        let read = text.get(..end).unwrap_or(text);
        if read.is_ascii() {
            reading.read(read.chars().map(|character| character.to_ascii_lowercase()));
        } else {
            reading.read(glyphs::plain(read));
        }
        reading.words.is_cut = read.len() < text.len();
        reading.words
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The letters of a word.
    pub(super) fn word(&self, index: usize) -> &str {
        let bounded = self.bounded(index);
        bounded.strip_prefix(EDGE).and_then(|word| word.strip_suffix(EDGE)).unwrap_or(bounded)
    }

    /// A word with its edges.
    pub(super) fn bounded(&self, index: usize) -> &str {
        let word = self.words.get(index);
        word.and_then(|word| self.text.get(word.start..word.end)).unwrap_or_default()
    }

    /// Whether a word says nothing by itself.
    pub(super) fn is_silent(&self, index: usize) -> bool {
        self.words.get(index).is_none_or(|word| word.silent)
    }

    /// Some of the words, as people read them.
    pub(super) fn joined(&self, from: usize, to: usize) -> String {
        let words: Vec<&str> = (from..to.min(self.len())).map(|index| self.word(index)).collect();
        words.join(" ")
    }
}

impl Reading {
    fn read(&mut self, letters: impl Iterator<Item = char>) {
        let mut letters = letters.peekable();
        while let Some(letter) = letters.next() {
            let goes_on = letters.peek().is_some_and(|next| next.is_alphabetic());
            if stands_alone(letter) {
                self.close();
                self.number_ends();
                self.push(letter);
                self.close_as(false);
            } else if letter.is_alphabetic() {
                self.number_ends();
                self.push(letter);
            } else if let Some(meant) = stand_in(letter).filter(|_| self.open.is_some() && goes_on)
            {
                self.push(meant);
            } else if letter.is_numeric() {
                self.close();
                self.in_number = true;
            } else {
                self.close();
                self.number_ends();
            }
        }
        self.close();
        self.number_ends();
        self.join_singles();
    }

    fn push(&mut self, letter: char) {
        if self.open.is_none() {
            self.open = Some(self.words.text.len());
            self.words.text.push(EDGE);
        }
        self.words.text.push(letter);
        self.letters += 1;
    }

    fn close(&mut self) {
        self.close_as(self.letters == 1);
    }

    /// Ends the open word, if there is one.
    fn close_as(&mut self, is_single: bool) {
        let letters = std::mem::take(&mut self.letters);
        let Some(start) = self.open.take() else { return };
        if !is_single && self.singles > 0 {
            let word = self.words.text.split_off(start);
            self.join_singles();
            self.enter(word.trim_start_matches(EDGE));
        } else {
            self.words.text.push(EDGE);
            self.words.words.push(Word { start, end: self.words.text.len(), silent: false });
            self.mark_silent();
        }
        self.singles = if is_single && letters == 1 { self.singles + 1 } else { 0 };
    }

    fn number_ends(&mut self) {
        if std::mem::take(&mut self.in_number) {
            self.join_singles();
            self.enter(NUMBER.encode_utf8(&mut [0; 4]));
            if let Some(number) = self.words.words.last_mut() {
                number.silent = true;
            }
        }
    }

    /// `d e l e t e` is one word.
    fn join_singles(&mut self) {
        let singles = std::mem::take(&mut self.singles);
        if singles < SPELT {
            return;
        }
        let first = self.words.len().saturating_sub(singles);
        let spelt: String = (first..self.words.len()).map(|index| self.words.word(index)).collect();
        let start = self.words.words.get(first).map_or(0, |word| word.start);
        self.words.words.truncate(first);
        self.words.text.truncate(start);
        self.enter(&spelt);
    }

    fn enter(&mut self, word: &str) {
        let start = self.words.text.len();
        self.words.text.push(EDGE);
        self.words.text.push_str(word);
        self.words.text.push(EDGE);
        self.words.words.push(Word { start, end: self.words.text.len(), silent: false });
        self.mark_silent();
    }

    fn mark_silent(&mut self) {
        let silent = is_silent(self.words.word(self.words.len().saturating_sub(1)));
        if let Some(word) = self.words.words.last_mut() {
            word.silent = silent;
        }
    }
}

/// Scripts that are written without spaces: every character is taken for a word.
fn stands_alone(letter: char) -> bool {
    matches!(
        letter,
        '\u{3041}'..='\u{30FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}

/// The letter that a digit in the middle of a word stands for: `acc0unt`.
fn stand_in(digit: char) -> Option<char> {
    match digit {
        '0' => Some('o'),
        '1' => Some('i'),
        '3' => Some('e'),
        '4' => Some('a'),
        '5' => Some('s'),
        '7' => Some('t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let words = Words::of(text);
        assert_eq!(words.joined(0, words.len()), expected, "{text:?}");
    }

    #[test]
    fn words_are_letters_between_anything_else() {
        check("Where's my PARCEL?", "where s my parcel");
        check("order A-1003, twice", "order a 0 twice");
        check("  \n\t ", "");
        check("don\u{2019}t", "don t");
        check("退款 please", "退 款 please");
    }

    #[test]
    fn disguises_are_seen_through() {
        check("d e l e t e my a-c-c-o-u-n-t", "delete my account");
        check("d.e.l.e.t.e 退款", "delete 退 款");
        check("d3lete my acc0unt 3 times", "delete my account 0 times");
        check("del\u{200B}ete my аccount", "delete my account");
        check("I'd a b", "idab");
        check("I'd say", "i d say");
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        let words = Words::of(&"é".repeat(MOST_BYTES));
        assert!(words.is_cut);
        assert_eq!(words.word(0).len(), MOST_BYTES / 2);
        assert!(!Words::of(&"e".repeat(MOST_BYTES)).is_cut);
    }
}
