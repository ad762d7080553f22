//! A clause that was observed, and not yet intended.
//!
//! A draft from recorded conversations says what an agent does. Only a person
//! can say that it should. The gate refuses the clause until the mark is gone.
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

use bounden_base::{Diagnostic, Span};

use super::{Subject, edits, with_fix};
use crate::yaml::Text;

pub(super) const CODE: &str = "B228";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let intent = subject.intent;
    let origins: [Vec<&Option<Text>>; 7] = [
        intent.scope.r#in.iter().map(|item| &item.value.origin).collect(),
        intent.scope.out.iter().map(|item| &item.value.origin).collect(),
        intent.servers.iter().map(|item| &item.value.origin).collect(),
        intent.tools.iter().map(|item| &item.value.origin).collect(),
        intent.invariants.iter().map(|item| &item.value.origin).collect(),
        intent.preferences.iter().map(|item| &item.value.origin).collect(),
        intent.success_criteria.iter().map(|item| &item.value.origin).collect(),
    ];
    let marks = origins.into_iter().flatten().filter_map(Option::as_ref);
    for mark in marks.filter(|mark| matches!(mark.value.as_str(), "observed" | "assumed")) {
        let problem = Diagnostic::warning(CODE, mark.span, "nobody has said yet that this is intended")
            .help(format!("remove `origin: {mark}` if it is what the agent should do"));
        let key = subject.source.get(..mark.span.start).and_then(|before| before.rfind("origin"));
        let edits = key.and_then(|at| edits::removal(subject.source, Span::at(at), mark.span));
        found.push(with_fix(problem, edits));
    }
}
