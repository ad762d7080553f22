//! The Employer Identification Number of the United States.

use super::super::checksum::part;
use super::super::detector::{Detector, Strength, Trigger};
use super::super::form::Form;

const FORMS: &[Form] = &[Form::named("99-9999999"), Form::named("999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "Employer Identification Number of the United States",
    source: "IRS, valid EIN prefixes",
    check: "no check digit; the first two digits are those of a campus that issues them",
    caution: "only where a word names it",
    words: &["ein", "fein", "employer identification number", "employer id", "federal tax id"],
    strength: Strength::Context,
    specimen: || "EIN 12-3456789".to_owned(),
    ..Detector::new("us_ein", "pii.us", Trigger::Forms(FORMS, is_issued))
};

fn is_issued(number: &[u8]) -> bool {
    matches!(
        part(number, 0..2),
        1..=6 | 10..=16 | 20..=27 | 30..=48 | 50..=68 | 71..=77 | 80..=88 | 90..=95 | 98 | 99
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_has_to_be_named() {
        check("us_ein", "EIN: «12-3456789», Employer ID «911144442»");
        check("us_ein", "12-3456789, EIN 07-3456789");
        check("us_ein", "the reins 12-3456789");
    }
}
