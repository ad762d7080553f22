//! The social security number of Switzerland.

use super::super::checksum::ean;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] = &[
    Form::plain("999.9999.9999.99"),
    Form::plain("999 9999 9999 99"),
    Form::plain("9999999999999"),
];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "social security number of Switzerland (AHV, AVS)",
    source: "ZAS, NAVS13; EAN-13 with the country code 756",
    check: "EAN-13; begins with 756",
    caution: "a bar code of a Swiss product is never one of these, since Swiss goods bear 76",
    words: &["ahv", "avs", "ahvn13", "navs13"],
    specimen: || "AHV 756.1234.5678.97".to_owned(),
    ..Detector::new("ch_ahv", "pii.ch", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    number.starts_with(b"756") && ean(number)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_digit_counts() {
        check("ch_ahv", "«756.1234.5678.97» «756 9217 0769 85» «7569217076985»");
        check("ch_ahv", "756.1234.5678.98 757.1234.5678.97 75612345678970");
    }
}
