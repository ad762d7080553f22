//! The NHS number of England, Wales and the Isle of Man.

use super::super::checksum::{is_uniform, last, weighted};
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::plain("999 999 9999"), Form::named("999-999-9999"), Form::named("9999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "NHS number of a patient",
    source: "NHS Data Dictionary, NHS NUMBER",
    check: "modulus 11, weights 10 to 2",
    caution: "without spaces only where a word names it; one in 11 telephone numbers that are written 3 3 4 is taken for one",
    words: &["nhs", "nhs number", "nhs no", "patient number", "patient id"],
    specimen: || "NHS number 943 476 5919".to_owned(),
    ..Detector::new("uk_nhs", "pii.uk", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let sum = weighted(number, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) + last(number);
    sum.is_multiple_of(11) && !is_uniform(number)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_digit_counts() {
        check("uk_nhs", "«943 476 5919» and «943 476 5870», nhs_number=«9434765919»");
        check("uk_nhs", "943 476 5918, 9434765919, 943 476 59190, 111 111 1111");
    }
}
