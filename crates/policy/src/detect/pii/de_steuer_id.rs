//! The tax identification number of Germany.

use super::super::checksum::mod11_10;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] = &[Form::plain("99999999999"), Form::plain("99 999 999 999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "tax identification number of Germany (Steuer-ID)",
    source: "section 139b of the Abgabenordnung; BZSt, Steuerliche Identifikationsnummer",
    check: "ISO 7064 MOD 11,10; of the first ten digits exactly one occurs twice or three times",
    caution: "one in 310 numbers of eleven digits is taken for one",
    words: &["steuer id", "steueridentifikationsnummer", "idnr", "steuernummer", "tin", "tax id"],
    specimen: || "Steuer-ID 36 574 261 809".to_owned(),
    ..Detector::new("de_steuer_id", "pii.eu", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let body = number.get(..10).unwrap_or_default();
    let times = |digit: u8| body.iter().filter(|other| **other == digit).count();
    let repeated: Vec<u8> = (b'0'..=b'9').filter(|digit| times(*digit) > 1).collect();
    let [repeated] = repeated.as_slice() else { return false };
    let in_a_row = body.windows(3).any(|three| three == [*repeated; 3]);
    number.first() != Some(&b'0') && times(*repeated) <= 3 && !in_a_row && mod11_10(number)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_digit_and_its_one_repeated_digit_count() {
        check("de_steuer_id", "IdNr «36574261809», «36 574 261 809»");
        check("de_steuer_id", "36574261808 06574261809 365742618090 12345678903 x36574261809");
    }
}
