//! The social security number of France.

use super::super::checksum::part;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] = &[Form::plain("999999x99999999"), Form::plain("9 99 99 9x 999 999 99")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "social security number of France (NIR)",
    source: "INSEE, decree 82-103; Corsican departments 2A and 2B count as 19 and 18",
    check: "key of two digits: 97 less the remainder by 97; sex and month",
    caution: "not found without its key",
    words: &["nir", "numéro de sécurité sociale", "sécurité sociale", "insee"],
    specimen: || "NIR 2 94 03 75 120 005 91".to_owned(),
    ..Detector::new("fr_nir", "pii.eu", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let mut body = number.get(..13).unwrap_or_default().to_vec();
    if let Some(department) = body.get_mut(5..7) {
        match department {
            [b'2', b'A'] => department.copy_from_slice(b"19"),
            [b'2', b'B'] => department.copy_from_slice(b"18"),
            _ => {}
        }
    }
    if !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let is_sex = body.first().is_some_and(|sex| b"123478".contains(sex));
    let is_month = matches!(part(&body, 3..5), 1..=12 | 20 | 30..=42 | 50..=99);
    let rest = u64::from(part(&body, 0..7)) * 1_000_000 + u64::from(part(&body, 7..13));
    is_sex && is_month && 97 - rest % 97 == u64::from(part(number, 13..15))
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_key_counts_in_corsica_too() {
        check("fr_nir", "«2 94 03 75 120 005 91», «294037512000591», «253072B07300470»");
        check("fr_nir", "294037512000592 994037512000591 294137512000591 253072C07300470");
    }
}
