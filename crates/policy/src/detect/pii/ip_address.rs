//! An address on the Internet.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "address on the Internet, IPv4 or IPv6",
    source: "RFC 791 in dotted decimals, RFC 4291 section 2.2",
    check: "each part is in its range and without leading zeros; loopback, unspecified and reserved addresses and netmasks belong to nobody",
    caution: "a version of four numbers is taken for one; an IPv6 address without any digit is not found",
    words: &["ip", "ip address"],
    specimen: || "192.0.2.17".to_owned(),
    ..Detector::new("ip_address", "pii.network", Trigger::Word(1..=4, find))
};

/// The longest form: six groups and an embedded IPv4 address.
const MOST: usize = 45;

/// The longest IPv4 address.
const V4_MOST: usize = 15;

fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    match (text.before(word.start), text.at(word.end)) {
        (b':', _) | (_, b':') => v6(text, word.clone()).or_else(|| v4(text, word)),
        (_, b'.') => v4(text, word),
        _ => None,
    }
}

fn v4(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let run =
        text.run_within(word.start, V4_MOST + 2, |byte| byte == b'.' || byte.is_ascii_digit());
    let range = word.start..run - usize::from(text.before(run) == b'.');
    let address: Ipv4Addr = text.str(range.clone()).parse().ok()?;
    let [first, ..] = address.octets();
    let is_somebody = !address.is_loopback() && (1..240).contains(&first);
    (is_somebody && text.is_whole(&range)).then_some(range)
}

fn v6(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let is_part = |byte| alphabet::hex(byte) || byte == b':';
    let window = word.start.saturating_sub(MOST);
    let start = word.start
        - text.slice(window..word.start).iter().rev().take_while(|byte| is_part(**byte)).count();
    let end = text.run_within(word.end, MOST + 1, |byte| is_part(byte) || byte == b'.');
    // A colon or a point that ends a sentence is none of the address.
    let ends = [end, end.saturating_sub(1)].into_iter().filter(|end| *end >= word.end);
    ends.map(|end| start..end).find(|range| {
        let address = text.str(range.clone()).parse::<Ipv6Addr>();
        let colons = text.slice(range.clone()).iter().filter(|byte| **byte == b':').count();
        address.is_ok_and(|address| {
            // `a::b` is a path in many languages.
            colons > 2 && !address.is_loopback() && !address.is_unspecified()
        }) && text.is_whole(range)
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn both_families_are_found() {
        check("ip_address", "from «192.0.2.17», «10.0.0.1»:443 and «203.0.113.0»/24.");
        check(
            "ip_address",
            "«2001:db8::17», [«2001:db8:0:0:8:800:200c:417a»]:80, «::ffff:192.0.2.1»",
        );
        check("ip_address", "«fe80::1ff:fe23:4567:890a»%eth0 and «2001:DB8::1».");
    }

    #[test]
    fn what_is_no_address_is_left() {
        check(
            "ip_address",
            "127.0.0.1 0.0.0.0 255.255.255.0 ::1 256.1.1.1 01.2.3.4 1.2.3 1.2.3.4.5 v1.2.3.4",
        );
        check("ip_address", "10:30:45, 00:1a:2b:3c:4d:5e, std::vec, a::b2, 12::30, 2001:db8::1::2");
    }
}
