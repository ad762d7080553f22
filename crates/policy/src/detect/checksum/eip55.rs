//! EIP-55: the case of an Ethereum address is a checksum, taken from Keccak-256.

use sha3::{Digest as _, Keccak256};

/// Whether 40 hexadecimal digits are in the case that their digest demands, or
/// all in one case, which carries no checksum.
pub(in super::super) fn eip55(address: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| address.iter().any(test);
    if !has(u8::is_ascii_lowercase) || !has(u8::is_ascii_uppercase) {
        return true;
    }
    let digest = Keccak256::digest(address.to_ascii_lowercase());
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    address.iter().zip(nibbles).all(|(byte, nibble)| {
        !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() == (nibble >= 8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_proposal_hold() {
        for address in [
            "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "dbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "D1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
            "52908400098527886E0F7030069857D2E4169EE7",
            "27b1fdb04752bbc536007a920d24acb045561c26",
        ] {
            assert!(eip55(address.as_bytes()), "{address}");
        }
        assert!(!eip55(b"5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
    }
}
