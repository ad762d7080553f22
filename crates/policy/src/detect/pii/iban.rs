//! The international number of a bank account.

use std::ops::Range;

use super::super::checksum::mod97;
use super::super::detector::{Detector, Trigger};
use super::super::form::separator_length;
use super::super::text::Text;
use super::country;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "international bank account number (IBAN)",
    source: "ISO 13616-1; lengths of the SWIFT IBAN Registry",
    check: "ISO 7064 MOD 97-10; the length of its country",
    caution: "the form of the national part is not looked at",
    words: &["iban"],
    specimen: || "IBAN DE89 3704 0044 0532 0130 00".to_owned(),
    ..Detector::new("iban", "pii.finance", Trigger::Word(4..=34, find))
};

/// The longest that a registry may allow (ISO 13616-1 section 5.1).
const MOST: usize = 34;

fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let mut account = [0_u8; MOST];
    if !text.at(word.start).is_ascii_alphabetic() {
        return None;
    }
    let country =
        [text.at(word.start), text.at(word.start + 1)].map(|byte| byte.to_ascii_uppercase());
    let length = country::iban_length(country)?;
    let mut place = word.start;
    for (read, character) in account.iter_mut().take(length).enumerate() {
        if read > 0 {
            let separator =
                [b' ', b'-'].into_iter().find_map(|sign| separator_length(text, place, sign));
            place += separator.unwrap_or(0);
        }
        let byte = text.at(place);
        let is_fitting = if matches!(read, 2 | 3) {
            byte.is_ascii_digit()
        } else {
            byte.is_ascii_alphanumeric()
        };
        if !is_fitting {
            return None;
        }
        *character = byte.to_ascii_uppercase();
        place += 1;
    }
    let (head, tail) = account.get(..length)?.split_at_checked(4)?;
    let range = word.start..place;
    (mod97(tail.iter().chain(head)) == 1 && text.is_whole(&range)).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn examples_of_the_registry_are_found() {
        for number in [
            "DE89370400440532013000",
            "GB29 NWBK 6016 1331 9268 19",
            "FR14 2004 1010 0505 0001 3M02 606",
            "NO93 8601 1117 947",
            "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
            "LC55HEMM000100010012001200023015",
            "CH93-0076-2011-6238-5295-7",
            "nl91abna0417164300",
        ] {
            check("iban", &format!("pay «{number}» today"));
        }
    }

    #[test]
    fn its_check_digits_and_its_length_count() {
        check("iban", "DE88370400440532013000 DE8937040044053201300 DE893704004405320130000");
        check("iban", "XX89370400440532013000 NO93 8601 1117 9470 DEX9370400440532013000");
    }
}
