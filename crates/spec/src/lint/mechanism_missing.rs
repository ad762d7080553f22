//! An invariant without a mechanism.
//!
//! A rule that nothing outside the model enforces holds as long as the model
//! agrees with it. It is a preference, whatever it is called.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   no-deletes: {rule: Never delete a record}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   no-deletes: {rule: Never delete a record, enforce: {by: tool_allowlist, deny: ["@delete"]}}
//! ```

use bounden_base::Diagnostic;

use super::Subject;

pub(super) const CODE: &str = "B202";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.invariants {
        if item.value.enforce.is_none() {
            let message = format!("nothing outside the model enforces `{}`", item.key);
            found.push(Diagnostic::error(CODE, item.key.span, message).help(
                "add `enforce: {by: …}` with policy_engine, tool_allowlist, output_filter, scope_router or external, or move it to `preferences`",
            ));
        }
    }
}
