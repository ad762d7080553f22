//! A key or token to Twilio.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::hex;

const WORDS: &[&str] = &["twilio", "twilio auth token", "auth token", "twilio token"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "key (SK) or authentication token to Twilio",
    source: "Twilio documentation, API keys and string identifiers",
    check: "SK and 32 hexadecimal digits; a token has only these",
    caution: "a token only where a word names it; account ids (AC) are no secrets and are left",
    words: WORDS,
    specimen: || ["SK", &hex(32)].concat(),
    ..Detector::new("twilio_key", "secrets.messaging", Trigger::Word(32..=34, find))
};

fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let key = text.slice(word.clone());
    let is_key = match key.strip_prefix(b"SK") {
        Some(rest) => rest.len() == 32 && rest.iter().all(|byte| alphabet::lower_hex(*byte)),
        None => {
            key.len() == 32
                && key.iter().all(|byte| alphabet::lower_hex(*byte))
                && text.is_named(word.start, WORDS)
        }
    };
    (is_key && text.is_whole(&word)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::hex;

    #[test]
    fn a_token_has_to_be_named() {
        check("twilio_key", &format!("«SK{}», TWILIO_AUTH_TOKEN=«{}»", hex(32), hex(32)));
        check(
            "twilio_key",
            &format!("AC{} SK{} md5 {} TASK{}", hex(32), hex(31), hex(32), hex(32)),
        );
    }
}
