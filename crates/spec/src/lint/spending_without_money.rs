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

pub(super) const CODE: &str = "B232";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.tools {
        if item.value.money.is_none() && item.value.effects().contains(&Effect::Spend) {
            let message = format!("`{}` spends, and no argument is declared as the amount", item.key);
            let entry = "money: {path: args.amount, currency: USD}";
            found.push(
                Diagnostic::warning(CODE, item.key.span, message)
                    .help(format!("add `{entry}`, with the argument and the currency"))
                    .fix(edits::entry(subject.source, item.value.span, entry), false),
            );
        }
    }
}
