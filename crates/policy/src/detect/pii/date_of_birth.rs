//! A date that is said to be one of birth.

use std::ops::Range;

use super::super::alphabet;
use super::super::checksum::number;
use super::super::detector::{Detector, Strength, Trigger};
use super::super::text::Text;
use super::calendar;

const WORDS: &[&str] = &[
    "date of birth",
    "birth date",
    "birthday",
    "dob",
    "born",
    "born on",
    "geburtsdatum",
    "geboren",
    "geboren am",
    "date de naissance",
    "née le",
    "né le",
    "fecha de nacimiento",
    "data di nascita",
    "data de nascimento",
    "geboortedatum",
];

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "date of birth",
    source: "ISO 8601, and days, months and years in the orders in use",
    check: "a day of the calendar from 1900 to 2099",
    caution: "only where a word names it; months in words in English alone",
    words: WORDS,
    strength: Strength::Context,
    specimen: || "date of birth: 1974-08-12".to_owned(),
    ..Detector::new("date_of_birth", "pii.person", Trigger::Word(1..=8, find))
};

fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let range = numbers(text, word.clone()).or_else(|| with_month(text, word))?;
    (text.is_whole(&range) && text.is_named(range.start, WORDS)).then_some(range)
}

/// `1974-08-12`, `12.8.1974`, `08/12/1974`, `19740812`.
fn numbers(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let digits = text.slice(word.clone());
    if digits.len() == 8 && digits.iter().all(u8::is_ascii_digit) {
        let [year, month, day] =
            [0..4, 4..6, 6..8].map(|place| number(digits.get(place).unwrap_or_default()));
        return is_date(year, month, day).then_some(word);
    }
    let separator = text.at(word.end);
    let second = word.end + 1..text.run(word.end + 1, alphabet::digit);
    let third = second.end + 1..text.run(second.end + 1, alphabet::digit);
    if !b"-./".contains(&separator) || text.at(second.end) != separator {
        return None;
    }
    let parts = [word.clone(), second, third.clone()].map(|part| text.slice(part));
    let lengths = parts.map(<[u8]>::len);
    let [a, b, c] = parts.map(number);
    let is_valid = parts.iter().all(|part| part.iter().all(u8::is_ascii_digit))
        && match lengths {
            [4, 1..=2, 1..=2] => is_date(a, b, c),
            [1..=2, 1..=2, 4] => is_date(c, b, a) || is_date(c, a, b),
            [1..=2, 1..=2, 2] => is_date(1900 + c, b, a) || is_date(1900 + c, a, b),
            _ => false,
        };
    is_valid.then_some(word.start..third.end)
}

/// `12 August 1974`, `Aug 12, 1974`.
fn with_month(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let digits = text.run(word.start, alphabet::digit);
    let day = number(text.slice(word.start..digits));
    let is_ordinal = matches!(text.slice(digits..word.end), b"" | b"st" | b"nd" | b"rd" | b"th");
    if !is_ordinal || digits - word.start > 2 {
        return None;
    }
    let gap = |place| text.run(place, |byte| matches!(byte, b' ' | b',' | b'.'));
    let after = gap(word.end)..text.run(gap(word.end), |byte| byte.is_ascii_alphabetic());
    let (start, month, year) = match month(text.slice(after.clone())) {
        Some(month) => (word.start, month, gap(after.end)),
        None => {
            let end = text.run_back(word.start, |byte| matches!(byte, b' ' | b'.'));
            let start = text.run_back(end, |byte| byte.is_ascii_alphabetic());
            (start, month(text.slice(start..end))?, gap(word.end))
        }
    };
    let end = text.run(year, alphabet::digit);
    (end - year == 4 && is_date(number(text.slice(year..end)), month, day)).then_some(start..end)
}

fn month(word: &[u8]) -> Option<u32> {
    let start = word.get(..3)?.to_ascii_lowercase();
    let place = MONTHS.iter().position(|month| month.as_bytes() == start)?;
    (word.len() <= 9).then_some(u32::try_from(place).ok()? + 1)
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    (1900..2100).contains(&year) && calendar::has(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_has_to_be_named() {
        check("date_of_birth", "Date of birth: «1974-08-12», dob=«12.8.1974», DOB «08/12/74»");
        check("date_of_birth", "born on «12 August 1974»; her birthday is «Aug 12, 1974».");
        check(
            "date_of_birth",
            "née le «12/08/1974», {\"birthDate\":\"«19740812»\"}, dob «1st Aug. 1974»",
        );
    }

    #[test]
    fn other_dates_are_left() {
        check("date_of_birth", "1974-08-12, due 12.08.1974, adobe 1974-08-12");
        check("date_of_birth", "dob 1974-13-12, dob 31.02.1974, dob 1874-08-12, dob 1974-08-123");
    }
}
