//! A rung of the ladder that nobody decides about.
//!
//! When trust is lost, somebody has to say how it goes on. Without a name the
//! agent stays narrowed, or is let go by whoever happens to look.
//!
//! ## Example
//!
//! ```yaml
//! ladder: {narrow: {overlay: {deny: [billing.pay]}}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! ladder: {narrow: {overlay: {deny: [billing.pay]}, owner: oncall, deputy: lead, decide_within: 24h}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits};

pub(super) const CODE: &str = "B266";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(ladder) = &subject.intent.ladder else { return };
    let rungs = [
        ("warn", &ladder.warn),
        ("narrow", &ladder.narrow),
        ("review", &ladder.review),
        ("pause", &ladder.pause),
    ];
    for (name, rung) in rungs {
        let Some(rung) = rung.as_ref().filter(|rung| rung.owner.is_none()) else { continue };
        let message = format!("nobody decides how it goes on after `{name}`");
        let problem = Diagnostic::warning(CODE, rung.span, message)
            .help("add `owner: NAME`, and `deputy` and `decide_within`");
        // The team that answers for the agent, until somebody names another.
        found.push(match &subject.intent.agent.owner {
            Some(owner) => {
                let entry = format!("owner: {}", owner.team);
                problem.fix(edits::entry(subject.source, rung.span, &entry), true)
            }
            None => problem,
        });
    }
}
