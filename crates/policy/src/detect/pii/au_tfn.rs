//! The tax file number of Australia.

use super::super::checksum::{is_uniform, weighted};
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::named("999 999 999"), Form::named("999-999-999"), Form::named("999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "tax file number of Australia (TFN)",
    source: "Australian Taxation Office, TFN algorithm",
    check: "modulus 11, weights 1, 4, 3, 7, 5, 8, 6, 9, 10",
    caution: "only where a word names it, since one number of nine digits in eleven passes; older ones of eight digits are not found",
    words: &["tfn", "tax file number", "tax file no"],
    specimen: || "TFN 123 456 782".to_owned(),
    ..Detector::new("au_tfn", "pii.au", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    weighted(number, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11) && !is_uniform(number)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_has_to_be_named_and_its_check_digit_counts() {
        check("au_tfn", "TFN «123 456 782», tax_file_number=«123456782»");
        check("au_tfn", "123 456 782; TFN 123 456 783; TFN 1234567820");
    }
}
