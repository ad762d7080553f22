//! The account number of a taxpayer in India.

use super::super::checksum::part;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] = &[Form::plain("AAAAA9999A"), Form::named("aaaaa9999a")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "permanent account number of a taxpayer in India (PAN)",
    source: "Income Tax Department; the fourth letter says who holds it",
    check: "letters and digits at their places, the fourth letter; how the last one is reckoned is not published",
    caution: "in small letters only where a word names it; codes of the same form are found too",
    words: &["pan", "pan number", "pan card", "permanent account number"],
    specimen: || "PAN ACUPA7085R".to_owned(),
    ..Detector::new("in_pan", "pii.in", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let is_holder = number.get(3).is_some_and(|holder| b"ABCFGHJKLPT".contains(holder));
    is_holder && part(number, 5..9) != 0
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_fourth_letter_counts() {
        check("in_pan", "«ACUPA7085R», pan: «acupa7085r»");
        check("in_pan", "ACUXA7085R ACUPA0000R ACUPA7085 XACUPA7085R acupa7085r");
    }
}
