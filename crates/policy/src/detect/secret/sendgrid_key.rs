//! A key to SendGrid.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::letters;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "key to SendGrid",
    source: "Twilio SendGrid documentation, API keys: SG, 22 and 43 characters",
    check: "prefix and the lengths of both parts",
    caution: "none known",
    words: &["sendgrid key"],
    specimen: || ["SG", ".", &letters(22), ".", &letters(43)].concat(),
    ..Detector::new("sendgrid_key", "secrets.messaging", Trigger::Literal(&["SG."], find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let first = text.run(prefix.end, alphabet::base64url);
    let second = text.run(first + 1, alphabet::base64url);
    let range = prefix.start..second;
    let is_key = first - prefix.end == 22 && text.at(first) == b'.' && second - first - 1 == 43;
    (is_key && text.is_whole(&range)).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn both_lengths_count() {
        check("sendgrid_key", &format!("«{}»", (super::DETECTOR.specimen)()));
        check(
            "sendgrid_key",
            &format!(
                "SG.{}.{} SG.{}.{} MSG.{}",
                letters(22),
                letters(42),
                letters(21),
                letters(43),
                letters(22)
            ),
        );
    }
}
