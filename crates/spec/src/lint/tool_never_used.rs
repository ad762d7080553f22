//! A tool that nothing in the intent refers to.
//!
//! A tool that no rule governs, no criterion exercises and nobody escalates
//! through is a capability without a reason. Every declared tool can be
//! called, and so has to be reviewed, pinned and defended.
//!
//! ## Example
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe]}
//!   desk.hand_over: {effects: [send]}
//!   billing.export: {effects: [observe]}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe]}
//!   desk.hand_over: {effects: [send]}
//! ```

use std::collections::BTreeSet;

use bounden_base::Diagnostic;
use bounden_policy::{Bundle, Escalation, glob};

use super::{Subject, edits, with_fix};

pub(super) const CODE: &str = "B207";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    // Without a bundle what refers to what is not known.
    let Some(bundle) = subject.bundle() else { return };
    let named = names(subject, bundle);
    for item in &subject.intent.tools {
        let effects = item.value.effects();
        let is_named = named.iter().any(|word| match word.strip_prefix('@') {
            Some(effect) => effects.iter().any(|own| own.name() == effect),
            None => glob::matches(word, &item.key.name) || item.key.name.ends_with(&format!(".{word}")),
        });
        if !is_named {
            let message = format!("no rule, criterion or escalation refers to `{}`", item.key);
            let problem = Diagnostic::warning(CODE, item.key.span, message)
                .help("remove it, or say in a criterion when it is called");
            let edits = edits::removal(subject.source, item.key.span, item.value.span);
            found.push(with_fix(problem, edits));
        }
    }
}

/// Every word that stands for tools, anywhere in the intent.
fn names(subject: &Subject<'_>, bundle: &Bundle) -> BTreeSet<String> {
    let triggers = bundle.rules.values().flat_map(|rule| &rule.trigger.tools);
    let mut named: BTreeSet<String> = triggers.cloned().collect();
    for literal in subject.readings().values().flat_map(|reading| &reading.tools) {
        named.extend(literal.text.split(',').map(|word| word.trim().to_owned()));
    }
    named.extend(bundle.facts.values().map(|fact| fact.result_of.to_string()));
    for escalation in bundle.escalations.values() {
        if let Escalation::Call { tool, .. } = escalation {
            named.insert(tool.to_string());
        }
    }
    let bound = subject.intent.bind.iter().flat_map(|bind| bind.effects.iter().chain(&bind.escalation));
    named.extend(bound.map(|tool| tool.value.clone()));
    named
}
