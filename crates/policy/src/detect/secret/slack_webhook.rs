//! The address of a webhook of Slack, which lets anyone post who knows it.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::letters;

const HOSTS: &[&str] =
    &["hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "what follows the host in the address of a webhook of Slack",
    source: "Slack API documentation, sending messages using incoming webhooks",
    check: "three parts or more, the last one of at least sixteen letters and digits",
    caution: "webhooks of other services are not found",
    words: &["slack webhook"],
    specimen: || {
        ["https://hooks.slack", ".com/services/", "T01234567/B01234567/", &letters(24)].concat()
    },
    ..Detector::new("slack_webhook", "secrets.messaging", Trigger::Literal(HOSTS, find))
};

fn find(text: Text<'_>, host: Range<usize>) -> Option<Range<usize>> {
    let range = host.end..text.run(host.end, |byte| byte == b'/' || alphabet::alphanumeric(byte));
    let path = text.str(range.clone());
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_whole = !text.goes_on_after(range.end);
    (is_whole && path.split('/').count() >= 3 && last.len() >= 16).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn the_path_is_found() {
        let host = ["https://hooks.slack", ".com"].concat();
        check("slack_webhook", &format!("{host}/services/«T01234567/B01234567/{}»!", letters(24)));
        check(
            "slack_webhook",
            &format!("{host}/services/T01234567/B01234567 {host}/docs/a/b/{}", letters(24)),
        );
    }
}
