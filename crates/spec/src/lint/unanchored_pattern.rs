//! A pattern that looks as if it searched.
//!
//! `matches` compares the whole text, from its first character to its last.
//! A pattern that was meant to find a part never fires; one that was meant to
//! fit the whole says so with `^` and `$`. The same goes for `regex` in the
//! arguments of a criterion. The `text` of an intent is searched for, so that a
//! pattern without any boundary is found inside other words, too: `return` in
//! "returned" and in "no returns".
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

use super::{Subject, with_fix, with_safe_fix};
use crate::yaml::Text;

pub(super) const CODE: &str = "B212";

const WHOLE: &str = "this pattern has to match the whole text";
const SAY_WHICH: &str = "write `^…$` if that is meant, or `.*` on both sides to find it anywhere";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let enforced = subject.intent.invariants.iter().filter_map(|item| item.value.enforce.as_ref());
    let conditions = enforced.filter_map(|enforce| enforce.when.as_ref());
    for when in conditions.filter(|when| when.contains("matches")) {
        let reading = Reading::of(when).unwrap_or_default();
        for pattern in reading.patterns.iter().filter(|pattern| !is_anchored(&pattern.text)) {
            found.push(problem(subject.source, when, pattern));
        }
    }
    found.extend(arguments(subject).filter(|pattern| !is_anchored(pattern)).map(|pattern| {
        let edits = wrapped(subject.source, pattern, "^", "$").filter(|_| !pattern.contains('|'));
        let problem = Diagnostic::warning(CODE, pattern.span, WHOLE).help(SAY_WHICH);
        with_safe_fix(problem, edits)
    }));
    found.extend(requests(subject).filter(|pattern| !is_bounded(pattern)).map(|pattern| {
        let problem = Diagnostic::warning(CODE, pattern.span, "this pattern is found inside other words, too")
            .help(r"write `\b(…)\b` around it");
        with_fix(problem, wrapped(subject.source, pattern, r"\b(", r")\b"))
    }));
}

/// The patterns that arguments of calls are held against in criteria.
fn arguments<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = &'s Text> {
    let clauses = subject.intent.success_criteria.iter().flat_map(|item| &item.value.effects);
    let matchers = clauses.flat_map(|clause| &clause.args);
    matchers.filter_map(|item| item.value.0.get("regex")?.text())
}

/// The patterns that requests are searched for.
fn requests<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = &'s Text> {
    let bind = subject.intent.bind.iter();
    bind.flat_map(|bind| &bind.intents).filter_map(|item| item.value.text.as_ref())
}

/// Whether a pattern says anything about where its words begin and end, or has none whose edges
/// could be told: signs have no boundary, nor have words of languages without spaces.
fn is_bounded(pattern: &str) -> bool {
    let words = pattern.strip_prefix("(?i)").unwrap_or(pattern);
    let words = words.trim_start_matches("(?:").trim_start_matches('(').trim_end_matches(')');
    let is_edge = |edge: Option<char>| edge.is_some_and(|edge| edge.is_ascii_alphanumeric());
    let has_edges = is_edge(words.chars().next()) && is_edge(words.chars().last());
    !has_edges || [r"\b", r"\B", r"\W", r"\s", "^", "$"].iter().any(|boundary| pattern.contains(boundary))
}

/// The repair that puts something on both sides of a pattern, where the source holds it as it is.
fn wrapped(source: &str, pattern: &Text, before: &str, after: &str) -> Option<Vec<Edit>> {
    let Span { start, end } = pattern.span;
    let quotes = match source.get(start..end)? {
        plain if plain == pattern.value => 0,
        // In double quotes a backslash would be an escape.
        single if single.starts_with('\'') && single.get(1..single.len() - 1)? == pattern.value => 1,
        _ => return None,
    };
    let insert = |at, text: &str| Edit { span: Span::at(at), replacement: text.to_owned() };
    Some(vec![insert(start + quotes, before), insert(end - quotes, after)])
}

fn is_anchored(pattern: &str) -> bool {
    let open = ["^", r"\A", ".*", "(?s).*", "(?is).*", "(?i).*"];
    open.iter().any(|start| pattern.starts_with(start))
        && ["$", r"\z", ".*"].iter().any(|end| pattern.ends_with(end))
}

fn problem(source: &str, when: &Text, pattern: &LiteralRead) -> Diagnostic {
    let span = when.part(pattern.span);
    let problem = Diagnostic::warning(CODE, span, WHOLE).help(SAY_WHICH);
    // Saying it changes nothing, where the quotes of the pattern stand in the source.
    let literal = source.get(span.start..span.end).unwrap_or("");
    let inside = literal.get(1..literal.len().saturating_sub(1));
    if span == when.span || inside != Some(&pattern.text) || pattern.text.contains('|') {
        return problem;
    }
    let anchor = |at, text: &str| Edit { span: Span::at(at), replacement: text.to_owned() };
    problem.fix(vec![anchor(span.start + 1, "^"), anchor(span.end - 1, "$")], true)
}
