//! Bech32 (BIP 173) and Bech32m (BIP 350).

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];

/// Which of the two checksums a text carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Variant {
    Bech32,
    Bech32m,
}

/// The variant whose checksum holds over prefix and data, which are all in
/// small letters or all in capitals.
pub(in super::super) fn variant(prefix: &[u8], data: &[u8]) -> Option<Variant> {
    let has = |test: fn(&u8) -> bool| prefix.iter().chain(data).any(test);
    if has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) {
        return None;
    }
    match data
        .iter()
        .try_fold(beginning(prefix), |check, byte| Some(step(check, value(*byte)?.into())))?
    {
        1 => Some(Variant::Bech32),
        0x2bc8_30a3 => Some(Variant::Bech32m),
        _ => None,
    }
}

/// The five bits of a character of the data part.
pub(in super::super) fn value(byte: u8) -> Option<u8> {
    let place = ALPHABET.iter().position(|known| *known == byte.to_ascii_lowercase())?;
    u8::try_from(place).ok()
}

/// The six characters that complete prefix and data in Bech32, in small letters.
pub(in super::super) fn checksum(prefix: &[u8], data: &[u8]) -> Option<String> {
    let data = data.iter().map(|byte| value(*byte).map(u32::from));
    let check = data
        .chain([Some(0); 6])
        .try_fold(beginning(prefix), |check, value| Some(step(check, value?)))?
        ^ 1;
    let character = |place: u32| {
        let value = (check >> (5 * (5 - place)) & 31) as usize;
        ALPHABET.get(value).map(|byte| char::from(*byte))
    };
    (0..6).map(character).collect()
}

/// The checksum after the prefix.
fn beginning(prefix: &[u8]) -> u32 {
    let prefix = || prefix.iter().map(u8::to_ascii_lowercase);
    let high = prefix().map(|byte| u32::from(byte >> 5));
    let low = prefix().map(|byte| u32::from(byte & 31));
    high.chain([0]).chain(low).fold(1, step)
}

fn step(check: u32, value: u32) -> u32 {
    let top = check >> 25;
    let shifted = (check & 0x01ff_ffff) << 5 ^ value;
    (0..).zip(GENERATOR).fold(
        shifted,
        |check, (bit, generator)| {
            if top >> bit & 1 == 1 { check ^ generator } else { check }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_both_proposals_hold() {
        let of = |text: &str| {
            let (prefix, data) = text.rsplit_once('1').unwrap();
            variant(prefix.as_bytes(), data.as_bytes())
        };
        assert_eq!(of("A12UEL5L"), Some(Variant::Bech32));
        assert_eq!(of("a12uel5l"), Some(Variant::Bech32));
        assert_eq!(of("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"), Some(Variant::Bech32));
        assert_eq!(of("A1LQFN3A"), Some(Variant::Bech32m));
        assert_eq!(of("a1lqfn3a"), Some(Variant::Bech32m));
        for wrong in ["A12uEL5L", "a12uel5m", "a1lqfn3b", "x1b4n0q5v", "abcdef1qqqqqqqqqqqqqqqqq"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
