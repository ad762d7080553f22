//! A short text that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Longest text that is made, in bytes.
const MOST: usize = 1_024;

/// A text that fits the pattern, if one is easily made; whether it fits the
/// whole schema is checked afterwards.
pub(super) fn text(pattern: &str) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, &mut text)?;
    Some(text)
}

fn write(hir: &Hir, text: &mut String) -> Option<()> {
    if text.len() > MOST {
        return None;
    }
    match hir.kind() {
        // Where a text begins or ends needs no characters; where that makes
        // the whole impossible, the check afterwards says so.
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(member(class)?),
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min {
                write(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(parts) => write(parts.first()?, text)?,
    }
    Some(())
}

/// A character of the class, a plain one where there is one.
fn member(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let holds = |wanted: &char| {
        class.ranges().iter().any(|range| (range.start()..=range.end()).contains(wanted))
    };
    let plain = ('a'..='z').chain('0'..='9').chain('A'..='Z').find(holds);
    plain.or_else(|| Some(class.ranges().first()?.start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_matches() {
        for pattern in [
            "^A-[0-9]{4}$",
            "^C-[0-9]{3}$",
            "[A-Z]{2}|x+",
            r"^(?:\d{3}-)?\w+@\w+\.example$",
            "",
            "^[^a-zA-Z0-9]$",
        ] {
            let made = text(pattern).unwrap();
            assert!(regex::Regex::new(pattern).unwrap().is_match(&made), "{pattern}: {made}");
        }
        assert_eq!(text("^A-[0-9]{4}$").as_deref(), Some("A-0000"));
    }

    #[test]
    fn what_cannot_be_made_is_none() {
        assert_eq!(text("a{1000}b{1000}"), None);
        assert_eq!(text("("), None);
    }
}
