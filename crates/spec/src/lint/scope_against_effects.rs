//! Tools that do more than the scope says.
//!
//! A scope that only speaks of explaining and answering, beside a tool that
//! spends, deletes or grants: one of the two is not what its author meant.
//!
//! ## Example
//!
//! ```yaml
//! purpose: Explain invoices.
//! scope:
//!   in: {invoices: {says: Explaining what an invoice means}}
//!   out: {legal: {says: Legal matters, escalate: people}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! purpose: Explain and pay invoices.
//! scope:
//!   in: {invoices: {says: Explaining an invoice and paying it}}
//!   out: {legal: {says: Legal matters, escalate: people}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::Effect;

use super::{Subject, says};

pub(super) const CODE: &str = "B218";

const TALKING: [&str; 20] = [
    "explain", "explaining", "explanation", "answer", "answering", "answers", "inform", "informing", "describe",
    "describing", "summarise", "summarising", "summarize", "summarizing", "questions", "inquiries", "status",
    "advice", "translate", "translating",
];
const ACTING: [&str; 26] = [
    "pay", "paying", "payments", "refund", "refunds", "return", "returns", "buy", "buying", "order", "ordering",
    "delete", "deleting", "remove", "removing", "grant", "granting", "transfer", "transfers", "book", "booking",
    "cancel", "cancelling", "back", "credit", "issue",
];

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let topics = subject.intent.scope.r#in.iter().map(|item| &item.value.says);
    // What is no topic of the scope is not asked of the agent, whatever its purpose says.
    let mut texts: Vec<_> = topics.collect();
    if texts.is_empty() {
        texts.push(&subject.intent.purpose);
    }
    let only_talks = texts.iter().any(|text| says(text, &TALKING)) && !texts.iter().any(|text| says(text, &ACTING));
    if !only_talks {
        return;
    }
    let place = texts.first().map_or(subject.intent.purpose.span, |text| text.span);
    for item in &subject.intent.tools {
        let effects = item.value.effects();
        let beyond = [Effect::Spend, Effect::Delete, Effect::Grant].into_iter().find(|effect| effects.contains(effect));
        if let Some(effect) = beyond {
            let message = format!("the scope only speaks of talking, and `{}` can {}", item.key, effect.name());
            found.push(
                Diagnostic::warning(CODE, item.key.span, message)
                    .related(place, "what the scope says")
                    .help("say in `scope.in` what the tool is for, or remove it"),
            );
        }
    }
}
