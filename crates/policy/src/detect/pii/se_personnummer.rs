//! The personal number of Sweden.

use super::super::checksum::{luhn, part};
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;
use super::calendar;

const FORMS: &[Form] = &[
    Form::plain("999999-9999"),
    Form::plain("999999+9999"),
    Form::plain("99999999-9999"),
    Form::plain("999999999999"),
    Form::named("9999999999"),
];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "personal or coordination number of Sweden (personnummer, samordningsnummer)",
    source: "Skatteverket, SKV 704 and SKV 707",
    check: "Luhn over the last ten digits; the date of birth, its day 60 more in coordination numbers",
    caution: "ten digits without a hyphen only where a word names it",
    words: &["personnummer", "samordningsnummer", "personal number", "pnr"],
    specimen: || "personnummer 811218-9876".to_owned(),
    ..Detector::new("se_personnummer", "pii.eu", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let short = number.len() - number.len().min(10);
    let ten = number.get(short..).unwrap_or_default();
    // Of ten digits the century is not known; 2000 had all the days that a year can have.
    let year = if short == 2 { part(number, 0..4) } else { 2000 + part(ten, 0..2) };
    let day = part(ten, 4..6);
    let is_century = short == 0 || matches!(year, 1840..=2099);
    is_century && calendar::has(year, part(ten, 2..4), day % 60) && day <= 91 && luhn(ten)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_digit_and_its_date_count() {
        check("se_personnummer", "«811218-9876» «19811218-9876» «198112189876» «811228+9874»");
        check("se_personnummer", "personnummer «8112189876», coordination «701063-2391»");
        check(
            "se_personnummer",
            "811218-9875 17811218-9876 21811218-9876 811318-9876 8112189876 811218-98760 811218 9876",
        );
    }
}
