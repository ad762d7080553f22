//! A token of a service account of Grafana.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::{after, letters};

/// What the checksum is taken over begins with.
const PREFIX: &[u8] = b"glsa_";

/// How many letters and digits stand between the prefix and the checksum.
const BODY: usize = 32;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token of a service account of Grafana",
    source: "Grafana, pkg/components/satokengen",
    check: "CRC-32 of all before it as the last eight hexadecimal digits",
    caution: "access policies of Grafana Cloud (glc_) are not found",
    words: &["grafana token"],
    specimen: || {
        let body = ["gl", "sa_", &letters(BODY)].concat();
        format!("{body}_{:08x}", crc32fast::hash(body.as_bytes()))
    },
    ..Detector::new("grafana_token", "secrets.cloud", Trigger::Literal(&["glsa_"], find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let range = after(text, prefix, alphabet::word, BODY + 9..=BODY + 9)?;
    let token = text.str(range.clone());
    let (body, check) = token.split_at_checked(PREFIX.len() + BODY)?;
    let wanted = format!("_{:08x}", crc32fast::hash(body.as_bytes()));
    (check == wanted).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_checksum_counts() {
        let token = (super::DETECTOR.specimen)();
        check("grafana_token", &format!("«{token}»"));
        check("grafana_token", &format!("{}z {token}0 x{token}", &token[..token.len() - 1]));
    }
}
