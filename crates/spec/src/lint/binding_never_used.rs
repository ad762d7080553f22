//! A fact or intent that no criterion reads.
//!
//! ## Example
//!
//! ```yaml
//! bind:
//!   intents: {refund: {tag: intent=refund}, order: {tag: intent=order}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! bind:
//!   intents: {refund: {tag: intent=refund}}
//! success_criteria:
//!   paid: {given: {intent: refund}, effects: [{called: billing.pay}]}
//! ```

use bounden_base::{Diagnostic, Span};
use bounden_policy::PathRead;

use super::{Subject, edits, with_safe_fix};
use crate::intent::Intent;
use crate::yaml::Key;

pub(super) const CODE: &str = "B226";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(bind) = subject.intent.bind.as_ref().filter(|_| subject.policy.is_some()) else { return };
    for item in bind.intents.iter().filter(|item| !is_given(subject.intent, &item.key.name)) {
        found.push(unused(subject, "intent", &item.key, item.value.span));
    }
    let is_read = |fact: &str| {
        let reads = |path: &PathRead| matches!(path.names.as_slice(), [root, name, ..] if root == "facts" && name == fact);
        subject.readings().values().any(|reading| reading.paths.iter().any(reads))
    };
    for item in bind.facts.iter().filter(|item| !is_read(&item.key.name)) {
        found.push(unused(subject, "fact", &item.key, item.value.span));
    }
}

fn unused(subject: &Subject<'_>, what: &str, key: &Key, value: Span) -> Diagnostic {
    let message = format!("no criterion reads the {what} `{key}`");
    let problem = Diagnostic::warning(CODE, key.span, message).help("use it or remove it");
    with_safe_fix(problem, edits::removal(subject.source, key.span, value))
}

fn is_given(intent: &Intent, name: &str) -> bool {
    intent.success_criteria.iter().any(|item| {
        let given = item.value.given.as_ref().and_then(|given| given.intent.as_ref());
        given.is_some_and(|intent| intent.value == name)
    })
}
