//! The citizen service number of the Netherlands.

use super::super::checksum::{is_uniform, last, weighted};
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::named("999999999"), Form::named("9999.99.999"), Form::named("999 999 999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "citizen service number of the Netherlands (BSN)",
    source: "Logisch Ontwerp BSN, the eleven test (elfproef)",
    check: "modulus 11, weights 9 to 2 and -1",
    caution: "only where a word names it, since one number of nine digits in eleven passes the check",
    words: &["bsn", "burgerservicenummer", "sofinummer", "sofi nummer", "citizen service number"],
    specimen: || "BSN 111222333".to_owned(),
    ..Detector::new("nl_bsn", "pii.eu", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let sum = weighted(number, &[9, 8, 7, 6, 5, 4, 3, 2]) + 10 * last(number);
    sum.is_multiple_of(11) && !is_uniform(number)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_has_to_be_named_and_its_check_digit_counts() {
        check("nl_bsn", "BSN: «111222333», burgerservicenummer «1234.56.782»");
        check("nl_bsn", "111222333; BSN 111252333; bsn 1112223330");
    }
}
