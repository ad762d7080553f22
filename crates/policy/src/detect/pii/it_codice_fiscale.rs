//! The tax code of Italy.

use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

/// What a digit, and the letter of the same place in the alphabet, counts at an odd place.
const ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// Where digits stand, which may be replaced by letters to tell namesakes apart.
const DIGITS: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];

const FORMS: &[Form] = &[Form::plain("aaaaaaxxaxxaxxxa"), Form::plain("aaa aaa xxaxx axxxa")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "tax code of Italy (codice fiscale)",
    source: "Ministerial Decree of 23 December 1976, article 7",
    check: "check character over all others; month letter and day",
    caution: "one whose seven digits are all replaced by letters is not found",
    words: &["codice fiscale", "cod fisc", "cf"],
    specimen: || "codice fiscale RCCMNL83S18D969H".to_owned(),
    ..Detector::new("it_codice_fiscale", "pii.eu", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(code: &[u8]) -> bool {
    let Some((check, body)) = code.split_last() else { return false };
    let Some(digits) = digits(code) else { return false };
    let day = digits.get(2..4).map_or(0, |day| day.iter().fold(0, |day, digit| day * 10 + digit));
    let is_month = code.get(8).is_some_and(|month| b"ABCDEHLMPRST".contains(month));
    let sum: u32 = body
        .iter()
        .enumerate()
        .map(|(place, byte)| if place % 2 == 0 { odd(*byte) } else { even(*byte) })
        .sum();
    is_month && matches!(day, 1..=31 | 41..=71) && u32::from(check.wrapping_sub(b'A')) == sum % 26
}

/// The seven digits, each as itself or as the letter that replaces it.
fn digits(code: &[u8]) -> Option<Vec<u32>> {
    let digit = |place: usize| match code.get(place)? {
        byte @ b'0'..=b'9' => Some(u32::from(byte - b'0')),
        byte => u32::try_from(b"LMNPQRSTUV".iter().position(|letter| letter == byte)?).ok(),
    };
    DIGITS.into_iter().map(digit).collect()
}

fn even(byte: u8) -> u32 {
    u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte.wrapping_sub(b'A') })
}

fn odd(byte: u8) -> u32 {
    ODD.get(even(byte) as usize).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_character_counts() {
        check("it_codice_fiscale", "«RCCMNL83S18D969H», «rccmnl83s18d969h», «RCC MNL 83S18 D969H»");
        check("it_codice_fiscale", "«MRTMTT91D08F205J» «RSSMRA85T10A562S»");
        check("it_codice_fiscale", "RCCMNL83S18D969A RCCMNL83O18D969H RCCMNL83S18D969HH");
    }

    #[test]
    fn letters_may_stand_for_digits() {
        check("it_codice_fiscale", "«RSSMRA85T10A56NH»");
        check("it_codice_fiscale", "RSSMRA85T10A56NS");
    }
}
