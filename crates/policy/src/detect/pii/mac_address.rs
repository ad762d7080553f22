//! The address of a network interface.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "address of a network interface (MAC, EUI-48)",
    source: "IEEE 802 section 8.1; the form with points is Cisco's",
    check: "none; the broadcast address and zero belong to nobody",
    caution: "one without any digit is not found",
    words: &["mac", "mac address"],
    specimen: || "00:00:5E:00:53:AF".to_owned(),
    ..Detector::new("mac_address", "pii.network", Trigger::Word(2..=4, find))
};

/// How the six bytes are written: characters in a group, separator.
const FORMS: [(usize, u8); 3] = [(2, b':'), (2, b'-'), (4, b'.')];

fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let is_separated =
        |separator| text.before(word.start) == separator || text.at(word.end) == separator;
    let (group, separator) = FORMS
        .into_iter()
        .find(|(group, separator)| *group == word.len() && is_separated(*separator))?;
    let length = 12 + 12 / group - 1;
    // The first group with a digit may be any of them.
    let starts = (0..12 / group).filter_map(|groups| word.start.checked_sub(groups * (group + 1)));
    starts
        .map(|start| start..start + length)
        .find(|range| is_address(text, range, group, separator))
}

fn is_address(text: Text<'_>, range: &Range<usize>, group: usize, separator: u8) -> bool {
    let address = text.slice(range.clone());
    let is_formed = address.len() == range.len()
        && address.iter().enumerate().all(|(place, byte)| {
            if place % (group + 1) == group { *byte == separator } else { alphabet::hex(*byte) }
        });
    let is_any = |digit: u8| {
        address.iter().any(|byte| *byte != separator && byte.to_ascii_lowercase() != digit)
    };
    let goes_on = text.before(range.start) == separator
        || text.at(range.end) == separator && alphabet::hex(text.at(range.end + 1));
    is_formed && is_any(b'0') && is_any(b'f') && !goes_on && text.is_whole(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn every_form_is_found() {
        check(
            "mac_address",
            "«00:00:5E:00:53:AF», «00-00-5e-00-53-af», «0000.5e00.53af», «ab:cd:ef:ab:cd:e1».",
        );
    }

    #[test]
    fn what_is_no_address_is_left() {
        check(
            "mac_address",
            "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff 00:00:5E:00:53 00:00:5E:00:53:AF:01",
        );
        check("mac_address", "00:00-5E:00:53:AF 10:30:45 2026-01-02-03-04-05-06 g0:00:5E:00:53:AF");
    }
}
