//! Base58Check, in which Bitcoin writes addresses: 25 bytes, of which the last
//! four are the beginning of SHA-256 taken twice.

use bounden_base::Digest;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LENGTH: usize = 25;

/// The version byte of an address whose checksum holds.
pub(in super::super) fn version(address: &[u8]) -> Option<u8> {
    let bytes = decode(address)?;
    let (body, check) = bytes.split_last_chunk::<4>()?;
    let digest = Digest::of(Digest::of(body).as_bytes());
    (digest.as_bytes().starts_with(check)).then_some(*body.first()?)
}

/// The number that the characters write, in 25 bytes; none if it needs another
/// number of them, each leading `1` being one zero byte.
fn decode(address: &[u8]) -> Option<[u8; LENGTH]> {
    let mut bytes = [0_u8; LENGTH];
    for character in address {
        let mut carry = ALPHABET.iter().position(|known| known == character)?;
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = u8::try_from(carry % 256).ok()?;
            carry /= 256;
        }
        if carry != 0 {
            return None;
        }
    }
    let ones = address.iter().take_while(|character| **character == b'1').count();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    (ones == zeros).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_first_blocks_hold() {
        assert_eq!(version(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), Some(0));
        assert_eq!(version(b"3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"), Some(5));
        assert_eq!(version(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"), None);
        assert_eq!(version(b"11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), None);
        assert_eq!(version(b"0A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), None);
    }
}
