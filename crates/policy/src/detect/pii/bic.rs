//! The code of a bank.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Strength, Trigger};
use super::super::text::Text;
use super::super::value;
use super::country;

const NAMES: &[&str] = &["BIC", "SWIFT", "Bic", "Swift", "bic", "swift"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "code of a bank (BIC, SWIFT)",
    source: "ISO 9362, with the country codes of ISO 3166-1",
    check: "the letters of the bank, the country, eight or eleven characters",
    caution: "only where a word names it; a bank, not a person, unless beside an account",
    words: &["bic", "bic code", "swift", "swift code", "swift bic"],
    strength: Strength::Context,
    member: Some(|text| at(text, 0).filter(|range| range.end == text.len())),
    specimen: || "BIC DEUTDEFF500".to_owned(),
    ..Detector::new("bic", "pii.finance", Trigger::Literal(NAMES, find))
};

fn find(text: Text<'_>, name: Range<usize>) -> Option<Range<usize>> {
    if text.goes_on_before(name.start) {
        return None;
    }
    // `BIC`, `SWIFT/BIC`, `swift_code`: up to the value stands no more than a word.
    let gap = text.run(name.end, |byte| matches!(byte, b' ' | b'_' | b'-' | b'/'));
    let word = text.run(gap, |byte| byte.is_ascii_lowercase());
    let is_sure = |place: usize, start: usize| {
        // Swift is also a word; as a name it is in capitals, or a sign follows.
        text.at(name.end - 1).is_ascii_uppercase()
            || text.slice(place..start).iter().any(|byte| b":=".contains(byte))
            || text.slice(gap..word) == b"code"
    };
    [name.end, word].into_iter().find_map(|place| {
        let start = value::start(text, place);
        at(text, start).filter(|_| is_sure(place, start))
    })
}

fn at(text: Text<'_>, start: usize) -> Option<Range<usize>> {
    let range = start..text.run(start, alphabet::alphanumeric);
    let code = text.slice(range.clone());
    let is_fitting = matches!(code.len(), 8 | 11)
        && code.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && code.get(..4).is_some_and(|bank| bank.iter().all(u8::is_ascii_uppercase))
        && code.get(4..6).is_some_and(country::is_country);
    (is_fitting && text.is_whole(&range)).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_has_to_be_named() {
        check("bic", "BIC: «DEUTDEFF500», SWIFT code «NEDSZAJJ», {\"bic\":\"«DEUTDEFF»\"}");
        check("bic", "SWIFT/BIC «DEUTDEFF»; bic=«NEDSZAJJXXX»");
        check("bic", "DEUTDEFF500 BIC DEUTXXFF BIC DEUTDEFF50 a swift OVERVIEW BICDEUTDEFF");
        check("bic", "Arabic DEUTDEFF");
    }
}
