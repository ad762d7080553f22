//! A tool that spends, without a word on which argument is the amount.
//!
//! Only a declared amount is kept from being negative, which would refill a
//! cap, and from being counted in a foreign currency.
//!
//! ## Example
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend]}
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

use bounden_base::Diagnostic;
use bounden_policy::Effect;

use super::{Subject, edits};
use crate::intent::Tool;
use crate::read::Item;

pub(super) const CODE: &str = "B232";

const ENTRY: &str = "money: {path: args.amount, currency: USD}";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let spends = |tool: &Tool| tool.money.is_none() && tool.effects().contains(&Effect::Spend);
    let bare = subject.intent.tools.iter().filter(|item| spends(&item.value));
    let (drafted, written): (Vec<_>, Vec<_>) = bare.partition(|item| item.value.origin.is_some());
    for item in written {
        let message = format!("`{}` spends, and no argument is declared as the amount", item.key);
        found.push(problem(item, message).fix(edits::entry(subject.source, item.value.span, ENTRY), false));
    }
    // Guesses of a draft are one finding together.
    if let Some((first, others)) = drafted.split_first() {
        let message = match others.len() {
            0 => format!("`{}` spends, and no argument is declared as the amount", first.key),
            more => format!("{} tools spend, and no argument is declared as the amount", more + 1),
        };
        let whole = others.iter().fold(problem(first, message), |problem, other| {
            problem.related(other.key.span, "this too")
        });
        found.push(whole);
    }
}

fn problem(item: &Item<Tool>, message: String) -> Diagnostic {
    let help = format!("add `{ENTRY}`, with the argument and the currency");
    Diagnostic::warning(CODE, item.key.span, message).help(help)
}
