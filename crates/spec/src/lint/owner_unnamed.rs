//! Nobody answers for the agent.
//!
//! Incidents, waivers and reviews need somebody to turn to. An agent without an
//! owner is everybody's, so nobody's.
//!
//! ## Example
//!
//! ```yaml
//! agent: {id: a/b, version: 1.0.0}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! agent: {id: a/b, version: 1.0.0, owner: {team: support, contact: support@acme.example}}
//! ```

use bounden_base::Diagnostic;

use super::Subject;

pub(super) const CODE: &str = "B243";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let agent = &subject.intent.agent;
    if agent.owner.is_none() {
        let message = format!("nobody answers for `{}`", agent.id);
        found.push(
            Diagnostic::warning(CODE, agent.id.span, message)
                .help("add `owner: {team: TEAM, contact: ADDRESS}`"),
        );
    }
}
