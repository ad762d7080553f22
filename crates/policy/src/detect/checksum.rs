//! Check digits and characters that several formats share.

pub(super) mod base58;
pub(super) mod base62;
pub(super) mod bech32;
pub(super) mod eip55;
pub(super) mod verhoeff;

/// The values of the digits; other bytes are passed over.
pub(super) fn digits(number: &[u8]) -> impl DoubleEndedIterator<Item = u32> + Clone + '_ {
    number.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'))
}

/// The number that these digits write; the first nine of more.
pub(super) fn number(digits_: &[u8]) -> u32 {
    digits(digits_).take(9).fold(0, |number, digit| number * 10 + digit)
}

/// The number that stands at these places.
pub(super) fn part(digits: &[u8], places: std::ops::Range<usize>) -> u32 {
    number(digits.get(places).unwrap_or_default())
}

/// The digits, each multiplied by its weight, added up.
pub(super) fn weighted(number: &[u8], weights: &[u32]) -> u32 {
    digits(number).zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The last digit.
pub(super) fn last(number: &[u8]) -> u32 {
    digits(number).next_back().unwrap_or(0)
}

/// Whether all digits are the same.
pub(super) fn is_uniform(number: &[u8]) -> bool {
    number.iter().all(|digit| Some(digit) == number.first())
}

/// ISO/IEC 7812-1 annex B (Luhn): every second digit from the right is doubled.
pub(super) fn luhn(number: &[u8]) -> bool {
    let sum: u32 = digits(number)
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// ISO 7064 MOD 97-10: the remainder of a number in which a letter counts as
/// two digits, A as 10 to Z as 35.
pub(super) fn mod97<'b>(characters: impl IntoIterator<Item = &'b u8>) -> u32 {
    characters.into_iter().fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => rest,
    })
}

/// ISO 7064 MOD 11,10, the hybrid system.
pub(super) fn mod11_10(number: &[u8]) -> bool {
    let Some((_, body)) = number.split_last() else { return false };
    let product = digits(body).fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (product + last(number)) % 10 == 1
}

/// GS1 (EAN): weights 1 and 3 in turn from the right.
pub(super) fn ean(number: &[u8]) -> bool {
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = digits(number).rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10)
}

/// ICAO 9303 part 3 section 4.9: weights 7, 3, 1 in turn; `<` counts nothing.
pub(super) fn icao(characters: &[u8]) -> u32 {
    let weights = [7, 3, 1].into_iter().cycle();
    let values = characters.iter().map(|byte| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    });
    values.zip(weights).map(|(value, weight)| value * weight).sum::<u32>() % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold_and_their_neighbours_do_not() {
        assert!(luhn(b"4111111111111111") && !luhn(b"4111111111111112"));
        assert!(luhn(b"79927398713") && !luhn(b"79927398714"));
        assert!(mod11_10(b"07945") && !mod11_10(b"07946"));
        assert!(ean(b"4006381333931") && !ean(b"4006381333932"));
        assert_eq!(mod97(b"3214282912345698765432161182"), 1);
        assert_eq!(icao(b"D23145890"), 7);
        assert_eq!(icao(b"AB2134<<<"), 5);
        assert!(!mod11_10(b""));
    }

    #[test]
    fn every_single_wrong_digit_is_noticed() {
        for (check, number) in [
            (luhn as fn(&[u8]) -> bool, "4111111111111111"),
            (mod11_10, "07945"),
            (ean, "4006381333931"),
            (verhoeff::verhoeff, "2363"),
        ] {
            for place in 0..number.len() {
                for digit in b'0'..=b'9' {
                    let mut other = number.as_bytes().to_vec();
                    other[place] = digit;
                    assert_eq!(check(&other), other == number.as_bytes(), "{other:?}");
                }
            }
        }
    }
}
