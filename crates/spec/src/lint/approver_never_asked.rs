//! A role that no rule asks.
//!
//! Under `ownership.approvers` stands who may approve calls. Whoever reads a role
//! there thinks that some call waits for it.
//!
//! ## Example
//!
//! ```yaml
//! ownership: {approvers: {lead: {team: leads}, director: {team: board}}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! ownership: {approvers: {lead: {team: leads}}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::Action;

use super::{Subject, edits, with_safe_fix};

pub(super) const CODE: &str = "B262";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(ownership), Some(bundle)) = (&subject.intent.ownership, subject.bundle()) else {
        return;
    };
    let is_asked = |role: &str| {
        bundle.rules.values().any(|rule| {
            let Action::RequireApproval(approval) = &rule.action else { return false };
            approval.roles.iter().any(|asked| asked.as_str() == role)
        })
    };
    for item in ownership.approvers.iter().filter(|item| !is_asked(&item.key.name)) {
        let message = format!("no rule asks for the approval of `{}`", item.key);
        let problem = Diagnostic::warning(CODE, item.key.span, message)
            .help("write a rule that does, or remove the role");
        // Nobody waits for the role, and without it nobody can grant anything in it.
        let edits = edits::removal(subject.source, item.key.span, item.value.span);
        found.push(with_safe_fix(problem, edits));
    }
}
