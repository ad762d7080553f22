//! A mail address.

use std::ops::Range;

use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::super::value;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "mail address",
    source: "RFC 5321 section 4.1.2, the dot-string form; RFC 6531 for letters beyond ASCII",
    check: "none; the domain has a point and ends with a name",
    caution: "an address at a host without a point, quoted local parts and domain literals are not found; user and host of a secure shell are taken for one, those in the address of a server are not",
    words: &["mail", "e mail", "email"],
    specimen: || "canary@example.com".to_owned(),
    ..Detector::new("email", "pii.contact", Trigger::Bytes(b"@", find))
};

/// Names of files such as `logo@2x.png` end like this, and no domain does.
const FILES: [&str; 7] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "css"];

fn find(text: Text<'_>, at: usize) -> Option<Range<usize>> {
    let local = text.str(0..at);
    let length: usize = local.chars().rev().take_while(|c| is_local(*c)).map(char::len_utf8).sum();
    let local = local.get(at - length..)?;
    let trimmed = local.trim_start_matches(['.', '\'', '%', '-', '+']);
    if value::is_in_authority(text, at - trimmed.len()) {
        return None;
    }
    let domain = domain(text.str(at + 1..text.len()))?;
    (!trimmed.is_empty() && !trimmed.ends_with('.')).then_some(at - trimmed.len()..at + 1 + domain)
}

/// What a local part is commonly made of; of what RFC 5321 allows beyond that,
/// most separates an address from what stands before it.
fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._+-'%".contains(c) || is_european(c)
}

/// Latin, Greek and Cyrillic letters: those of scripts that put spaces between words.
fn is_european(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{52f}') && c.is_alphabetic()
}

/// How long the domain is that the text begins with.
fn domain(text: &str) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || is_european(c);
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let mut domain = text.get(..end)?;
    if domain.starts_with('.') || domain.contains("..") {
        return None;
    }
    loop {
        domain = domain.trim_end_matches(['.', '-']);
        let (rest, last) = domain.rsplit_once('.')?;
        if is_top(last) {
            return Some(domain.len());
        }
        domain = rest;
    }
}

fn is_top(label: &str) -> bool {
    let is_name = label.chars().count() >= 2 && label.chars().all(char::is_alphabetic);
    (is_name || label.starts_with("xn--"))
        && !FILES.iter().any(|file| label.eq_ignore_ascii_case(file))
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn addresses_are_found_in_their_surroundings() {
        check("email", "mail «ann.lee+x@mail.example.org» now, or <«bob@acme.example»>.");
        check(
            "email",
            "mailto:«a_b@acme.example»?x ?email=«ann@acme.example»&b=1 («O'Hara@x.example»)",
        );
        check("email", "'«ann@acme.example»', «josé@correo.example», «x@xn--bcher-kva.example»");
        check("email", "«ann@bücher.example» und 请联系«ann@acme.example»。");
    }

    #[test]
    fn what_is_no_address_is_left() {
        check("email", "logo@2x.png @scope/pkg@1.2.3 a@b a@b.c x@1.2.3.4 @acme.example");
        check(
            "email",
            "a @ acme.example, a.@acme.example, a@.example, a@b..example, user@localhost",
        );
    }
}
