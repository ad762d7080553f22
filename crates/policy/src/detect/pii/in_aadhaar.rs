//! The identity number of a resident of India.

use super::super::checksum::verhoeff::verhoeff;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::plain("9999 9999 9999"), Form::plain("9999-9999-9999"), Form::named("999999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "identity number of a resident of India (Aadhaar)",
    source: "UIDAI, A UID Numbering Scheme",
    check: "Verhoeff; begins with 2 to 9, and is no palindrome",
    caution: "without spaces only where a word names it; one in 12 numbers written 4 4 4 is taken for one",
    words: &["aadhaar", "aadhar", "adhaar", "uidai", "uid"],
    specimen: || "Aadhaar 2341 2341 2346".to_owned(),
    ..Detector::new("in_aadhaar", "pii.in", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    number.first().is_some_and(|first| *first >= b'2')
        && !number.iter().eq(number.iter().rev())
        && verhoeff(number)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_digit_counts() {
        check("in_aadhaar", "«2341 2341 2346», «2341-2341-2346», aadhaar_no: «234123412346»");
        check("in_aadhaar", "2341 2341 2347, 1341 2341 2346, 234123412346, 2341 2341 23460");
        check("in_aadhaar", "2222 2222 2222");
    }
}
