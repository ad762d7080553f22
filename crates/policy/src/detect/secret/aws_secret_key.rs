//! The secret of a key to Amazon Web Services.

use std::ops::Range;

use super::super::detector::{Detector, Strength, Trigger};
use super::super::text::Text;
use super::super::{alphabet, value};

const NAMES: &[&str] = &[
    "secret_access_key",
    "SECRET_ACCESS_KEY",
    "SecretAccessKey",
    "secretAccessKey",
    "secret access key",
    "Secret access key",
    "Secret Access Key",
    "aws_secret_key",
    "AWS_SECRET_KEY",
];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "secret of an access key of Amazon Web Services",
    source: "AWS IAM User Guide, access keys: forty characters of base 64",
    check: "length; capitals, small letters and digits are mixed",
    caution: "only where a word names it, since forty characters of base 64 may be anything",
    words: &["secret access key", "aws secret", "aws secret key"],
    strength: Strength::Both,
    member: Some(|text| secret(text, 0).filter(|range| range.end == text.len())),
    specimen: || {
        ["aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"].concat()
    },
    ..Detector::new(
        "aws_secret_key",
        "secrets.cloud",
        Trigger::Literal(NAMES, |text, name| secret(text, value::start(text, name.end))),
    )
};

fn secret(text: Text<'_>, start: usize) -> Option<Range<usize>> {
    let range = start..text.run(start, alphabet::base64);
    let secret = text.slice(range.clone());
    let has = |test: fn(&u8) -> bool| secret.iter().any(test);
    let is_mixed =
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    (secret.len() == 40 && is_mixed && text.is_whole(&range)).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn it_has_to_be_named_and_as_long_as_one() {
        let line = (super::DETECTOR.specimen)();
        let key = line.split(" = ").nth(1).unwrap();
        check(
            "aws_secret_key",
            &format!("aws_secret_access_key = «{key}»\nSecretAccessKey\": \"«{key}»\""),
        );
        check(
            "aws_secret_key",
            &format!("{key} secret access key {key}A secret_access_key={}", &key[1..]),
        );
    }
}
