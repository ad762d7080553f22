//! Findings for people, on a terminal.

use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use bounden_base::{Diagnostic, Severity, Span};

use super::input::Report;

pub(super) fn report(report: &Report<'_>, explain: bool) {
    let (name, text) = (report.document.name(), report.document.text());
    anstream::print!("{}", print(&report.diagnostics, &name, &text));
    if explain {
        for default in &report.defaults {
            println!("default  {}: {}", default.place, default.value);
        }
    }
    println!("{name}: {}", summary(report));
}

/// The findings with the lines that they point at, in colour.
pub(crate) fn print(found: &[Diagnostic], name: &str, text: &str) -> String {
    let renderer = Renderer::styled();
    found.iter().map(|problem| render(problem, name, text, &renderer) + "\n\n").collect()
}

/// Findings on stderr, for commands whose output is something else.
pub(crate) fn tell(path: &Path, bytes: &[u8], problems: &[Diagnostic]) {
    let (name, text) = (path.display().to_string(), String::from_utf8_lossy(bytes));
    let renderer = Renderer::styled();
    for problem in problems {
        anstream::eprintln!("{}\n", render(problem, &name, &text, &renderer));
    }
}

fn render(problem: &Diagnostic, name: &str, text: &str, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut snippet = Snippet::source(text)
        .path(name)
        .annotation(AnnotationKind::Primary.span(within(problem.span, text)));
    for label in &problem.related {
        let span = AnnotationKind::Context.span(within(label.span, text));
        snippet = snippet.annotation(span.label(label.message.as_str()));
    }
    let mut group =
        level.primary_title(problem.message.as_str()).id(problem.code.as_str()).element(snippet);
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// The span, inside the text and between characters, whatever bytes were read.
fn within(span: Span, text: &str) -> std::ops::Range<usize> {
    let inside = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    inside(span.start)..inside(span.end)
}

fn summary(report: &Report<'_>) -> String {
    let plural = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    if errors + warnings == 0 {
        return "nothing found".to_owned();
    }
    format!("{}, {}", plural(errors, "error"), plural(warnings, "warning"))
}
