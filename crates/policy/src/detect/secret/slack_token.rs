//! A token to Slack.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::{after, letters};

const PREFIXES: &[&str] = &[
    "xoxa-",
    "xoxb-",
    "xoxc-",
    "xoxd-",
    "xoxe-",
    "xoxe.xoxb-",
    "xoxe.xoxp-",
    "xoxo-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "xapp-",
];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to Slack: bot, user, app, refresh or session",
    source: "Slack API documentation, token types",
    check: "prefix, alphabet and length; a digit in it",
    caution: "the parts between hyphens are not looked at",
    words: &["slack token"],
    specimen: || ["xoxb", "-123456789012-123456789012-", &letters(24)].concat(),
    ..Detector::new("slack_token", "secrets.messaging", Trigger::Literal(PREFIXES, find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let is_part =
        |byte| alphabet::alphanumeric(byte) || matches!(byte, b'-' | b'%' | b'+' | b'/' | b'=');
    let range = after(text, prefix.clone(), is_part, 15..=500)?;
    text.slice(prefix.end..range.end).iter().any(u8::is_ascii_digit).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn prefix_and_length_count() {
        let token = (super::DETECTOR.specimen)();
        check("slack_token", &format!("SLACK=«{token}» «xapp-1-A012-345-{}»", letters(64)));
        check("slack_token", &format!("«xoxe.xoxp-1-{}»", letters(150)));
        check(
            "slack_token",
            &format!("x{token} xoxb-1234 xoxb-a-very-long-hyphenated-word xoxz-{}", letters(40)),
        );
    }
}
