//! The number of a passport of the United States.

use super::super::detector::{Detector, Strength, Trigger};
use super::super::form::Form;

const FORMS: &[Form] = &[Form::named("999999999"), Form::named("A99999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "number of a passport of the United States",
    source: "U.S. Department of State; nine digits, or since 2021 a letter and eight digits",
    check: "none",
    caution: "only where a word names it; a passport of another country that looks the same is found too",
    words: &["passport", "passport number", "passport no", "passeport", "reisepass", "pasaporte"],
    strength: Strength::Context,
    specimen: || "passport no. C03005988".to_owned(),
    ..Detector::new("us_passport", "pii.person", Trigger::Forms(FORMS, |_| true))
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_has_to_be_named() {
        check("us_passport", "Passport No. «C03005988», passportNumber=«340020013»");
        check("us_passport", "C03005988 and 340020013; passport C0300598 3400200134");
    }
}
