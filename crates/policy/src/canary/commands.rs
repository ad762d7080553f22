//! Command lines that are made of the words which a predicate looks for.

use std::collections::BTreeSet;

use bounden_base::Json;

use super::ANY_TEXT;

/// Most words that are put together.
const MOST_WORDS: usize = 12;

/// Command lines with each word as a program, a flag, an operand, a file that
/// is written or a variable that is set; and one that does not say what runs.
pub(super) fn lines(words: &BTreeSet<String>) -> Vec<Json> {
    let (flags, others): (Vec<&str>, Vec<&str>) =
        words.iter().map(String::as_str).take(MOST_WORDS).partition(|word| word.starts_with('-'));
    let programs: Vec<String> =
        others.iter().chain([&ANY_TEXT]).map(|program| quoted(program)).collect();
    let flags: Vec<String> = flags.iter().map(|flag| quoted(flag)).collect();
    // The simplest first: not all of them may be tried.
    let mut lines = programs.clone();
    lines.push(format!("${ANY_TEXT}"));
    for program in &programs {
        lines.extend(flags.iter().map(|flag| format!("{program} {flag}")));
        lines.push(format!("{program} {}", flags.join(" ")));
    }
    for between in [" ", " > ", " | ", " < ", "=1 "] {
        for one in &programs {
            lines.extend(programs.iter().map(|other| format!("{one}{between}{other}")));
        }
    }
    lines.into_iter().map(Json::from).collect()
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./+:@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
