//! The number of a payment card.

use std::ops::Range;

use super::super::alphabet;
use super::super::checksum::{luhn, part};
use super::super::detector::{Detector, Trigger};
use super::super::form::{Characters, separator_length};
use super::super::text::Text;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "number of a payment card",
    source: "ISO/IEC 7812-1; issuer identification ranges as the networks publish them",
    check: "Luhn; the ranges and lengths of American Express, Diners Club, Discover, JCB, Maestro, Mastercard, Mir, RuPay, Troy, UnionPay and Visa",
    caution: "one in 24 numbers of sixteen digits is taken for one; what stands in groups begins with four or six digits",
    words: &["card", "card number", "credit card", "debit card", "pan", "cc"],
    specimen: || "card 4111 1111 1111 1111".to_owned(),
    ..Detector::new("card", "pii.finance", Trigger::Word(4..=19, find))
};

/// Lengths of card numbers (ISO/IEC 7812-1 section 4.1; no network has shorter ones).
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=19;

/// The longest card that begins with this word. Other numbers may follow, such
/// as its expiry date.
fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let mut number = Characters::default();
    let mut place = word.start;
    let mut separator = None;
    let mut found = None;
    for group in 0.. {
        let end = text.run(place, alphabet::digit);
        let digits = text.slice(place..end);
        if digits.iter().try_for_each(|digit| number.push(*digit)).is_none() {
            break;
        }
        if end == place || (group == 0 && !matches!(end - place, 4 | 6 | 12..=19)) {
            break;
        }
        if LENGTHS.contains(&number.len()) && is_card(number.as_bytes()) {
            found = Some(word.start..end).filter(|range| text.is_whole(range)).or(found);
        }
        let next = [b' ', b'-', b'.']
            .into_iter()
            .find_map(|sign| Some((sign, separator_length(text, end, sign)?)));
        let Some((sign, length)) = next else { break };
        // One card is written with one separator, and in groups of three digits or more but for the last.
        if *separator.get_or_insert(sign) != sign || (group > 0 && end - place < 3) || group > 4 {
            break;
        }
        if number.len() >= *LENGTHS.end() {
            break;
        }
        place = end + length;
    }
    found
}

fn is_card(number: &[u8]) -> bool {
    is_issued(number) && luhn(number)
}

/// Whether a network issues such numbers at this length.
fn is_issued(number: &[u8]) -> bool {
    let length = number.len();
    let [two, three, four, six] = [2, 3, 4, 6].map(|digits| part(number, 0..digits));
    match number.first() {
        // Visa
        Some(b'4') => matches!(length, 13 | 16 | 19),
        // Mastercard, and Mir from 2200
        Some(b'2') => match four {
            2221..=2720 => length == 16,
            2200..=2204 => (16..=19).contains(&length),
            _ => false,
        },
        Some(b'3') => match (two, three, four) {
            // American Express
            (34 | 37, ..) => length == 15,
            // JCB
            (.., 3528..=3589) => (16..=19).contains(&length),
            // Diners Club
            (36 | 38 | 39, ..) | (_, 300..=305, _) | (.., 3095) => (14..=19).contains(&length),
            _ => false,
        },
        Some(b'5') => match two {
            // Mastercard
            51..=55 => length == 16,
            // Maestro, and RuPay from 508
            50 | 56..=59 => LENGTHS.contains(&length),
            _ => false,
        },
        Some(b'6') => match (two, three, four, six) {
            // Discover, UnionPay
            (65, ..) | (_, 644..=649, ..) | (_, _, 6011, _) | (62, ..) => {
                (16..=19).contains(&length)
            }
            // Maestro, and RuPay from 60
            (.., 600_000..=699_999) => LENGTHS.contains(&length),
            _ => false,
        },
        // UnionPay and RuPay
        Some(b'8') => matches!(two, 81 | 82) && (16..=19).contains(&length),
        // Troy
        Some(b'9') => four == 9792 && length == 16,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn test_numbers_of_every_network_are_found() {
        for number in [
            "4111111111111111",
            "4222222222222",
            "5555555555554444",
            "5105105105105100",
            "2223003122003222",
            "2200770212727079",
            "378282246310005",
            "371449635398431",
            "30569309025904",
            "38520000023237",
            "3566002020360505",
            "6011111111111117",
            "6500000000000002",
            "6200000000000005",
            "6304000000000000",
            "6759649826438453",
            "5018000000000009",
            "9792030000000000",
            "8171999927660000",
        ] {
            check("card", &format!("paid with «{number}»."));
        }
    }

    #[test]
    fn it_is_found_however_it_is_grouped() {
        check("card", "«4111 1111 1111 1111» «4111-1111-1111-1111» «4111.1111.1111.1111»");
        check(
            "card",
            "«3782 822463 10005», «4111\u{a0}1111\u{a0}1111\u{a0}1111», «4111–1111–1111–1111»",
        );
        check("card", "«4111 1111 1111 1111» 12/27 and «4111 1111 1111 1111» 123");
        check("card", "order 12 «4111111111111111», «4111111111111111» «5555555555554444»");
        check("card", "电话«4111111111111111»、1,«4111111111111111»,5");
    }

    #[test]
    fn near_misses_are_left() {
        check("card", "4111-1111-1111-1112 4111111111111112 41111111111111112222222");
        check("card", "x4111111111111111 4111111111111111x 4111111111111111_1 0.4111111111111111");
        check("card", "1111111111111117 7111111111111115 0000000000000000 4111 1111-1111 1111");
        check("card", "41 11 11 11 11 11 11 11 and 4111111111111111.5");
    }
}
