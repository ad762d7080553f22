//! The words of a text, in the form in which they are compared.

use std::borrow::Cow;

use bounden_base::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::fingerprint::Fingerprint;

/// Least weight of what is known again inside a longer text, in tenths of a
/// bit: five digits, or six letters. Anything less is compared as a whole.
const LEAST_WEIGHT: usize = 150;
/// Least number of different characters in it.
const LEAST_DIFFERENT: usize = 3;
/// Words that are kept together, so that a value is not pieced together.
const MOST_TOGETHER: usize = 3;
/// Most groups that one number is written in, such as those of an IBAN.
const MOST_GROUPS: usize = 9;
/// Longest of such groups, in characters.
const LONGEST_GROUP: usize = 8;

/// Longest group of letters alone.
const LONGEST_LETTERS: usize = 4;

/// A text as words.
#[derive(Debug)]
pub(super) struct Words<'t> {
    text: &'t str,
    words: Vec<Word<'t>>,
}

#[derive(Clone, Copy, Debug)]
struct Word<'t> {
    text: &'t str,
    /// Whether one space is all that stands between this word and the one before.
    follows: bool,
}

/// The forms of a text that are compared: as it was given, and without what only
/// looks different. Case and width of spaces mean nothing in either.
pub(super) fn forms(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return vec![text.to_ascii_lowercase()];
    }
    let given: String = text.nfc().collect::<String>().to_lowercase();
    let plain: String = text.chars().filter(|c| !is_invisible(*c)).nfkc().collect();
    let plain = plain.to_lowercase();
    if plain == given { vec![given] } else { vec![given, plain] }
}

/// Characters that change how a text is joined or ordered, and are not seen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

impl<'t> Words<'t> {
    /// Splits a text at spaces, quotes, brackets and the marks of lists.
    pub(super) fn of(text: &'t str) -> Self {
        let mut words = Vec::new();
        let mut end_of_last = None;
        let ends_word = |c: char| c.is_whitespace() || "\"'`()[]{}<>,;|=“”‘’«»、。「」".contains(c);
        let mut at = 0;
        for part in text.split(ends_word) {
            let follows = end_of_last.is_some_and(|end| text.get(end..at) == Some(" "));
            if !part.is_empty() {
                words.push(Word { text: without_full_stop(part), follows });
                end_of_last = Some(at + part.len());
            }
            let separator = text.get(at + part.len()..).and_then(|rest| rest.chars().next());
            at += part.len() + separator.map_or(0, char::len_utf8);
        }
        Self { text, words }
    }

    /// Everything that is kept of the text; ends with the first that there is no room for.
    pub(super) fn each(&self, keep: &mut dyn FnMut(Fingerprint) -> Option<()>) -> Option<()> {
        if !self.is_telling() {
            keep(self.whole())?;
            if let Some(number) = plain_number(self.text.trim()) {
                keep(Fingerprint::of_whole(&number))?;
            }
        }
        for length in 1..=MOST_TOGETHER {
            for together in self.words.windows(length) {
                if length > 1 || together.iter().all(|word| is_telling(word.text.chars())) {
                    keep(print(together))?;
                }
            }
        }
        for word in &self.words {
            if let Some(number) =
                plain_number(word.text).filter(|number| is_telling(number.chars()))
            {
                keep(Fingerprint::of_words([number.as_ref()]))?;
            }
        }
        self.groups(keep)
    }

    /// Numbers that are written in groups, without what stands between these.
    fn groups(&self, keep: &mut dyn FnMut(Fingerprint) -> Option<()>) -> Option<()> {
        for (start, first) in self.words.iter().enumerate() {
            let mut joined = String::new();
            for (place, word) in self.words.iter().skip(start).take(MOST_GROUPS).enumerate() {
                let goes_on = place > 0 && word.follows && is_letters(word.text);
                if !(is_group(word.text) && (place == 0 || word.follows) || goes_on) {
                    break;
                }
                joined.extend(word.text.chars().filter(|c| *c != '-'));
                if is_telling(joined.chars()) && joined != first.text {
                    keep(Fingerprint::of_words([joined.as_str()]))?;
                }
                if word.text.chars().count() > LONGEST_GROUP {
                    break;
                }
            }
        }
        Some(())
    }

    /// What has to be known of a value for all of it to be known.
    pub(super) fn parts(&self) -> impl Iterator<Item = Fingerprint> {
        let whole = (!self.is_telling()).then(|| self.whole());
        let length = match whole {
            Some(_) => usize::MAX,
            None => self.words.len().clamp(1, MOST_TOGETHER),
        };
        whole.into_iter().chain(self.words.windows(length).map(print))
    }

    /// A number that is written in groups, as one word.
    pub(super) fn compact(&self) -> Option<Fingerprint> {
        let mut words = self.words.iter().map(|word| word.text);
        let are_groups = words.next().is_some_and(is_group)
            && words.all(|word| is_group(word) || is_letters(word));
        let joined: String =
            self.words.iter().flat_map(|word| word.text.chars()).filter(|c| *c != '-').collect();
        (are_groups && is_telling(joined.chars())).then(|| Fingerprint::of_words([joined.as_str()]))
    }

    /// Words that name one thing, such as an address or an account, rather than say something.
    pub(super) fn names(&self) -> impl Iterator<Item = Fingerprint> {
        let is_name = |word: &&Word<'_>| {
            is_telling(word.text.chars()) && !word.text.chars().all(char::is_alphabetic)
        };
        self.words.iter().filter(is_name).map(|word| Fingerprint::of_words([word.text]))
    }

    fn is_telling(&self) -> bool {
        is_telling(self.words.iter().flat_map(|word| word.text.chars()))
    }

    fn whole(&self) -> Fingerprint {
        Fingerprint::of_whole(&self.text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn print(together: &[Word<'_>]) -> Fingerprint {
    Fingerprint::of_words(together.iter().map(|word| word.text))
}

/// Whether characters say enough to be known again inside a longer one.
fn is_telling(characters: impl Iterator<Item = char>) -> bool {
    let mut weight = 0;
    let mut different: Vec<char> = Vec::new();
    for c in characters.filter(|c| !c.is_whitespace()) {
        weight += match c {
            '0'..='9' => 33,
            'a'..='z' | 'A'..='Z' => 25,
            c if c.is_alphanumeric() => 40,
            _ => 10,
        };
        if different.len() < LEAST_DIFFERENT && !different.contains(&c) {
            different.push(c);
        }
        if weight >= LEAST_WEIGHT && different.len() == LEAST_DIFFERENT {
            return true;
        }
    }
    false
}

/// A word at the end of a sentence; what ends with two dots or `/.` is a path.
fn without_full_stop(word: &str) -> &str {
    match word.strip_suffix(['.', ':', '!', '?', '…']) {
        Some(rest) if !rest.is_empty() && !rest.ends_with(['.', '/']) => rest,
        _ => word,
    }
}

/// A group of a number: letters, digits and dashes, with a digit among them.
fn is_group(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
        && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '+'))
}

/// Letters inside a number, such as the name of a bank in an IBAN.
fn is_letters(word: &str) -> bool {
    word.len() <= LONGEST_LETTERS && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The canonical text of a number, with or without the sign of a currency.
fn plain_number(word: &str) -> Option<Cow<'_, str>> {
    let digits = word.trim_start_matches(['$', '€', '£', '¥']);
    let number: Decimal = digits.parse().ok()?;
    let number = number.to_string();
    Some(if number == word { Cow::Borrowed(word) } else { Cow::Owned(number) })
}
