//! A preference about something that cannot be undone.
//!
//! A preference is measured, not enforced. "Never" and "must not", said of
//! money, deletions or messages, is meant to hold every time, and belongs
//! under `invariants` with a mechanism.
//!
//! ## Example
//!
//! ```yaml
//! preferences:
//!   careful: {says: Never delete customer data}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! preferences:
//!   brief: {says: Prefer short answers}
//! invariants:
//!   careful: {rule: Never delete customer data, enforce: {by: tool_allowlist, deny: ["@delete"]}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::Effect;

use super::{Subject, says};

pub(super) const CODE: &str = "B210";

const ABSOLUTE: [&str; 7] = ["never", "always", "must", "may not", "cannot", "under no circumstances", "only if"];
const IRREVERSIBLE: [&str; 16] = [
    "delete", "remove", "pay", "payment", "payments", "refund", "refunds", "send", "transfer", "publish", "close",
    "charge", "deploy", "share", "grant", "cancel",
];

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.preferences {
        let text = &item.value.says;
        if says(text, &ABSOLUTE) && (says(text, &IRREVERSIBLE) || names_irreversible(subject, text)) {
            let message = format!("the preference `{}` reads like an invariant", item.key);
            found.push(
                Diagnostic::warning(CODE, text.span, message)
                    .help("move it to `invariants` and name what enforces it"),
            );
        }
    }
}

/// Whether a text names a tool whose calls cannot be undone.
fn names_irreversible(subject: &Subject<'_>, text: &str) -> bool {
    const BEYOND: [Effect; 5] = [Effect::Delete, Effect::Execute, Effect::Send, Effect::Spend, Effect::Grant];
    let mut words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-'));
    words.any(|word| {
        let mut tools = subject.intent.tools.iter();
        let named = tools.find(|item| item.key.name == word.trim_end_matches('.'));
        named.is_some_and(|item| item.value.effects().iter().any(|effect| BEYOND.contains(effect)))
    })
}
