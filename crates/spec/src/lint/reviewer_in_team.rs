//! A reviewer from the team that wrote the intent.
//!
//! Whoever wrote a promise reads what was meant, not what is written.
//!
//! ## Example
//!
//! ```yaml
//! agent: {id: a/b, version: 1.0.0, owner: {team: support}}
//! promotion: {production: {approvals: {admin: 1}, reviewer: support}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! agent: {id: a/b, version: 1.0.0, owner: {team: support}}
//! promotion: {production: {approvals: {admin: 1}, reviewer: risk}}
//! ```

use bounden_base::Diagnostic;

use super::Subject;

pub(super) const CODE: &str = "B221";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(owner) = &subject.intent.agent.owner else { return };
    let reviewers = subject.intent.promotion.iter().filter_map(|item| item.value.reviewer.as_ref());
    for reviewer in reviewers.filter(|reviewer| reviewer.value == owner.team.value) {
        let message = format!("`{reviewer}` reviews what it wrote itself");
        found.push(
            Diagnostic::warning(CODE, reviewer.span, message)
                .related(owner.team.span, "the team that owns the agent")
                .help("name another team"),
        );
    }
}
