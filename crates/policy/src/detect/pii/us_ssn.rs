//! The Social Security number of the United States.

use super::super::checksum::part;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::plain("999-99-9999"), Form::named("999 99 9999"), Form::named("999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "Social Security number of the United States",
    source: "Social Security Administration, SSN randomization",
    check: "no check digit; areas 000, 666 and 900 to 999, group 00 and serial 0000 are never issued",
    caution: "without hyphens only where a word names it; other numbers written 3-2-4 are taken for one",
    words: &["ssn", "social security", "social security number", "socialsecurity", "soc sec"],
    specimen: || "SSN 123-45-6789".to_owned(),
    ..Detector::new("us_ssn", "pii.us", Trigger::Forms(FORMS, is_issued))
};

fn is_issued(number: &[u8]) -> bool {
    let (area, group, serial) = (part(number, 0..3), part(number, 3..5), part(number, 5..9));
    area != 0 && area != 666 && area < 900 && group != 0 && serial != 0
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_is_found_as_it_is_written() {
        check("us_ssn", "his SSN is «078-05-1120», hers «219-09-9999».");
        check("us_ssn", "ssn: «123456789»; Social Security Number «123 45 6789»");
        check("us_ssn", "\"SocialSecurityNumber\":\"«123456789»\" and «123‑45‑6789»");
    }

    #[test]
    fn what_is_never_issued_or_unnamed_is_not() {
        check("us_ssn", "000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000");
        check("us_ssn", "order 123456789, 123 45 6789, 123-45-67890, A123-45-6789, 1123-45-6789");
        check("us_ssn", "lessn 123456789");
    }
}
