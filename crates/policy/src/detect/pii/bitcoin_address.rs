//! An address that bitcoins are paid to.

use std::ops::Range;

use super::super::checksum::base58;
use super::super::checksum::bech32::{self, Variant};
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "Bitcoin address",
    source: "Base58Check, BIP 173 and BIP 350",
    check: "Base58Check with version 0 or 5, or Bech32 and Bech32m with the length of its witness program",
    caution: "addresses of test networks are not found",
    words: &["bitcoin", "btc"],
    specimen: || "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa".to_owned(),
    ..Detector::new("bitcoin_address", "pii.finance", Trigger::Word(25..=74, find))
};

fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let address = text.slice(word.clone());
    let is_valid = match address {
        [b'b' | b'B', b'c' | b'C', b'1', ..] => is_segwit(address),
        [b'1' | b'3', ..] if address.len() <= 35 => {
            matches!(base58::version(address), Some(0 | 5))
        }
        _ => false,
    };
    (is_valid && text.is_whole(&word)).then_some(word)
}

/// BIP 173 section "Segwit address format", BIP 350 section "Addresses for
/// segregated witness outputs".
fn is_segwit(address: &[u8]) -> bool {
    let Some((prefix, data)) = address.split_at_checked(3) else { return false };
    let variant = bech32::variant(prefix.get(..2).unwrap_or_default(), data);
    let version = data.first().copied().and_then(bech32::value);
    // Without version and checksum, five bits a character.
    let program = (data.len().saturating_sub(7)) * 5 / 8;
    match (variant, version) {
        (Some(Variant::Bech32), Some(0)) => matches!(program, 20 | 32),
        (Some(Variant::Bech32m), Some(1..=16)) => (2..=40).contains(&program),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn every_form_is_found() {
        for address in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            check("bitcoin_address", &format!("send to «{address}»!"));
        }
    }

    #[test]
    fn checksums_count() {
        check(
            "bitcoin_address",
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb 1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf",
        );
        check(
            "bitcoin_address",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5 x1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        );
        // Version 0 with the checksum of later versions: BIP 350, test vectors.
        check("bitcoin_address", "bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd");
    }
}
