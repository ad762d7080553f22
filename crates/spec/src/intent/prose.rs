//! Sentences where the form wants something that a machine can hold: not just a value
//! of the wrong type, but a rule, a failure mode or a criterion that is left to the model.

use bounden_base::{Diagnostic, Span};

use super::By;
use crate::read::Scalar as _;
use crate::yaml::{Entry, Key, Node};

const MECHANISMS: &str = "name policy_engine, tool_allowlist, output_filter, scope_router or external with what it has to do, or move the rule to `preferences`";
const ANSWERS: &str =
    "write `{do: …, then: escalate PATH}` with `clarify`, `escalate PATH` or `halt`";

/// A place where such a sentence stands, and what is to be said of it.
struct Sentence {
    /// Where the reader has found something wrong.
    span: Span,
    finding: Diagnostic,
}

/// The problems, where those about a sentence say what it is instead of which type it has.
pub(super) fn reworded(root: &Node, problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut sentences = Vec::new();
    each(root, "invariants", |entry| sentences.extend(mechanism(entry)));
    each(root, "failure_modes", |entry| sentences.extend(answer(entry)));
    each(root, "success_criteria", |entry| sentences.extend(checks(entry)));
    let is_about_form = |code: &str| matches!(code, "B102" | "B103" | "B104");
    let reworded = problems.into_iter().map(|problem| {
        let same = sentences.iter().find(|sentence| sentence.span == problem.span);
        match same.filter(|_| is_about_form(&problem.code)) {
            Some(sentence) => sentence.finding.clone(),
            None => problem,
        }
    });
    reworded.collect()
}

fn each(root: &Node, section: &str, visit: impl FnMut(&Entry)) {
    root.get(section).and_then(Node::entries).into_iter().flatten().for_each(visit);
}

/// An invariant whose mechanism is a sentence, no mechanism, or not said.
fn mechanism(invariant: &Entry) -> Option<Sentence> {
    let name = &invariant.key;
    let entries = invariant.value.entries()?;
    let enforce = entries.iter().find(|entry| entry.key.name == "enforce")?;
    let by = enforce.value.get("by");
    let (span, message) = match (enforce.value.text(), by.and_then(Node::text)) {
        (Some(_), _) => (enforce.value.span, format!("a sentence does not enforce `{name}`")),
        (None, Some(by)) if By::near(by).is_none() => (
            by.span,
            format!("`{by}` is no mechanism outside the model, so nothing enforces `{name}`"),
        ),
        (None, None) if by.is_none() && enforce.value.entries().is_some() => (
            enforce.key.span,
            format!("which mechanism enforces `{name}` is not said: there is no `by`"),
        ),
        _ => return None,
    };
    Some(Sentence { span, finding: Diagnostic::error("B202", span, message).help(MECHANISMS) })
}

/// A failure mode that is a sentence.
fn answer(mode: &Entry) -> Option<Sentence> {
    let said = mode.value.text()?;
    let message = format!("a sentence leaves the answer to `{}` to the model", mode.key);
    Some(Sentence {
        span: said.span,
        finding: Diagnostic::error("B204", said.span, message).help(ANSWERS),
    })
}

/// The parts of a criterion that are sentences.
fn checks(criterion: &Entry) -> Vec<Sentence> {
    let parts = criterion.value.entries().into_iter().flatten();
    parts.filter_map(|part| check(&criterion.key, part)).collect()
}

fn check(criterion: &Key, part: &Entry) -> Option<Sentence> {
    let example = match part.key.name.as_str() {
        "effects" => "[{called: SERVER.TOOL}]",
        "expect" => "{says: [{any: [WORDS]}]}",
        "require" => "{all: [EXPRESSION]}",
        _ => return None,
    };
    let span = part.value.text()?.span;
    let message =
        format!("a sentence of the criterion `{criterion}` can only be judged, not checked");
    let help = format!("write `{}: {example}`, and keep the sentence under `says`", part.key);
    Some(Sentence { span, finding: Diagnostic::error("B205", span, message).help(help) })
}
