//! An environment that anybody may change.
//!
//! Without an approval, whoever can run the program decides alone what an agent
//! of a medium or high tier may do there.
//!
//! ## Example
//!
//! ```yaml
//! promotion: {production: {reviewer: risk}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! promotion: {production: {reviewer: risk, approvals: {environment-admin: 1}}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits};
use crate::intent::Tier;

pub(super) const CODE: &str = "B245";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.intent.agent.tier.is_some_and(|tier| tier.value == Tier::Low) {
        return;
    }
    for item in &subject.intent.promotion {
        let approvals = &item.value.approvals;
        if approvals.iter().any(|role| role.value.value > 0) {
            continue;
        }
        let message = format!("nobody has to agree before the agent runs in `{}`", item.key);
        let problem = Diagnostic::warning(CODE, item.key.span, message)
            .help("add `approvals: {environment-admin: 1}`");
        // A count of 0 that is written is somebody's decision to change.
        found.push(if approvals.is_empty() {
            let entry = "approvals: {environment-admin: 1}";
            problem.fix(edits::entry(subject.source, item.value.span, entry), true)
        } else {
            problem
        });
    }
}
