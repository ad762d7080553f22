//! A key to Stripe.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, letters};

const PREFIXES: &[&str] = &["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "secret or restricted key to Stripe, live or for tests, or the secret of a webhook",
    source: "Stripe documentation, API keys",
    check: "prefix, alphabet and length",
    caution: "publishable keys (pk_) are no secrets and are left",
    words: &["stripe key"],
    specimen: || ["sk", "_test_", &letters(24)].concat(),
    ..Detector::new(
        "stripe_key",
        "secrets.payment",
        Trigger::Literal(PREFIXES, |text, prefix| {
            after(text, prefix, alphabet::alphanumeric, 16..=247)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn prefix_and_length_count() {
        check(
            "stripe_key",
            &format!("«{}_live_{}», «{}_{}»", "rk", letters(24), "whsec", letters(32)),
        );
        check(
            "stripe_key",
            &format!(
                "{}_live_{} pk_live_{} task_test_{}",
                "sk",
                letters(8),
                letters(24),
                letters(24)
            ),
        );
    }
}
