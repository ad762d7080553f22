//! A token to Hugging Face.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, letters};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to Hugging Face, of a user or an organisation",
    source: "Hugging Face Hub documentation, user access tokens",
    check: "prefix and length",
    caution: "none known",
    words: &["hugging face token", "hf token"],
    specimen: || ["hf", "_", &letters(34)].concat(),
    ..Detector::new(
        "huggingface_token",
        "secrets.ai",
        Trigger::Literal(&["hf_", "api_org_"], |text, prefix| {
            after(text, prefix, alphabet::alphanumeric, 34..=34)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn its_length_counts() {
        check("huggingface_token", &format!("«hf_{}» «api_org_{}»", letters(34), letters(34)));
        check(
            "huggingface_token",
            &format!("hf_{} hf_{} half_{} hf_hub", letters(33), letters(35), letters(34)),
        );
    }
}
