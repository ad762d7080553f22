//! A token to HashiCorp Vault.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, letters};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to HashiCorp Vault: service, batch or recovery",
    source: "Vault documentation, token prefixes since 1.10",
    check: "prefix, alphabet and 24 characters or more",
    caution: "tokens from before 1.10 are not found",
    words: &["vault token"],
    specimen: || ["hv", "s.", &letters(24)].concat(),
    ..Detector::new(
        "vault_token",
        "secrets.cloud",
        Trigger::Literal(&["hvs.", "hvb.", "hvr."], |text, prefix| {
            after(text, prefix, alphabet::base64url, 24..=300)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn its_length_counts() {
        check("vault_token", &format!("«hvs.{}», «hvb.{}».", letters(24), letters(140)));
        check("vault_token", &format!("hvs.{} xhvs.{} hvs.example.com", letters(23), letters(24)));
    }
}
