//! A promise whose evidence never fades.
//!
//! Behaviour drifts. What was shown a year ago says little about today, and counts
//! in full for ever where no half-life is given.
//!
//! ## Example
//!
//! ```yaml
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.95}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.95, half_life: 14d}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits};

pub(super) const CODE: &str = "B406";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in subject.intent.commitments.iter().filter(|item| item.value.half_life.is_none()) {
        let message = format!("the evidence for `{}` counts for ever", item.key);
        let edits = edits::entry(subject.source, item.value.span, "half_life: 14d");
        found.push(
            Diagnostic::warning(CODE, item.key.span, message)
                .help("add `half_life: 14d`: after so long evidence counts half")
                .fix(edits, true),
        );
    }
}
