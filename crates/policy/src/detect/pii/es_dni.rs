//! The identity number of a citizen of Spain.

use super::super::checksum::part;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

/// The control letter of each remainder by 23.
const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

const FORMS: &[Form] =
    &[Form::plain("99999999a"), Form::plain("99999999-a"), Form::plain("99.999.999-a")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "identity number of a citizen of Spain (DNI)",
    source: "Royal Decree 1553/2005; Ministry of the Interior, control letter of the NIF",
    check: "the letter is that of the remainder by 23",
    caution: "one in 26 numbers of eight digits and a letter is taken for one",
    words: &["dni", "nif", "documento nacional de identidad"],
    specimen: || "DNI 54362315K".to_owned(),
    ..Detector::new("es_dni", "pii.eu", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    number.last() == Some(&letter(part(number, 0..8)))
}

/// The control letter of a number.
pub(super) fn letter(number: u32) -> u8 {
    LETTERS.get(number as usize % 23).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_letter_counts() {
        check("es_dni", "«54362315K» «54362315-K» «54.362.315-k» «12345678Z»");
        check("es_dni", "54362315Z 054362315K 5436231K 54362315KX");
    }
}
