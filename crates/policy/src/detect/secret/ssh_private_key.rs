//! A private key of a secure shell.

use std::ops::Range;

use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::private_key::{self, block};

const BEGINNINGS: &[&str] = &["-----BEGIN ", "PuTTY-User-Key-File-"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "private key of OpenSSH or PuTTY, the whole block",
    source: "OpenSSH PROTOCOL.key; PuTTY manual, appendix C",
    check: "the label says OPENSSH PRIVATE KEY; the file of PuTTY has private lines",
    caution: "keys in the older PEM forms are found as private_key",
    words: &["ssh key"],
    specimen: || block("OPENSSH PRIVATE KEY"),
    ..Detector::new("ssh_private_key", "secrets.keys", Trigger::Literal(BEGINNINGS, find))
};

fn find(text: Text<'_>, beginning: Range<usize>) -> Option<Range<usize>> {
    if text.at(beginning.start) == b'P' {
        return putty(text, beginning.start);
    }
    private_key::find(text, beginning, |label| label.starts_with("OPENSSH"))
}

/// From the head of the file to its last line, the authentication code.
fn putty(text: Text<'_>, start: usize) -> Option<Range<usize>> {
    let rest = text.slice(start..text.len());
    let rest = rest.get(
        ..memchr::memmem::find(rest.get(1..)?, b"PuTTY-User-Key-File-")
            .map_or(rest.len(), |next| next + 1),
    )?;
    let private = memchr::memmem::find(rest, b"Private-Lines:")?;
    let code = memchr::memmem::find(rest.get(private..)?, b"Private-MAC:");
    let last = code.map_or(start + rest.len(), |code| {
        text.run(start + private + code, |byte| byte != b'\n' && byte != b'\\')
    });
    Some(start..last)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::super::token::{hex, letters};
    use super::*;

    #[test]
    fn both_files_are_found() {
        check("ssh_private_key", &format!("«{}»\n", block("OPENSSH PRIVATE KEY")));
        let file = format!(
            "{}-3: ssh-ed25519\nPublic-Lines: 1\n{}\nPrivate-Lines: 1\n{}\nPrivate-MAC: {}",
            "PuTTY-User-Key-File",
            letters(64),
            letters(48),
            hex(64)
        );
        check("ssh_private_key", &format!("file:\n«{file}»\nnext"));
    }

    #[test]
    fn other_blocks_are_left() {
        check("ssh_private_key", &block("RSA PRIVATE KEY"));
        check("ssh_private_key", "PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\n");
    }
}
