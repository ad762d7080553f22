//! A scope without topics.
//!
//! An agent of which nobody says what it is for gets every request that no
//! exclusion names, and nobody can tell whether it should have had it.
//!
//! ## Example
//!
//! ```yaml
//! scope: {in: {}, out: {legal: {says: Legal matters, escalate: people}}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! scope: {in: {payments: {says: Paying invoices}}, out: {legal: {says: Legal matters, escalate: people}}}
//! ```

use bounden_base::{Diagnostic, Span};

use super::Subject;

pub(super) const CODE: &str = "B272";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.intent.scope.r#in.is_empty() {
        let span = Span::at(subject.intent.scope.span.start);
        found.push(
            Diagnostic::warning(CODE, span, "the scope includes nothing")
                .help("add what the agent is for: `in: {NAME: {says: …}}`"),
        );
    }
}
