//! The National Insurance number of the United Kingdom.

use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] = &[
    Form::plain("AA999999A"),
    Form::plain("AA 99 99 99 A"),
    Form::plain("AA-99-99-99-A"),
    Form::plain("AA 999999 A"),
    Form::named("aa999999a"),
];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "National Insurance number of the United Kingdom",
    source: "HMRC, National Insurance Manual NIM39110",
    check: "no check digit; letters and prefixes that are never used, suffix A to D",
    caution: "in small letters only where a word names it; part numbers of the same form are found too",
    words: &["nino", "ni number", "ni no", "national insurance", "national insurance number"],
    specimen: || "NINO AB 12 34 56 C".to_owned(),
    ..Detector::new("uk_nino", "pii.uk", Trigger::Forms(FORMS, is_issued))
};

fn is_issued(number: &[u8]) -> bool {
    let [first, second, ..] = number else { return false };
    !b"DFIQUV".contains(first)
        && !b"DFIOQUV".contains(second)
        && ![b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"].contains(&&[*first, *second])
        && number.last().is_some_and(|suffix| (b'A'..=b'D').contains(suffix))
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_is_found_as_it_is_written() {
        check("uk_nino", "ab123456c, «AB123456C», «AB 12 34 56 C», NI number «ab123456c»");
    }

    #[test]
    fn what_is_never_issued_is_not() {
        check("uk_nino", "QQ123456C DA123456C AO123456C GB123456C ZZ123456C AB123456E");
        check("uk_nino", "AB1234567C XAB123456C AB123456CD AB 12 34 567 C");
    }
}
