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
use bounden_policy::{Bundle, PathRead, Reading};

use super::{Subject, edits, with_safe_fix};
use crate::intent::Intent;
use crate::yaml::Key;

pub(super) const CODE: &str = "B226";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(bind), Some(bundle)) = (&subject.intent.bind, subject.bundle()) else { return };
    for item in bind.intents.iter().filter(|item| !is_given(subject.intent, &item.key.name)) {
        found.push(unused(subject, "intent", &item.key, item.value.span));
    }
    let readings: Vec<_> = expressions(bundle).filter_map(|text| Reading::of(text)).collect();
    let is_read = |fact: &str| {
        let reads = |path: &PathRead| matches!(path.names.as_slice(), [root, name, ..] if root == "facts" && name == fact);
        readings.iter().any(|reading| reading.paths.iter().any(reads))
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

fn expressions(bundle: &Bundle) -> impl Iterator<Item = &String> {
    let rules = bundle.rules.values().filter_map(|rule| rule.when.as_ref());
    let criteria = bundle.criteria.values().flat_map(|criterion| {
        criterion.given.iter().chain(criterion.expect.iter().map(|clause| &clause.expr))
    });
    rules.chain(criteria)
}
