//! The Medicare number of Australia.

use super::super::checksum::{part, weighted};
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::plain("9999 99999 9"), Form::plain("9999-99999-9"), Form::named("9999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "Medicare number of Australia",
    source: "Services Australia; METeOR 270101",
    check: "modulus 10, weights 1, 3, 7, 9; begins with 2 to 6, and the issue is none of 0",
    caution: "without spaces only where a word names it; the reference within the card is not part of it",
    words: &["medicare", "medicare number", "medicare card", "medicare no"],
    specimen: || "Medicare 2123 45670 1".to_owned(),
    ..Detector::new("au_medicare", "pii.au", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let sum = weighted(number, &[1, 3, 7, 9, 1, 3, 7, 9]);
    matches!(part(number, 0..1), 2..=6)
        && sum % 10 == part(number, 8..9)
        && part(number, 9..10) != 0
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_digit_counts() {
        check("au_medicare", "«2123 45670 1», Medicare no «2123456701»");
        check("au_medicare", "2123 45671 1, 1123 45670 1, 2123 45670 0, 2123456701");
    }
}
