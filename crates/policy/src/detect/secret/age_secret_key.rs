//! A secret key of age.

use std::ops::Range;

use super::super::alphabet;
use super::super::checksum::bech32::{self, Variant};
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::after;

const PREFIX: &str = "AGE-SECRET-KEY-1";

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "secret key of age",
    source: "The age file encryption format, version 1, native X25519 recipients",
    check: "Bech32",
    caution: "keys of plug-ins are not found",
    words: &["age key"],
    // The key of zeros, which the checksum completes.
    specimen: || {
        let zeros = "Q".repeat(52);
        let mut key = [PREFIX, &zeros, "QQQQQQ"].concat();
        if let Some(check) = bech32::checksum(b"AGE-SECRET-KEY-", zeros.as_bytes()) {
            key.truncate(PREFIX.len() + zeros.len());
            key.push_str(&check.to_ascii_uppercase());
        }
        key
    },
    ..Detector::new("age_secret_key", "secrets.keys", Trigger::Literal(&[PREFIX], find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let range = after(text, prefix.clone(), alphabet::alphanumeric, 58..=58)?;
    let name = text.slice(prefix.start..prefix.end - 1);
    let variant = bech32::variant(name, text.slice(prefix.end..range.end));
    (variant == Some(Variant::Bech32)).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_checksum_counts() {
        let key = (super::DETECTOR.specimen)();
        check("age_secret_key", &format!("«{key}»"));
        check("age_secret_key", &format!("{}Q {key}Q", &key[..key.len() - 1]));
    }
}
