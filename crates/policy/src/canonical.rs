//! Canonical forms of hosts, mail domains and paths, so that two spellings of
//! one thing are one text.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The lower-case host of an absolute URL (RFC 3986 section 3.2.2), without
/// user information, port and trailing dot; `None` where there is none, and
/// where two readers of URLs could disagree on it.
pub(crate) fn host(url: &str) -> Option<String> {
    // RFC 3986 and the URL standard of browsers part ways at each of these.
    if url.contains(|c: char| c == '\\' || c.is_whitespace() || c.is_control()) {
        return None;
    }
    let (scheme, rest) = url.split_once("://")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.chars().all(plain) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(literal) = host.strip_prefix('[') {
        let (address, port) = literal.split_once(']')?;
        is_port(port).then_some(())?;
        return address.parse().ok().map(|address: Ipv6Addr| address.to_string());
    }
    let (host, port) = host.find(':').map_or((host, ""), |colon| host.split_at(colon));
    is_port(port).then_some(())?;
    let host = name(host)?;
    // What ends in a number is an address, and only its plain form is one for everybody.
    let last = host.rsplit('.').next()?;
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if is_number { host.parse().ok().map(|host: Ipv4Addr| host.to_string()) } else { Some(host) }
}

/// Nothing, or a colon and digits.
fn is_port(text: &str) -> bool {
    text.strip_prefix(':').map_or(text, |digits| digits).bytes().all(|byte| byte.is_ascii_digit())
        && (text.is_empty() || text.starts_with(':'))
}

/// The lower-case domain of one mail address (RFC 5321 section 4.1.2, without
/// quoted local parts); `None` for a list of addresses or one with a name.
pub(crate) fn domain(address: &str) -> Option<String> {
    let (local, domain) = address.trim().split_once('@')?;
    let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    if local.is_empty() || !local.chars().all(atext) { None } else { name(domain) }
}

/// Whether a path lies in a folder after `.` and `..` are resolved. A relative
/// path is read from the folder itself. `None` for what leaves the place where
/// it is read from, and for what other systems read as a home, a drive or an
/// address: a rule can ask in either direction, so neither answer is safe.
pub(crate) fn is_under(path: &str, folder: &str) -> Option<bool> {
    let first = path.split('/').next().unwrap_or(path);
    if path.contains(['\0', '\\']) || path.starts_with('~') || first.contains(':') {
        return None;
    }
    let parts = resolved(path)?;
    Some(!path.starts_with('/') || parts.starts_with(&resolved(folder)?))
}

fn resolved(path: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts)
}

/// A name of letters, digits and dashes in labels (RFC 1123 section 2.1), with the
/// underscore that services use. Other letters have no form: IDNA 2003, IDNA
/// 2008 and browsers map some of them to different names (`ß`, `ς`, joiners).
/// Punycode is what it is written as.
fn name(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(plain);
    (host.len() <= 253 && host.split('.').all(is_label)).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_through_every_disguise() {
        for (url, expected) in [
            ("https://Example.COM/a", Some("example.com")),
            ("https://good.example@evil.example/", Some("evil.example")),
            ("https://evil.example\\@good.example/", None),
            ("https://good.example\t.evil.example/", None),
            ("https://good.example .evil.example/", None),
            ("https://good.example:80@evil.example/", Some("evil.example")),
            ("https://good.example:evil.example/", None),
            ("https://evil.example#@good.example/", Some("evil.example")),
            ("https://evil.example?@good.example/", Some("evil.example")),
            ("https://evil%2eexample/", None),
            ("https://[good.example]evil.example/", None),
            ("https://[good.example]/", None),
            ("https://[0:0:0:0:0:0:0:1]/", Some("::1")),
            ("https://[::1]x/", None),
            ("http://127.0.0.1:8080/", Some("127.0.0.1")),
            ("http://127.1/", None),
            ("http://2130706433/", None),
            ("http://0x7f000001/", None),
            ("http://127.0.0.0x1/", None),
            ("http://0177.0.0.1/", None),
            ("https:/example.com", None),
            ("https://example.com.:8080?q", Some("example.com")),
            ("http://[2001:DB8::1]:80/", Some("2001:db8::1")),
            ("//example.com", None),
            ("https://xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("https://XN--BCHER-KVA.example", Some("xn--bcher-kva.example")),
            ("https://b\u{fc}cher.example", None),
            ("https://evil\u{3002}example/", None),
            ("https://.example.com", None),
            ("https://a..example.com", None),
            ("https://example.com..", None),
            ("https://", None),
            ("javascript:alert(1)", None),
            ("https://exämple.com", None),
            ("https://", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn domains_are_those_of_one_plain_address() {
        assert_eq!(domain("Ann@Example.com").as_deref(), Some("example.com"));
        assert_eq!(domain("a.b+c@example.com").as_deref(), Some("example.com"));
        for address in [
            "a@b@evil.example",
            "a@evil.example, b@good.example",
            "a@evil.example,b@good.example",
            "a@evil.example\nb@good.example",
            "Ann <a@evil.example> b@good.example",
            "\"a@evil.example\"@good.example",
            "a@evil.example (b@good.example)",
            "a@[127.0.0.1]",
            "a@good.example;x@evil.example",
        ] {
            assert_eq!(domain(address), None, "{address}");
        }
        assert_eq!(domain("@example.com"), None);
        assert_eq!(domain("nobody"), None);
    }

    #[test]
    fn paths_do_not_climb_out() {
        let (yes, no, unknown) = (Some(true), Some(false), None);
        for (path, expected) in [
            ("/srv/a", yes),
            ("/srv", yes),
            ("/srv/", yes),
            ("//srv/./a", yes),
            ("/srvices", no),
            ("/srv/../etc/passwd", no),
            ("/", no),
            ("/srv/a/../b", yes),
            ("a/b", yes),
            ("a/../b", yes),
            ("", yes),
            ("../x", unknown),
            ("../srv/x", unknown),
            ("a/../../x", unknown),
            ("../../../..", unknown),
            ("/../srv/a", unknown),
            ("~/x", unknown),
            ("~root/x", unknown),
            ("/srv/a\0b", unknown),
            ("/srv\\..\\x", unknown),
            ("C:/Windows", unknown),
            ("file:///etc/passwd", unknown),
            ("a/b:c", yes),
            ("/srv/a:b", yes),
        ] {
            assert_eq!(is_under(path, "/srv"), expected, "{path}");
        }
    }
}
