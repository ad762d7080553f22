//! A JSON Web Token.

use std::ops::Range;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bounden_base::Json;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;

/// `{"` in base 64, with which nearly every header begins.
const BEGINNING: &[&str] = &["eyJ"];

/// The longest header that is taken apart.
const LONGEST_HEADER: usize = 4_096;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "JSON Web Token, signed or encrypted",
    source: "RFC 7519, in the compact forms of RFC 7515 and RFC 7516",
    check: "the header is a JSON object in base 64 that names its algorithm",
    caution: "a header that begins with white space is not found",
    words: &["jwt"],
    specimen: || {
        let part = |json: &str| Base64UrlUnpadded::encode_string(json.as_bytes());
        let claims = part(r#"{"iss":"joe","exp":1300819380}"#);
        [&part(r#"{"alg":"HS256","typ":"JWT"}"#), ".", &claims, ".", &super::token::letters(43)]
            .concat()
    },
    ..Detector::new(
        "jwt",
        "secrets.context",
        Trigger::Literal(BEGINNING, |text, literal| {
            if text.goes_on_before(literal.start) || text.before(literal.start) == b'-' {
                return None;
            }
            token(text, literal.start)
        }),
    )
};

/// The token that begins at `start`: three parts, or five of an encrypted one.
pub(super) fn token(text: Text<'_>, start: usize) -> Option<Range<usize>> {
    let header = start..text.run(start, alphabet::base64url);
    let claims = header.end + 1..text.run(header.end + 1, alphabet::base64url);
    let is_formed = text.at(header.end) == b'.'
        && text.at(claims.end) == b'.'
        && header.len() <= LONGEST_HEADER;
    if !is_formed || !names_algorithm(text.slice(header)) {
        return None;
    }
    let mut end = text.run(claims.end + 1, alphabet::base64url);
    for _ in 0..2 {
        let next = text.run(end + 1, alphabet::base64url);
        if text.at(end) == b'.' && next > end + 1 {
            end = next;
        }
    }
    (!text.goes_on_after(end)).then_some(start..end)
}

fn names_algorithm(header: &[u8]) -> bool {
    let bytes =
        std::str::from_utf8(header).ok().and_then(|text| Base64UrlUnpadded::decode_vec(text).ok());
    let json = bytes.and_then(|bytes| Json::parse(&bytes).ok());
    json.is_some_and(|json| json.get("alg").and_then(Json::as_str).is_some())
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding as _};

    use super::super::super::marked::check;
    use super::super::token::letters;

    fn part(json: &str) -> String {
        Base64UrlUnpadded::encode_string(json.as_bytes())
    }

    #[test]
    fn signed_encrypted_and_unsigned_ones_are_found() {
        let header = part(r#"{"alg":"HS256"}"#);
        check("jwt", &format!("Bearer «{header}.{}.{}», ok", part("{}"), letters(43)));
        check("jwt", &format!("«{}.{}.»", part(r#"{"alg":"none"}"#), part("{}")));
        let encrypted = part(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
        check(
            "jwt",
            &format!(
                "«{encrypted}.{}.{}.{}.{}»",
                letters(40),
                letters(16),
                letters(60),
                letters(22)
            ),
        );
    }

    #[test]
    fn what_has_no_header_is_left() {
        let header = part(r#"{"typ":"JWT"}"#);
        check("jwt", &format!("{header}.{}.{}", part("{}"), letters(43)));
        check("jwt", &format!("eyJabc.def.ghi eyJ {} eyJeyJeyJ.a.b", part(r#"{"alg":"HS256"}"#)));
        check("jwt", &format!("x{}.{}.{}", part(r#"{"alg":"HS256"}"#), part("{}"), letters(43)));
    }
}
