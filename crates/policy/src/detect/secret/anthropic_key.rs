//! A key to Anthropic.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::{after, letters};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "key or token to Anthropic",
    source: "Anthropic API documentation, authentication: sk-ant-, what it is for, two digits, and the key",
    check: "prefix, purpose and length",
    caution: "none known",
    words: &["anthropic key"],
    specimen: || ["sk", "-ant-api03-", &letters(93), "AA"].concat(),
    ..Detector::new("anthropic_key", "secrets.ai", Trigger::Literal(&["sk-ant-"], find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let range = after(text, prefix.clone(), alphabet::base64url, 60..=250)?;
    let purpose = text.str(prefix.end..range.end).split('-').next()?;
    let name = purpose.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_purpose = (2..=8).contains(&name.len())
        && purpose.len() == name.len() + 2
        && name.bytes().all(|byte| byte.is_ascii_lowercase());
    is_purpose.then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn purpose_and_length_count() {
        check(
            "anthropic_key",
            &format!("«{}» «sk-ant-admin01-{}»", (super::DETECTOR.specimen)(), letters(95)),
        );
        check(
            "anthropic_key",
            &format!(
                "sk-ant-api03-{} sk-ant-{} task-ant-api03-{}",
                letters(20),
                letters(95),
                letters(95)
            ),
        );
    }
}
