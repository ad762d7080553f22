//! No success criterion.
//!
//! Without one there is nothing to test before a deployment, and no figure
//! that could get worse.
//!
//! ## Example
//!
//! ```yaml
//! success_criteria: {}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{called: billing.pay}]}}
//! ```

use bounden_base::{Diagnostic, Span};

use super::Subject;

pub(super) const CODE: &str = "B234";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.intent.success_criteria.is_empty() {
        let span = Span::at(subject.intent.span.start);
        found.push(
            Diagnostic::warning(CODE, span, "nothing says what success is")
                .help("add `success_criteria` with the calls that have to happen, or must not"),
        );
    }
}
