//! A model that is named by an alias.
//!
//! What `latest` means changes under a deployed agent, without a diff, a
//! review or a new lock.
//!
//! ## Example
//!
//! ```yaml
//! models:
//!   routing: single
//!   allow: {main: {class: large, id: acme/large-latest}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! models:
//!   routing: single
//!   allow: {main: {class: large, id: acme/large-2026-01-13}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, says};

pub(super) const CODE: &str = "B214";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let models = subject.intent.models.iter().flat_map(|models| &models.allow);
    for id in models.map(|item| &item.value.id) {
        let problem = if says(id, &["latest", "default", "auto", "stable", "preview"]) {
            Diagnostic::error(CODE, id.span, format!("`{id}` is an alias, not one model"))
                .help("name a dated snapshot")
        } else if !id.contains('/') {
            Diagnostic::warning(CODE, id.span, format!("`{id}` does not say who provides the model"))
                .help("write `PROVIDER/MODEL`")
        } else {
            continue;
        };
        found.push(problem);
    }
}
