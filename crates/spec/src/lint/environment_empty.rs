//! An environment that narrows nothing.
//!
//! An entry under `environments` says what is tighter there. One that says nothing
//! reads as if something were.
//!
//! ## Example
//!
//! ```yaml
//! environments: {staging: {}, production: {limits: {tool_calls: 5}}}
//! promotion: {staging: {approvals: {admin: 1}}, production: {approvals: {admin: 1}}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! environments: {production: {limits: {tool_calls: 5}}}
//! promotion: {staging: {approvals: {admin: 1}}, production: {approvals: {admin: 1}}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits, with_safe_fix};

pub(super) const CODE: &str = "B247";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.environments {
        if item.value.limits.is_some() {
            continue;
        }
        let message = format!("nothing is narrower in `{}`", item.key);
        let problem = Diagnostic::warning(CODE, item.key.span, message)
            .help("write `limits: {…}`, or remove the entry");
        // Nothing changes without it.
        let edits = edits::removal(subject.source, item.key.span, item.value.span);
        found.push(with_safe_fix(problem, edits));
    }
}
