//! The Social Insurance Number of Canada.

use super::super::checksum::luhn;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::plain("999-999-999"), Form::named("999 999 999"), Form::named("999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "Social Insurance Number of Canada (SIN)",
    source: "Employment and Social Development Canada, SIN Code of Practice",
    check: "Luhn; none begins with 0 or 8",
    caution: "without hyphens only where a word names it, since large amounts are written with spaces too",
    words: &["sin", "sin number", "social insurance", "social insurance number"],
    specimen: || "SIN 123-456-782".to_owned(),
    ..Detector::new("ca_sin", "pii.ca", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    number.first().is_some_and(|first| !b"08".contains(first)) && luhn(number)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_digit_counts() {
        check("ca_sin", "«123-456-782», SIN «123 456 782», sin=«123456782»");
        check("ca_sin", "123-456-789 046-454-286 123456782 123 456 782 123-456-7820");
        check("ca_sin", "using 123456782");
    }
}
