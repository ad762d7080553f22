//! The signature of a shared link to Azure.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "signature of a shared access link (SAS) to Azure",
    source: "Microsoft Learn, service SAS: HMAC-SHA-256 in base 64, in a query",
    check: "length once percent-encoding is undone",
    caution: "the signatures of other services that call them sig are found too",
    words: &["sas", "sas token"],
    specimen: || ["?sv=2024-11-04&", "sig=", &token::letters(43), "%3D"].concat(),
    ..Detector::new("azure_sas", "secrets.cloud", Trigger::Literal(&["sig="], find))
};

/// The longest signature, with every sign of it percent-encoded.
const MOST: usize = 3 * 44;

fn find(text: Text<'_>, name: Range<usize>) -> Option<Range<usize>> {
    let before = text.before(name.start);
    if before != 0 && !b"&?;\"' \n".contains(&before) {
        return None;
    }
    let is_part = |byte| alphabet::base64(byte) || matches!(byte, b'%' | b'=');
    let range = name.end..text.run_within(name.end, MOST + 1, is_part);
    let signature = text.slice(range.clone());
    let escapes = signature.iter().filter(|byte| **byte == b'%').count();
    let is_padded = signature.ends_with(b"=") || signature.to_ascii_uppercase().ends_with(b"%3D");
    let is_whole = !text.goes_on_after(range.end);
    (is_whole && is_padded && signature.len().checked_sub(2 * escapes) == Some(44)).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::token::letters;

    #[test]
    fn its_length_counts() {
        check(
            "azure_sas",
            &format!(
                "https://a.blob.example/c?se=1&sig=«{}%2F{}%3D»&sp=r",
                letters(20),
                letters(22)
            ),
        );
        check("azure_sas", &format!("?sig=«{}=»", letters(43)));
        check(
            "azure_sas",
            &format!("?sig={}%3D &sig={} config={}%3D", letters(42), letters(44), letters(43)),
        );
    }
}
