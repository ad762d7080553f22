//! Effects that the server's own word contradicts.
//!
//! A tool that its server marks as changing things, declared as reading only,
//! would be watched as little as a look-up.
//!
//! ## Example
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe]}
//!   desk.hand_over: {effects: [observe]}
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

use bounden_base::{Diagnostic, Edit, Json};
use bounden_policy::{Effect, ToolName};

use super::{Subject, with_fix};

pub(super) const CODE: &str = "B235";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(contracts) = subject.contracts else { return };
    for item in &subject.intent.tools {
        let Some(contract) = contracts.tool(&ToolName::from(item.key.name.as_str())) else { continue };
        let hint = |name| contract.definition().at(["annotations", name]).and_then(Json::as_bool);
        let only_reads = item.value.effects().iter().all(|effect| *effect == Effect::Observe);
        let says_more = hint("destructiveHint") == Some(true) || hint("readOnlyHint") == Some(false);
        if only_reads && says_more {
            let message = format!("`{}` is declared as reading only, and its server says that it changes things", item.key);
            let likely = if hint("destructiveHint") == Some(true) { "delete" } else { "update" };
            let edits = item.value.effects.first().map(|effect| {
                vec![Edit { span: effect.span, replacement: likely.to_owned() }]
            });
            let problem = Diagnostic::warning(CODE, item.key.span, message).help(
                "name what it does: create, update, delete, execute, send, spend, grant or persist",
            );
            found.push(with_fix(problem, edits));
        }
    }
}
