//! An invariant without a mechanism.
//!
//! A rule that nothing outside the model enforces holds as long as the model
//! agrees with it. It is a preference, whatever it is called.
//!
//! Rules that were drafted from another file, as their `origin` says, are one
//! warning together: they still wait for a mechanism, and the gate for them.
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
use crate::intent::Invariant;
use crate::read::Item;

pub(super) const CODE: &str = "B202";

const HELP: &str = "add `enforce: {by: …}` with policy_engine, tool_allowlist, output_filter, scope_router or external, or move it to `preferences`";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let bare = subject.intent.invariants.iter().filter(|item| item.value.enforce.is_none());
    let (drafted, written): (Vec<_>, Vec<_>) = bare.partition(|item| item.value.origin.is_some());
    for item in written {
        let message = format!("nothing outside the model enforces `{}`", item.key);
        found.push(Diagnostic::error(CODE, item.key.span, message).help(HELP));
    }
    found.extend(waiting(&drafted));
}

/// One finding for all rules that were drafted from another file.
fn waiting(drafted: &[&Item<Invariant>]) -> Option<Diagnostic> {
    let (first, others) = drafted.split_first()?;
    let message = match others.len() {
        0 => format!("nothing outside the model enforces `{}` yet", first.key),
        more => format!("nothing outside the model enforces these {} rules yet", more + 1),
    };
    let mut problem = Diagnostic::warning(CODE, first.key.span, message).help(HELP);
    for other in others {
        problem = problem.related(other.key.span, "nor this");
    }
    Some(problem)
}
