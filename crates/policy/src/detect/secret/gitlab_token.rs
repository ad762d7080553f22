//! A token to GitLab.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, letters};

const PREFIXES: &[&str] = &[
    "glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-",
    "gloas-", "glsoat-", "glffct-", "glwt-",
];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to GitLab",
    source: "GitLab Docs, Security, token overview and token prefixes; routable tokens with their points",
    check: "prefix, alphabet and twenty characters or more",
    caution: "tokens of an instance that has set prefixes of its own are found only where one of these follows",
    words: &["gitlab token"],
    specimen: || ["glpat", "-", &letters(20)].concat(),
    ..Detector::new(
        "gitlab_token",
        "secrets.code",
        Trigger::Literal(PREFIXES, |text, prefix| {
            let is_part = |byte| alphabet::base64url(byte) || byte == b'.';
            after(text, prefix, is_part, 20..=300)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn prefix_and_length_count() {
        check("gitlab_token", &format!("«glpat-{}». SIE-«glrt-{}»", letters(20), letters(27)));
        check("gitlab_token", &format!("«glpat-{}.01.{}»", letters(27), letters(9)));
        check("gitlab_token", &format!("glpat-{} xglpat-{} glpat-", letters(19), letters(20)));
    }
}
