//! How tests look at diagnostics: one line each, with the text that they point at.

use bounden_base::{Diagnostic, LineIndex, Severity};

/// `error B010 "a" the key `a` is given twice; help: remove one of the two`
pub(crate) fn show(source: &[u8], problems: &[Diagnostic]) -> String {
    lines(source, problems, |_, _| String::new())
}

/// The same with line and column after the code.
pub(crate) fn show_places(source: &[u8], problems: &[Diagnostic]) -> String {
    lines(source, problems, |text, problem| {
        let place = LineIndex::new(text).position(problem.span.start);
        format!("{}:{} ", place.line, place.column)
    })
}

fn lines(
    source: &[u8],
    problems: &[Diagnostic],
    place: impl Fn(&str, &Diagnostic) -> String,
) -> String {
    let text = String::from_utf8_lossy(source);
    let line = |problem: &Diagnostic| {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let quoted = text.get(problem.span.start..problem.span.end).unwrap_or("");
        let help = problem.help.as_ref().map_or(String::new(), |help| format!("; help: {help}"));
        let (code, message, place) = (&problem.code, &problem.message, place(&text, problem));
        format!("{severity} {code} {place}{quoted:?} {message}{help}")
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}
