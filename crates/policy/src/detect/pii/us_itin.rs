//! The Individual Taxpayer Identification Number of the United States.

use super::super::checksum::part;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::plain("999-99-9999"), Form::named("999 99 9999"), Form::named("999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "Individual Taxpayer Identification Number of the United States",
    source: "IRS, Internal Revenue Manual 3.21.263",
    check: "no check digit; begins with 9, the group is 50 to 65, 70 to 88, 90 to 92 or 94 to 99",
    caution: "without hyphens only where a word names it",
    words: &["itin", "taxpayer identification number", "taxpayer id", "tax id", "tin"],
    specimen: || "ITIN 912-70-1234".to_owned(),
    ..Detector::new("us_itin", "pii.us", Trigger::Forms(FORMS, is_issued))
};

fn is_issued(number: &[u8]) -> bool {
    number.first() == Some(&b'9')
        && matches!(part(number, 3..5), 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_is_told_by_its_group() {
        check("us_itin", "«912-70-1234» itin «912901234»");
        check("us_itin", "912-93-1234 912-49-1234 812-70-1234 912901234 marTIN912901234");
    }
}
