//! A pattern that looks as if it searched.
//!
//! `matches` compares the whole text, from its first character to its last.
//! A pattern that was meant to find a part never fires; one that was meant to
//! fit the whole says so with `^` and `$`.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   inside: {rule: Mail stays inside, enforce: {by: policy_engine, trigger: call desk.hand_over, when: '!args.to.matches("[a-z]+@acme.example")', do: block}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   inside: {rule: Mail stays inside, enforce: {by: policy_engine, trigger: call desk.hand_over, when: '!args.to.matches("^[a-z]+@acme.example$")', do: block}}
//! ```

use bounden_base::{Diagnostic, Edit, Span};
use bounden_policy::{LiteralRead, Reading};

use super::Subject;
use crate::yaml::Text;

pub(super) const CODE: &str = "B212";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let enforced = subject.intent.invariants.iter().filter_map(|item| item.value.enforce.as_ref());
    let conditions = enforced.filter_map(|enforce| enforce.when.as_ref());
    for when in conditions.filter(|when| when.contains("matches")) {
        let reading = Reading::of(when).unwrap_or_default();
        for pattern in reading.patterns.iter().filter(|pattern| !is_anchored(&pattern.text)) {
            found.push(problem(subject.source, when, pattern));
        }
    }
}

fn is_anchored(pattern: &str) -> bool {
    let open = ["^", r"\A", ".*", "(?s).*", "(?is).*", "(?i).*"];
    open.iter().any(|start| pattern.starts_with(start))
        && ["$", r"\z", ".*"].iter().any(|end| pattern.ends_with(end))
}

fn problem(source: &str, when: &Text, pattern: &LiteralRead) -> Diagnostic {
    let span = when.part(pattern.span);
    let problem = Diagnostic::warning(CODE, span, "this pattern has to match the whole text")
        .help("write `^…$` if that is meant, or `.*` on both sides to find it anywhere");
    // Saying it changes nothing, where the quotes of the pattern stand in the source.
    let literal = source.get(span.start..span.end).unwrap_or("");
    let inside = literal.get(1..literal.len().saturating_sub(1));
    if span == when.span || inside != Some(&pattern.text) || pattern.text.contains('|') {
        return problem;
    }
    let anchor = |at, text: &str| Edit { span: Span::at(at), replacement: text.to_owned() };
    problem.fix(vec![anchor(span.start + 1, "^"), anchor(span.end - 1, "$")], true)
}
