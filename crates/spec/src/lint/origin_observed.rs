//! A clause that was observed, and not yet intended.
//!
//! A draft from recorded conversations says what an agent does, and what a
//! draft had to assume nobody has said at all. Only a person can say that it
//! should be so. The gate refuses these clauses until their marks are gone.
//! All marks of one kind are one finding.
//!
//! ## Example
//!
//! ```yaml
//! scope:
//!   in: {payments: {says: Paying invoices, origin: observed}}
//!   out: {legal: {says: Legal matters, escalate: people}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! scope:
//!   in: {payments: {says: Paying invoices}}
//!   out: {legal: {says: Legal matters, escalate: people}}
//! ```

use bounden_base::{Diagnostic, Edit, Span};

use super::{Subject, edits, with_fix};
use crate::intent::Intent;
use crate::yaml::Text;

pub(super) const CODE: &str = "B228";

const MARKS: [&str; 2] = ["observed", "assumed"];

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let origins = origins(subject.intent);
    for mark in MARKS {
        let marked: Vec<&Text> =
            origins.iter().filter(|origin| origin.value == mark).copied().collect();
        let Some((first, others)) = marked.split_first() else { continue };
        let message = match others.len() {
            0 => "nobody has said yet that this is intended".to_owned(),
            more => format!("nobody has said yet that these {} clauses are intended", more + 1),
        };
        let mut problem = Diagnostic::warning(CODE, first.span, message)
            .help(format!("remove `origin: {mark}` where it is what the agent should do"));
        for other in others {
            problem = problem.related(other.span, "nor this");
        }
        let edits: Option<Vec<_>> = marked.iter().map(|mark| removal(subject, mark)).collect();
        found.push(with_fix(problem, edits.map(|edits| edits.concat())));
    }
}

/// The origin of every clause that has one, in the order of the document.
fn origins(intent: &Intent) -> Vec<&Text> {
    let limits = intent.constraints.iter().filter_map(|constraints| constraints.limits.as_ref());
    let all: [Vec<&Option<Text>>; 10] = [
        vec![&intent.agent.origin],
        intent.scope.r#in.iter().map(|item| &item.value.origin).collect(),
        intent.scope.out.iter().map(|item| &item.value.origin).collect(),
        intent.escalations.iter().map(|item| &item.value.origin).collect(),
        intent.servers.iter().map(|item| &item.value.origin).collect(),
        intent.tools.iter().map(|item| &item.value.origin).collect(),
        limits.map(|limits| &limits.origin).collect(),
        intent.invariants.iter().map(|item| &item.value.origin).collect(),
        intent.preferences.iter().map(|item| &item.value.origin).collect(),
        intent.success_criteria.iter().map(|item| &item.value.origin).collect(),
    ];
    let mut origins: Vec<_> = all.into_iter().flatten().filter_map(Option::as_ref).collect();
    origins.sort_by_key(|origin| origin.span);
    origins
}

fn removal(subject: &Subject<'_>, mark: &Text) -> Option<Vec<Edit>> {
    let key = subject.source.get(..mark.span.start)?.rfind("origin")?;
    let between = subject.source.get(key..mark.span.start)?;
    if between.strip_prefix("origin")?.trim() != ":" {
        return None; // The mark is not written there: a reader of another form assumed it.
    }
    edits::removal(subject.source, Span::at(key), mark.span)
}
