//! Findings for people, on a terminal.

use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use bounden_base::{Diagnostic, Severity, Span};

use super::input::Report;

pub(super) fn report(report: &Report<'_>, explain: bool) {
    let (name, text) = (report.document.name(), report.document.text());
    for policy in &report.organisations.0 {
        anstream::print!("{}", print(&policy.diagnostics, &policy.name(), &policy.text()));
    }
    let others: Vec<_> =
        report.organisations.0.iter().map(|policy| (policy.name(), policy.text())).collect();
    let renderer = Renderer::styled();
    for problem in &report.diagnostics {
        anstream::println!("{}\n", render(problem, &name, &text, &others, &renderer));
    }
    if explain {
        for default in &report.defaults {
            println!("default  {}: {}", default.place, default.value);
        }
    }
    for policy in &report.organisations.0 {
        println!("policy   {}", policy.name());
    }
    println!("{name}: {}", summary(report));
}

/// The findings with the lines that they point at, in colour.
pub(crate) fn print(found: &[Diagnostic], name: &str, text: &str) -> String {
    let renderer = Renderer::styled();
    found.iter().map(|problem| render(problem, name, text, &[], &renderer) + "\n\n").collect()
}

/// Findings on stderr, for commands whose output is something else.
pub(crate) fn tell(path: &Path, bytes: &[u8], problems: &[Diagnostic]) {
    let (name, text) = (path.display().to_string(), String::from_utf8_lossy(bytes));
    let renderer = Renderer::styled();
    for problem in problems {
        anstream::eprintln!("{}\n", render(problem, &name, &text, &[], &renderer));
    }
}

/// The text up to the last line that is pointed at: what follows, however much, is not shown.
fn up_to<'t>(problem: &Diagnostic, text: &'t str) -> &'t str {
    let own = problem.related.iter().filter(|label| label.file.is_none()).map(|label| label.span);
    let last = own.chain([problem.span]).map(|span| within(span, text).end).max().unwrap_or(0);
    let line = text.get(last..).and_then(|rest| rest.find('\n'));
    line.and_then(|line| text.get(..last + line + 1)).unwrap_or(text)
}

/// One finding; labels in other files are shown where the file is one of `others`.
fn render(
    problem: &Diagnostic,
    name: &str,
    text: &str,
    others: &[(String, String)],
    renderer: &Renderer,
) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut snippet = Snippet::source(up_to(problem, text))
        .path(name)
        .annotation(AnnotationKind::Primary.span(within(problem.span, text)));
    for label in problem.related.iter().filter(|label| label.file.is_none()) {
        let span = AnnotationKind::Context.span(within(label.span, text));
        snippet = snippet.annotation(span.label(label.message.as_str()));
    }
    let mut group =
        level.primary_title(problem.message.as_str()).id(problem.code.as_str()).element(snippet);
    for label in &problem.related {
        let other = others.iter().find(|(name, _)| label.file.as_ref() == Some(name));
        let Some((name, text)) = other else { continue };
        let span = AnnotationKind::Context.span(within(label.span, text));
        let snippet = Snippet::source(text.as_str()).path(name.as_str());
        group = group.element(snippet.annotation(span.label(label.message.as_str())));
    }
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
