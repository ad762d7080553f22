//! A value that is called a password, a key or a token.

use std::ops::Range;

use super::super::detector::{Detector, Strength, Trigger};
use super::super::text::Text;
use super::super::{naming, value};

/// What a name ends with whose value is a secret.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "passwort",
    "kennwort",
    "contraseña",
    "secret",
    "api key",
    "apikey",
    "access key",
    "secret key",
    "private key",
    "account key",
    "auth key",
    "encryption key",
    "signing key",
    "master key",
    "access token",
    "auth token",
    "refresh token",
    "id token",
    "bearer token",
    "session token",
    "api token",
    "security token",
    "bot token",
    "deploy token",
    "webhook token",
];

/// The longest name that is looked at.
const LONGEST_NAME: usize = 64;

/// Most bytes between a name and the sign.
const MOST_BETWEEN: usize = 4;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "value that is called a password, a secret, a key or a token",
    source: "names in use: password=, api_key:, client_secret, access_token and their like",
    check: "the value is no placeholder, template or type; after a colon and without quotes it has more than letters",
    caution: "whatever is called so is found; a password that follows its name without = or : is not",
    words: WORDS,
    strength: Strength::Guess,
    member: Some(|text| {
        let value = 0..text.len();
        (!value::is_placeholder(text, &value)).then_some(value)
    }),
    specimen: || ["password", "=canary-7"].concat(),
    ..Detector::new("credential", "secrets.context", Trigger::Bytes(b"=:", find))
};

/// The value that the sign at `at` gives to a name.
fn find(text: Text<'_>, at: usize) -> Option<Range<usize>> {
    let sign = text.at(at);
    let is_other = match sign {
        b'=' => text.at(at + 1) == b'=' || b"=!<>".contains(&text.before(at)),
        _ => text.at(at + 1) == b'=' || text.at(at + 1) == b':' || text.before(at) == b':',
    };
    if is_other || !is_secret(name(text, at)) || value::is_in_authority(text, at) {
        return None;
    }
    let start = value::start(text, at + 1);
    let is_quoted = b"\"'`".contains(&text.before(start));
    // `PWD` is also where a shell is, and functions and variables are no values.
    let is_folder = text.at(start) == b'/' && name(text, at).ends_with(b"PWD");
    if is_folder || !is_quoted && is_code(text, start) {
        return None;
    }
    let value = value::at(text, start);
    let is_word = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80;
    let is_prose = sign == b':' && !is_quoted && text.slice(value.clone()).iter().all(is_word);
    (!is_prose && !value::is_placeholder(text, &value)).then_some(value)
}

/// Whether a function is called here, something looked up, or a variable put in.
fn is_code(text: Text<'_>, start: usize) -> bool {
    let name = |byte: u8| byte.is_ascii_alphabetic() || b"_.:".contains(&byte);
    let function = text.run_within(start, LONGEST_NAME, name);
    let is_looked_up = text.at(function) == b'[' && b"\"'".contains(&text.at(function + 1));
    let is_called = text.at(function) == b'(' || is_looked_up;
    function > start && is_called || text.at(start) == b'$' && !text.at(start + 1).is_ascii_digit()
}

/// The name before the sign, without what stands around it.
fn name(text: Text<'_>, at: usize) -> &[u8] {
    let between = text.slice(at.saturating_sub(MOST_BETWEEN)..at);
    let is_between = |byte: &&u8| b" \t\"'`:]".contains(byte);
    let end = at - between.iter().rev().take_while(is_between).count();
    let is_part = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || byte >= 0x80
    };
    let near = end.saturating_sub(LONGEST_NAME);
    let part = text.slice(near..end);
    let start = part.iter().rposition(|byte| !is_part(*byte)).map_or(0, |place| place + 1);
    // What a mask is called says nothing about what follows it.
    if text.opens_mask((near + start).saturating_sub(1)) {
        return &[];
    }
    part.get(start..).unwrap_or_default()
}

fn is_secret(name: &[u8]) -> bool {
    let last = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    last.eq_ignore_ascii_case(b"token") || naming::ends(name, WORDS)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn assigned_secrets_are_found() {
        check(
            "credential",
            "password=«hunter2» user=bob&api_key=«abc123»&x=1; DB_PASSWORD = '«a b c»'",
        );
        check(
            "credential",
            "client_secret: \"«abc def»\", token: «abc-123», userPassword => «x9!k»",
        );
        check(
            "credential",
            "{\"password\": \"«hunter»\", \"n\": 1}, x-api-key: «k-123»\nspring.datasource.password=«pw»",
        );
        check("credential", "Passwort: «geheim1», PWD=«hunter2».");
    }

    #[test]
    fn what_is_no_secret_is_left() {
        check(
            "credential",
            "password: must be long, password_policy=strict, page_token=abc, tokens: 1500",
        );
        check(
            "credential",
            "password = None, password: null, secret=${SECRET}, api_key=<key>, PWD=/home/a",
        );
        check(
            "credential",
            "if password == other, password != \"\", password = read(), x = env[\"PASSWORD\"], password = env[\"PW\"], fn(password: String)",
        );
        check(
            "credential",
            "password=[credential] secret: \"[credential]\" password=**** token::new",
        );
    }
}
