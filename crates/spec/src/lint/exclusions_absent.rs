//! A scope without exclusions.
//!
//! An agent that is for something is not for other things. The list of what it
//! must not handle is where incidents are avoided.
//!
//! ## Example
//!
//! ```yaml
//! scope: {in: {payments: {says: Paying invoices}}, out: {}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! scope: {in: {payments: {says: Paying invoices}}, out: {legal: {says: Legal matters, escalate: people}}}
//! ```

use bounden_base::{Diagnostic, Span};

use super::Subject;

pub(super) const CODE: &str = "B233";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.intent.scope.out.is_empty() {
        let span = Span::at(subject.intent.scope.span.start);
        found.push(
            Diagnostic::error(CODE, span, "the scope excludes nothing")
                .help("add what the agent must not handle: `out: {NAME: {says: …, escalate: PATH}}`"),
        );
    }
}
