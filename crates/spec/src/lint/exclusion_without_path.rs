//! An exclusion without an escalation path.
//!
//! What an agent must not handle still happens: people ask for it. If nothing
//! says where such a case goes, the agent decides, and the boundary is a wish.
//!
//! ## Example
//!
//! ```yaml
//! scope:
//!   in: {}
//!   out:
//!     legal: {says: Legal matters}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! scope:
//!   in: {}
//!   out:
//!     legal: {says: Legal matters, escalate: people}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits};

pub(super) const CODE: &str = "B201";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.scope.out {
        if item.value.escalate.is_some() {
            continue;
        }
        let message = format!("the exclusion `{}` names no escalation path", item.key);
        let problem = Diagnostic::error(CODE, item.key.span, message);
        found.push(match subject.only_path() {
            Some(path) => {
                let entry = format!("escalate: {path}");
                let edits = edits::entry(subject.source, item.value.span, &entry);
                problem.help(format!("add `{entry}`")).fix(edits, true)
            }
            None => problem.help("add `escalate: PATH`, with a path that is declared under `escalations`"),
        });
    }
}
