//! How tests look at diagnostics: one line each, with the text that they point at.

use bounden_base::{Diagnostic, Fix, LineIndex, Severity};

/// `error B010 2:1 "a" the key `a` is given twice; help: remove one of the two`
pub(crate) fn show(source: &[u8], problems: &[Diagnostic]) -> String {
    let text = String::from_utf8_lossy(source);
    let lines: Vec<_> = problems.iter().map(|problem| line(&text, problem)).collect();
    lines.join("\n")
}

fn line(text: &str, problem: &Diagnostic) -> String {
    let place = LineIndex::new(text).position(problem.span.start);
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let quoted = text.get(problem.span.start..problem.span.end).unwrap_or("");
    let help = problem.help.as_ref().map_or(String::new(), |help| format!("; help: {help}"));
    format!(
        "{severity} {} {}:{} {quoted:?} {}{help}",
        problem.code, place.line, place.column, problem.message
    )
}

/// The source with a fix applied.
pub(crate) fn repaired(source: &str, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    edits.into_iter().fold(source.to_owned(), |mut text, edit| {
        text.replace_range(edit.span.start..edit.span.end, &edit.replacement);
        text
    })
}
