//! A key to OpenAI.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::{after, letters};

const PREFIXES: &[&str] = &["sk-", "sk-proj-", "sk-svcacct-", "sk-admin-"];

/// `OpenAI` in base 64, which stands in the middle of every key.
const MARK: &[u8] = b"T3BlbkFJ";

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "key to OpenAI: of a user, project, service account or administrator",
    source: "OpenAI API reference, authentication; every key has OpenAI in base 64 in its middle",
    check: "prefix, the mark in the middle, length",
    caution: "keys of other providers that begin with sk- are left to what stands around them",
    words: &["openai key"],
    specimen: || ["sk", "-proj-", &letters(74), "T3Blbk", "FJ", &letters(74)].concat(),
    ..Detector::new("openai_key", "secrets.ai", Trigger::Literal(PREFIXES, find))
};

fn find(text: Text<'_>, prefix: Range<usize>) -> Option<Range<usize>> {
    let range = after(text, prefix.clone(), alphabet::base64url, 40..=250)?;
    let body = text.slice(prefix.end..range.end);
    body.windows(MARK.len()).any(|part| part == MARK).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn the_mark_in_its_middle_counts() {
        let mark = ["T3Blbk", "FJ"].concat();
        check(
            "openai_key",
            &format!(
                "key «{}» and «sk-{}{mark}{}»",
                (super::DETECTOR.specimen)(),
                letters(20),
                letters(20)
            ),
        );
        check(
            "openai_key",
            &format!("sk-{} risk-{}{mark}{} sk-{mark}", letters(48), letters(20), letters(20)),
        );
    }
}
