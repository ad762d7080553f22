//! A token to the npm registry.

use std::ops::Range;

use super::super::alphabet;
use super::super::checksum::base62;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::{after, letters};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to the npm registry",
    source: "GitHub Changelog 2021-09-23, npm has a new access token format",
    check: "CRC-32 in base 62 as the last six of 36 characters",
    caution: "tokens from before 2021 are UUIDs and are not found",
    words: &["npm token"],
    specimen: || {
        let body = letters(30);
        let check = base62::checksum(body.as_bytes());
        ["npm", "_", &body, &String::from_utf8_lossy(&check)].concat()
    },
    ..Detector::new("npm_token", "secrets.code", Trigger::Literal(&["npm_"], find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let range = after(text, prefix.clone(), alphabet::alphanumeric, 36..=36)?;
    base62::crc32_base62(text.slice(prefix.end..range.end)).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_checksum_counts() {
        let token = (super::DETECTOR.specimen)();
        check("npm_token", &format!("//registry.npmjs.org/:_authToken=«{token}»"));
        check("npm_token", &format!("{}0 {token}A npm_config_registry x{token}", &token[..39]));
    }
}
