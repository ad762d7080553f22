//! The id of a key to Amazon Web Services.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::after;

const PREFIXES: &[&str] = &["AKIA", "ASIA", "ABIA", "ACCA"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "id of an access key of Amazon Web Services, lasting or temporary",
    source: "AWS IAM User Guide, unique identifiers",
    check: "prefix AKIA, ASIA, ABIA or ACCA; sixteen characters of base 32",
    caution: "the id alone opens nothing; ids of users and roles are no secrets and are left",
    words: &["aws access key id", "access key id"],
    specimen: || ["AKIA", "IOSFODNN7EXAMPLE"].concat(),
    ..Detector::new(
        "aws_access_key",
        "secrets.cloud",
        Trigger::Literal(PREFIXES, |text, prefix| after(text, prefix, alphabet::base32, 16..=16)),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn prefix_alphabet_and_length_count() {
        let key = super::DETECTOR.specimen;
        check(
            "aws_access_key",
            &format!("key «{}», id=«{}».", key(), key().replace("AKIA", "ASIA")),
        );
        check(
            "aws_access_key",
            &format!("{}A x{0} AIDAIOSFODNN7EXAMPLE {}", key(), key().replace('7', "1")),
        );
    }
}
