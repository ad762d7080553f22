//! The identity number of a foreigner in Spain.

use super::super::checksum::part;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;
use super::es_dni::letter;

const FORMS: &[Form] =
    &[Form::plain("a9999999a"), Form::plain("a-9999999-a"), Form::plain("a9999999-a")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "identity number of a foreigner in Spain (NIE)",
    source: "Order INT/2058/2008; X, Y and Z count as 0, 1 and 2",
    check: "the letter is that of the remainder by 23",
    caution: "one in 26 numbers that begin with X, Y or Z and are of this form is taken for one",
    words: &["nie", "nif", "número de identidad de extranjero"],
    specimen: || "NIE X2482300W".to_owned(),
    ..Detector::new("es_nie", "pii.eu", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let first = match number.first() {
        Some(b'X') => 0,
        Some(b'Y') => 10_000_000,
        Some(b'Z') => 20_000_000,
        _ => return false,
    };
    number.last() == Some(&letter(first + part(number, 1..8)))
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_letter_counts() {
        check("es_nie", "«X2482300W» «x-2482300-w» «Y1234567X» «Z1234567R»");
        check("es_nie", "X2482300A W2482300W XX2482300W X2482300WW");
    }
}
