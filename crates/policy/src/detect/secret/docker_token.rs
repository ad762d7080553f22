//! A token to Docker Hub.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, letters};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to Docker Hub, of a user or an organisation",
    source: "Docker documentation, personal and organization access tokens",
    check: "prefix, alphabet and length",
    caution: "none known",
    words: &["docker token"],
    specimen: || ["dckr", "_pat_", &letters(27)].concat(),
    ..Detector::new(
        "docker_token",
        "secrets.code",
        Trigger::Literal(&["dckr_pat_", "dckr_oat_"], |text, prefix| {
            after(text, prefix, alphabet::base64url, 27..=64)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn its_length_counts() {
        check("docker_token", &format!("«dckr_pat_{}» «dckr_oat_{}»", letters(27), letters(32)));
        check("docker_token", &format!("dckr_pat_{} xdckr_pat_{}", letters(26), letters(27)));
    }
}
