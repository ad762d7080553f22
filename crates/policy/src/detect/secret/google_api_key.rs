//! A key to the interfaces of Google.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, letters};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "key to the interfaces of Google",
    source: "Google Cloud documentation, API keys: AIza and 35 characters",
    check: "prefix, alphabet and length",
    caution: "keys that a browser may see look the same",
    words: &["google api key"],
    specimen: || ["AI", "za", &letters(35)].concat(),
    ..Detector::new(
        "google_api_key",
        "secrets.cloud",
        Trigger::Literal(&["AIza"], |text, prefix| {
            after(text, prefix, alphabet::base64url, 35..=35)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_length_counts() {
        let key = (super::DETECTOR.specimen)();
        check("google_api_key", &format!("?key=«{key}»&x=1"));
        check("google_api_key", &format!("{key}A {} x{key}", &key[..38]));
    }
}
