//! A topic with too few examples.
//!
//! The router answers with a topic only if at least three requests of its kind
//! are given. Until both sides of the scope have such a topic, it answers
//! nothing at all: every request is ambiguous.
//!
//! ## Example
//!
//! ```yaml
//! scope:
//!   in:
//!     payments: {says: Paying invoices, examples: ["pay the invoice of Acme", "settle this bill", "transfer the rent to our landlord"]}
//!   out:
//!     legal: {says: Legal matters, escalate: people, examples: ["my lawyer will write"]}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! scope:
//!   in:
//!     payments: {says: Paying invoices, examples: ["pay the invoice of Acme", "settle this bill", "transfer the rent to our landlord"]}
//!   out:
//!     legal: {says: Legal matters, escalate: people, examples: ["my lawyer will write", "we will meet in court", "is this contract legal"]}
//! ```

use bounden_base::{Diagnostic, Span};
use bounden_policy::ScopeRouter;

use super::Subject;
use crate::yaml::{Key, Text};

pub(super) const CODE: &str = "B240";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.bundle().is_none_or(|bundle| bundle.router.is_none()) {
        return;
    }
    let scope = &subject.intent.scope;
    let inside = scope.r#in.iter().map(|item| (&item.key, &item.value.examples, &item.value.phrases));
    let outside = scope.out.iter().map(|item| (&item.key, &item.value.examples, &item.value.phrases));
    for (key, examples, phrases) in inside.chain(outside) {
        if phrases.is_empty() {
            found.extend(too_few(key, examples));
        }
    }
}

fn too_few(key: &Key, examples: &[Text]) -> Option<Diagnostic> {
    let least = usize::try_from(ScopeRouter::LEAST_EXAMPLES).unwrap_or(usize::MAX);
    let missing = least.checked_sub(examples.len()).filter(|missing| *missing > 0)?;
    let span = examples.iter().map(|text| text.span).reduce(Span::to).unwrap_or(key.span);
    let message = format!("the router never answers with `{key}`: it has {} of {least} examples", examples.len());
    Some(
        Diagnostic::warning(CODE, span, message)
            .help(format!("write {missing} more requests of this kind, in other words")),
    )
}
