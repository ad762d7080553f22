//! A preference that nothing measures.
//!
//! A wish without a figure is never seen to be missed. It is no invariant, so that
//! nothing enforces it either.
//!
//! ## Example
//!
//! ```yaml
//! preferences: {settle: {says: Rather settle a case than hand it over}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! preferences: {settle: {says: Rather settle a case than hand it over, measure: escalation_rate, target: "< 15%"}}
//! ```

use bounden_base::Diagnostic;

use super::Subject;

pub(super) const CODE: &str = "B267";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in subject.intent.preferences.iter().filter(|item| item.value.measure.is_none()) {
        let message = format!("no figure shows whether `{}` is kept", item.key);
        found.push(
            Diagnostic::warning(CODE, item.value.says.span, message)
                .help("add `measure: FIGURE` and `target: BOUND`, such as `measure: escalation_rate, target: \"< 15%\"`"),
        );
    }
}
