//! A private key in textual encoding.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::letters;

/// With which every textual encoding begins.
pub(super) const BEGINNING: &[&str] = &["-----BEGIN "];

const DASHES: &str = "-----";

/// Fewest characters of a line of a block that was cut off.
const LEAST_LINE: usize = 16;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "private key in PEM, the whole block, or as much of it as was not cut off",
    source: "RFC 7468 with PKCS 1, PKCS 8 and SEC 1 keys; RFC 9580 section 6.2 for OpenPGP",
    check: "the label says PRIVATE KEY",
    caution: "a key without its first line is not found",
    words: &["private key"],
    specimen: || block("PRIVATE KEY"),
    ..Detector::new(
        "private_key",
        "secrets.keys",
        Trigger::Literal(BEGINNING, |text, beginning| {
            find(text, beginning, |label| {
                !label.starts_with("OPENSSH") && !label.starts_with("SSH2")
            })
        }),
    )
};

/// A block with such a label, for specimens.
pub(super) fn block(label: &str) -> String {
    let line = letters(64);
    [DASHES, "BEGIN ", label, DASHES, "\n", &line, "\n", &line, "\n", DASHES, "END ", label, DASHES]
        .concat()
}

/// The block that begins here, if its label is wanted and is that of a private key.
pub(super) fn find(
    text: Text<'_>,
    beginning: Range<usize>,
    is_wanted: fn(&str) -> bool,
) -> Option<Range<usize>> {
    let is_label = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ';
    let label = beginning.end..text.run(beginning.end, is_label);
    let body = label.end + DASHES.len();
    let name = text.str(label.clone());
    let is_key = name.ends_with("PRIVATE KEY") || name.ends_with("PRIVATE KEY BLOCK");
    if !is_key || !is_wanted(name) || !text.starts_with(label.end, DASHES) {
        return None;
    }
    let next = memchr::memmem::find(text.slice(body..text.len()), DASHES.as_bytes());
    if let Some(next) = next {
        let closing = body + next + DASHES.len();
        let end = closing + "END ".len() + name.len();
        if text.starts_with(closing, "END ")
            && text.str(end - name.len()..end) == name
            && text.starts_with(end, DASHES)
        {
            return Some(beginning.start..end + DASHES.len());
        }
    }
    cut_off(text, body).map(|end| beginning.start..end)
}

/// Where the lines end that look like those of a key.
fn cut_off(text: Text<'_>, body: usize) -> Option<usize> {
    let mut found = None;
    let mut place = body;
    loop {
        let start = text.run(place, |byte| byte.is_ascii_whitespace());
        let end = text.run(start, |byte| alphabet::base64(byte) || byte == b'=');
        if end - start < LEAST_LINE {
            return found;
        }
        found = Some(end);
        place = end;
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::*;

    #[test]
    fn whole_blocks_are_found() {
        for label in
            ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
        {
            check("private_key", &format!("key:\n«{}»\nend", block(label)));
        }
        let escaped = block("EC PRIVATE KEY").replace('\n', "\\n");
        check("private_key", &format!("{{\"key\": \"«{escaped}»\\n\"}}"));
    }

    #[test]
    fn a_block_that_was_cut_off_is_found_as_far_as_it_goes() {
        let block = block("RSA PRIVATE KEY");
        let cut = &block[..96];
        check("private_key", &format!("«{cut}» ... and so on"));
        check("private_key", &format!("{} and no key", &block[..31]));
    }

    #[test]
    fn public_keys_are_left() {
        check("private_key", &block("PUBLIC KEY"));
        check("private_key", &block("CERTIFICATE"));
        check("private_key", &block("OPENSSH PRIVATE KEY"));
    }
}
