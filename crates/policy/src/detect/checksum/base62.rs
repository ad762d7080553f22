//! The checksum of GitHub's and npm's tokens: CRC-32 in base 62 with digits,
//! capitals and small letters, filled up with zeros to six characters.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 6;

/// Whether the last six characters are the checksum of those before them.
pub(in super::super) fn crc32_base62(token: &[u8]) -> bool {
    token
        .split_last_chunk::<LENGTH>()
        .is_some_and(|(body, check)| checksum(body).as_slice() == check)
}

/// The six characters that end a token with this body.
pub(in super::super) fn checksum(body: &[u8]) -> [u8; LENGTH] {
    let mut rest = crc32fast::hash(body) as usize;
    let mut check = [b'0'; LENGTH];
    for place in check.iter_mut().rev() {
        *place = DIGITS.get(rest % 62).copied().unwrap_or(b'0');
        rest /= 62;
    }
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_token_of_a_dead_account_holds() {
        let body = b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
        assert_eq!(&checksum(body), b"0mLq17");
        assert!(crc32_base62(&[body.as_slice(), b"0mLq17"].concat()));
        assert!(!crc32_base62(&[body.as_slice(), b"0mLq18"].concat()));
        assert!(!crc32_base62(b"mLq17"));
    }
}
