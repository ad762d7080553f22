//! Applies repairs to the text of a document; everything else of it stays as it is.

use bounden_base::{Diagnostic, Edit, Fix};
use bounden_policy::Contracts;

use crate::check;

/// One repair can make the next one possible; more than so many in a row would be a circle.
const ROUNDS: usize = 8;

/// The source with safe repairs until none is left.
#[must_use]
pub fn repaired_whole(source: &str, contracts: Option<&Contracts>) -> String {
    let mut source = source.to_owned();
    for _ in 0..ROUNDS {
        let found = check(source.as_bytes(), contracts).diagnostics;
        let (text, count) = repaired(&source, &found);
        if count == 0 {
            break;
        }
        source = text;
    }
    source
}

/// The source with the safe repairs of these findings, and how many there were.
/// A repair that would overlap an earlier one is left for the next time.
#[must_use]
pub fn repaired(source: &str, found: &[Diagnostic]) -> (String, usize) {
    let mut kept: Vec<&Edit> = Vec::new();
    let mut count = 0;
    for fix in found.iter().filter_map(|problem| problem.fix.as_ref()).filter(|fix| fix.safe) {
        let fits = |edit: &Edit| kept.iter().all(|other| !overlap(edit, other));
        if fix.edits.iter().all(fits) {
            kept.extend(&fix.edits);
            count += 1;
        }
    }
    (apply(source, kept), count)
}

/// The source with one repair, safe or not.
#[must_use]
pub fn with_fix(source: &str, fix: &Fix) -> String {
    apply(source, fix.edits.iter().collect())
}

fn overlap(a: &Edit, b: &Edit) -> bool {
    a.span.start <= b.span.end && b.span.start <= a.span.end
}

fn apply(source: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    edits.into_iter().fold(source.to_owned(), |mut text, edit| {
        let span = edit.span;
        if text.is_char_boundary(span.start) && text.is_char_boundary(span.end) {
            text.replace_range(span.start..span.end, &edit.replacement);
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_repairs_are_made_and_comments_stay() {
        let source = "# kept\nschema: behavior.intent/v1\nagent: {id: 7, version: 1.0} # kept too\npurpose: x\nscope: {in: {}, out: {}}\n";
        let (text, count) = repaired(source, &check(source.as_bytes(), None).diagnostics);
        assert_eq!(count, 2);
        assert_eq!(text, source.replace('7', "\"7\"").replace("1.0}", "\"1.0\"}"));
        assert_eq!(repaired(&text, &check(text.as_bytes(), None).diagnostics).1, 0);
    }
}
