//! What an `Authorization` header carries.

use std::ops::Range;

use base64ct::{Base64, Base64Unpadded, Encoding as _};

use super::super::alphabet;
use super::super::detector::{Detector, Strength, Trigger};
use super::super::text::Text;
use super::super::value;
use super::token::letters;

const SCHEMES: &[&str] = &["Bearer ", "bearer ", "BEARER ", "Basic ", "basic ", "BASIC "];

const WORDS: &[&str] = &["authorization", "proxy authorization"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "credentials of a Bearer or Basic authorization",
    source: "RFC 6750 section 2.1, RFC 7617",
    check: "Basic is base 64 with a colon in it; a Bearer token outside a header has digits and sixteen characters",
    caution: "other schemes only where the whole header is a member of a record",
    words: WORDS,
    strength: Strength::Context,
    member: Some(|text| {
        let scheme = text.run(0, alphabet::alphanumeric);
        let start = if text.at(scheme) == b' ' { scheme + 1 } else { 0 };
        Some(start..text.len()).filter(|value| !value::is_placeholder(text, value))
    }),
    specimen: || ["Authorization: Bearer ", &letters(32)].concat(),
    ..Detector::new("authorization", "secrets.context", Trigger::Literal(SCHEMES, find))
};

fn find(text: Text<'_>, scheme: Range<usize>) -> Option<Range<usize>> {
    if text.goes_on_before(scheme.start) {
        return None;
    }
    let range = scheme.end..text.run(scheme.end, alphabet::token68);
    let credentials = text.slice(range.clone());
    let is_meant = if text.at(scheme.start).eq_ignore_ascii_case(&b'b')
        && text.at(scheme.start + 1).eq_ignore_ascii_case(&b'a')
    {
        is_user_and_password(text.str(range.clone()))
    } else {
        let has_digit = credentials.iter().any(u8::is_ascii_digit);
        has_digit && credentials.len() >= 16
            || !credentials.is_empty() && text.is_named(scheme.start, WORDS)
    };
    is_meant.then_some(range)
}

fn is_user_and_password(credentials: &str) -> bool {
    let bare = credentials.trim_end_matches('=');
    let decoded = Base64::decode_vec(credentials).or_else(|_| Base64Unpadded::decode_vec(bare));
    credentials.len() >= 4 && decoded.is_ok_and(|bytes| bytes.contains(&b':'))
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding as _};

    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn both_schemes_are_found() {
        let basic = Base64::encode_string(b"user:password");
        check("authorization", &format!("Authorization: Basic «{basic}»\r\nX: y"));
        check(
            "authorization",
            &format!("curl -H 'authorization: bearer «abc»', Bearer «{}»", letters(32)),
        );
    }

    #[test]
    fn prose_is_left() {
        check(
            "authorization",
            "the bearer of news, Bearer instruments, basic training, Basic QWxhZGRpbg==",
        );
        check("authorization", "Authorization: Bearer [authorization]");
    }
}
