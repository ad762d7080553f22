//! A token to Databricks.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, hex};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "personal token to Databricks",
    source: "Databricks documentation, personal access tokens",
    check: "prefix, 32 hexadecimal digits and, if there is one, the number of the copy",
    caution: "none known",
    words: &["databricks token"],
    specimen: || ["da", "pi", &hex(32)].concat(),
    ..Detector::new(
        "databricks_token",
        "secrets.cloud",
        Trigger::Word(36..=36, |text, word| {
            let prefix = word.start..word.start + 4;
            if !text.starts_with(word.start, "dapi") {
                return None;
            }
            let token = after(text, prefix, alphabet::lower_hex, 32..=32)?;
            let copy = text.run(token.end + 1, alphabet::digit);
            let has_copy = text.at(token.end) == b'-' && copy == token.end + 2;
            Some(token.start..if has_copy { copy } else { token.end })
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::hex;

    #[test]
    fn its_length_counts() {
        check("databricks_token", &format!("«dapi{}» «dapi{}-2»", hex(32), hex(32)));
        check("databricks_token", &format!("dapi{} dapi{} xdapi{}", hex(31), hex(33), hex(32)));
    }
}
