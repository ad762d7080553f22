//! A token to GitHub.

use std::ops::Range;

use super::super::alphabet;
use super::super::checksum::base62;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::jwt;
use super::token::{after, letters};

const PREFIXES: &[&str] = &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to GitHub: personal, OAuth, of an app or fine-grained",
    source: "GitHub Blog 2021-04-05, Behind GitHub's new authentication token formats; GitHub Changelog 2026-04-24 for ghs_ with a JWT",
    check: "CRC-32 in base 62 as the last six of 36 characters; for github_pat_ the lengths of both parts; for ghs_ with a JWT its header",
    caution: "a token from before 2021, forty hexadecimal digits, is not told from a digest",
    words: &["github token"],
    specimen: || {
        let body = letters(30);
        let check = base62::checksum(body.as_bytes());
        ["ghp", "_", &body, &String::from_utf8_lossy(&check)].concat()
    },
    ..Detector::new("github_token", "secrets.code", Trigger::Literal(PREFIXES, find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    match text.slice(prefix.clone()) {
        b"github_pat_" => {
            let range = after(text, prefix.clone(), alphabet::word, 82..=82)?;
            let is_divided = text.at(prefix.end + 22) == b'_';
            is_divided.then_some(range)
        }
        b"ghs_" => classic(text, prefix.clone()).or_else(|| stateless(text, prefix)),
        _ => classic(text, prefix),
    }
}

fn classic(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let range = after(text, prefix.clone(), alphabet::alphanumeric, 36..=36)?;
    base62::crc32_base62(text.slice(prefix.end..range.end)).then_some(range)
}

/// `ghs_APPID_JWT`, which is signed instead of carrying a checksum.
fn stateless(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let app = text.run(prefix.end, alphabet::digit);
    let token = app + usize::from(text.at(app) == b'_');
    let is_whole = !text.goes_on_before(prefix.start) && token > app && app > prefix.end;
    let range = if is_whole { jwt::token(text, token)? } else { return None };
    Some(prefix.start..range.end)
}

#[cfg(test)]
mod tests {
    use super::super::super::checksum::base62::checksum;
    use super::super::super::marked::check;
    use super::super::jwt;
    use super::letters;

    /// A token with its checksum, put together so that no scanner takes this file for a leak.
    fn token(prefix: &str) -> String {
        let body = letters(30);
        let check = checksum(body.as_bytes());
        [prefix, "_", &body, std::str::from_utf8(&check).unwrap()].concat()
    }

    #[test]
    fn every_prefix_is_found_by_its_checksum() {
        for prefix in ["ghp", "gho", "ghu", "ghs", "ghr"] {
            check("github_token", &format!("export T=«{}»", token(prefix)));
        }
        check(
            "github_token",
            &format!("«{}{}_{}»", ["github", "_pat_"].concat(), letters(22), letters(59)),
        );
        let stateless = format!("{}_123456_{}", "ghs", (jwt::DETECTOR.specimen)());
        check("github_token", &format!("«{stateless}»"));
    }

    #[test]
    fn near_misses_are_left() {
        let token = token("ghp");
        check("github_token", &format!("{}0 x{token} {token}A {}", &token[..39], &token[..39]));
        check(
            "github_token",
            &format!("{}{}_{}", ["github", "_pat_"].concat(), letters(21), letters(60)),
        );
        check("github_token", &format!("{}_123456_abc.def.ghi", "ghs"));
    }
}
