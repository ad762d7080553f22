//! What stands in a string as it is: all but quotes, backslashes and control
//! characters, looked for in eight bytes at a time.

/// How many bytes stand before the first that ends a string or has a meaning in it.
#[must_use]
pub fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(*word);
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < b' ';
    words.len() * 8 + rest.iter().position(special).unwrap_or(rest.len())
}

/// The high bit of each of eight bytes that is a quote, a backslash or a control
/// character, and perhaps of bytes behind the first of these.
fn special_bytes(bytes: [u8; 8]) -> u64 {
    const EACH: u64 = u64::MAX / 0xff;
    const HIGH: u64 = EACH * 0x80;
    let word = u64::from_le_bytes(bytes);
    // Subtracting borrows from the high bit of a byte that is less than what is
    // taken off, and a byte is equal to another where their difference is below 1.
    let below = |word: u64, bound: u64| word.wrapping_sub(EACH * bound) & !word;
    let equals = |byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
    (below(word, 0x20) | equals(b'"') | equals(b'\\')) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_byte_is_found_at_every_place() {
        for byte in u8::MIN..=u8::MAX {
            let is_special = byte < b' ' || byte == b'"' || byte == b'\\';
            for (length, at) in (1..20).flat_map(|length| (0..length).map(move |at| (length, at))) {
                for around in [b'a', b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xff] {
                    let mut bytes = vec![around; length];
                    bytes[at] = byte;
                    let expected = if is_special { at } else { length };
                    assert_eq!(plain_length(&bytes), expected, "{bytes:?}");
                }
            }
        }
    }
}
