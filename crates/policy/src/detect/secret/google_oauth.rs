//! A token or client secret of Google's OAuth.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::{after, letters};

const PREFIXES: &[&str] = &["ya29.", "GOCSPX-", "1//0"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "access token, refresh token or client secret of Google's OAuth",
    source: "Google Identity documentation, using OAuth 2.0",
    check: "prefix, alphabet and length",
    caution: "formats that Google does not promise to keep",
    words: &["google token"],
    specimen: || ["GOC", "SPX-", &letters(28)].concat(),
    ..Detector::new("google_oauth", "secrets.cloud", Trigger::Literal(PREFIXES, find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let lengths = match text.slice(prefix.clone()) {
        b"GOCSPX-" => 28..=28,
        b"1//0" => 40..=300,
        _ => 40..=1_024,
    };
    let is_part = |byte| alphabet::base64url(byte) || byte == b'.';
    after(text, prefix, is_part, lengths)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn prefix_and_length_count() {
        check("google_oauth", &format!("«ya29.{}», «1//0{}»", letters(180), letters(60)));
        check("google_oauth", &format!("«{}»", (super::DETECTOR.specimen)()));
        check(
            "google_oauth",
            &format!("ya29.{} GOCSPX-{} http://x.example/1//0/", letters(10), letters(29)),
        );
    }
}
