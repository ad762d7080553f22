//! Findings as annotations of a build: workflow commands of GitHub Actions.
//!
//! Format: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>,
//! escapes as in `@actions/core`.

use bounden_base::{Diagnostic, LineIndex, Severity};

use super::input::Report;

pub(super) fn annotate(report: &Report<'_>) {
    for policy in &report.organisations.0 {
        annotate_all(&policy.diagnostics, &policy.name(), &policy.text());
    }
    annotate_all(&report.diagnostics, &report.document.name(), &report.document.text());
}

fn annotate_all(found: &[Diagnostic], name: &str, text: &str) {
    let lines = LineIndex::new(text);
    for problem in found {
        println!("{}", annotation(problem, name, &lines));
    }
}

/// `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=…::…`; an end column
/// is understood only on the line that the annotation begins on.
fn annotation(problem: &Diagnostic, name: &str, lines: &LineIndex<'_>) -> String {
    let (start, end) = (lines.position(problem.span.start), lines.position(problem.span.end));
    let end_column =
        if start.line == end.line { format!(",endColumn={}", end.column) } else { String::new() };
    let help = problem.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
    format!(
        "::{} file={},line={},col={},endLine={}{end_column},title={}::{}",
        command(problem.severity),
        property(name),
        start.line,
        start.column,
        end.line,
        property(&problem.code),
        data(&format!("{}{help}", problem.message)),
    )
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// What stands after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands after a `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use bounden_base::Span;

    use super::*;

    #[test]
    fn whatever_a_command_is_made_of_is_escaped() {
        let problem = Diagnostic::warning("B1", Span::new(0, 1), "50 %: a, b").help("no\r\nmore");
        let made = annotation(&problem, "a,b:c%.intent", &LineIndex::new("ab\nc"));
        assert_eq!(
            made,
            "::warning file=a%2Cb%3Ac%25.intent,line=1,col=1,endLine=1,endColumn=2,title=B1::50 %25: a, b%0Ahelp: no%0D%0Amore"
        );
    }

    #[test]
    fn a_finding_of_several_lines_has_no_end_column() {
        let problem = Diagnostic::error("B1", Span::new(1, 4), "x");
        let made = annotation(&problem, "a", &LineIndex::new("ab\nc"));
        assert_eq!(made, "::error file=a,line=1,col=2,endLine=2,title=B1::x");
    }
}
