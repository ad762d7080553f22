//! A password in an address: `scheme://user:password@host`.

use std::ops::Range;

use super::super::detector::{Detector, Strength, Trigger};
use super::super::text::Text;
use super::super::value;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "password in the address of a server",
    source: "RFC 3986 section 3.2.1",
    check: "a scheme, a user, a colon and a host",
    caution: "a password with a slash that is not percent-encoded is not found",
    words: &["connection string"],
    strength: Strength::Context,
    specimen: || ["postgres://app:", "canary", "@db.example/app"].concat(),
    ..Detector::new("url_password", "secrets.context", Trigger::Bytes(b":", find))
};

fn find(text: Text<'_>, colon: usize) -> Option<Range<usize>> {
    if !text.starts_with(colon, "://") {
        return None;
    }
    let is_scheme = text.before(colon).is_ascii_alphanumeric();
    let ends = |byte: u8| byte.is_ascii_whitespace() || b"/?#\"<>`\\".contains(&byte);
    let authority = colon + 3..text.run(colon + 3, |byte| !ends(byte));
    let at = text.slice(authority.clone()).iter().rposition(|byte| *byte == b'@')?;
    let user =
        text.slice(authority.start..authority.start + at).iter().position(|byte| *byte == b':')?;
    let password = authority.start + user + 1..authority.start + at;
    (is_scheme && !value::is_placeholder(text, &password)).then_some(password)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn the_password_alone_is_found() {
        check("url_password", "postgres://app:«hunter2»@db.example:5432/x, redis://:«a@b»@h/0");
        check("url_password", "'https://user:«p%40ss»@host.example'");
    }

    #[test]
    fn addresses_without_one_are_left() {
        check(
            "url_password",
            "https://host.example:443/a@b git@host:x/y http://user@host/ ://a:b@c",
        );
        check(
            "url_password",
            "https://u:***@h https://u:${PW}@h https://u:[url_password]@h x://a:b/@c",
        );
    }
}
