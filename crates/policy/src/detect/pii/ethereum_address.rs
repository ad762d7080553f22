//! An address on Ethereum and its kin.

use std::ops::Range;

use super::super::alphabet;
use super::super::checksum::eip55::eip55;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "Ethereum address",
    source: "Ethereum Yellow Paper; EIP-55",
    check: "EIP-55 where capitals and small letters are mixed",
    caution: "other values of 20 bytes that are written with 0x in one case are taken for one",
    words: &["ethereum", "eth"],
    specimen: || "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".to_owned(),
    ..Detector::new("ethereum_address", "pii.finance", Trigger::Word(42..=42, find))
};

fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let address = text.slice(word.clone()).strip_prefix(b"0x")?;
    let is_valid = address.iter().all(|byte| alphabet::hex(*byte)) && eip55(address);
    (is_valid && text.is_whole(&word)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_case_is_a_checksum() {
        check("ethereum_address", "to «0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed»,");
        check("ethereum_address", "to «0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed»");
        check("ethereum_address", "to 0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        check(
            "ethereum_address",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0",
        );
        check("ethereum_address", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed00");
    }
}
