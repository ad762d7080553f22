//! Money without a currency.
//!
//! 500 of what? A cap that was meant in dollars lets 500 of a stronger
//! currency through, and a sum over several currencies means nothing.
//!
//! ## Example
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend], money: {path: args.amount}}
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

use super::{Subject, edits};

pub(super) const CODE: &str = "B211";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.tools {
        let money = item.value.money.as_ref().filter(|money| money.currency.is_none());
        if let Some(money) = money {
            let message = format!("the amount of `{}` has no currency", item.key);
            let help =
                "add `currency: USD`, and `currency_path: args.currency` if the call states one";
            let edits = edits::entry(subject.source, money.span, "currency: USD");
            found.push(Diagnostic::error(CODE, money.span, message).help(help).fix(edits, false));
        }
    }
}
