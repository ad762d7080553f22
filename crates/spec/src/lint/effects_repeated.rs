//! An effect that is said twice.
//!
//! `write` stands for observe, create, update and delete. Whoever reads the list
//! thinks that the further word adds something.
//!
//! ## Example
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend, spend], money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe]}
//!   desk.hand_over: {effects: [send]}
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

use super::{Subject, edits, with_safe_fix};
use crate::intent::Tool;

pub(super) const CODE: &str = "B248";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.tools {
        // One at a time: without it, another may no longer be said twice.
        let Some(span) = repeated(&item.value) else { continue };
        let message = format!("the other effects of `{}` say this already", item.key);
        let problem = Diagnostic::warning(CODE, span, message).help("remove it");
        found.push(with_safe_fix(problem, edits::removal(subject.source, span, span)));
    }
}

/// The last word that adds nothing to the others.
fn repeated(tool: &Tool) -> Option<bounden_base::Span> {
    let words = tool.effects.iter().enumerate().rev();
    let mut repeated = words.filter(|(index, word)| {
        let others = tool.effects.iter().enumerate().filter(|(other, _)| other != index);
        let others: BTreeSet<_> = others.flat_map(|(_, other)| other.value.effects()).collect();
        word.value.effects().is_subset(&others)
    });
    repeated.next().map(|(_, word)| word.span)
}
