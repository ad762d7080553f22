//! A target that was missed when the intent was written.
//!
//! A bound that the known figure already breaks raises an alarm on the first day,
//! and an alarm that is always on is never looked at. Promise what is so, or write
//! down from when the better figure is expected by measuring it first.
//!
//! ## Example
//!
//! ```yaml
//! measurement: {drift_review: weekly, targets: {escalation_rate: "< 15%"}, baselines: {escalation_rate: 0.22}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! measurement: {drift_review: weekly, targets: {escalation_rate: "< 25%"}, baselines: {escalation_rate: 0.22}}
//! ```

use bounden_base::Diagnostic;

use super::Subject;

pub(super) const CODE: &str = "B404";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(measurement) = &subject.intent.measurement else { return };
    for target in &measurement.targets {
        let Some(baseline) = measurement.baselines.get(&target.key.name) else { continue };
        if target.value.value.holds(baseline.value) {
            continue;
        }
        let message =
            format!("`{}` was {} already, which misses this target", target.key, baseline.value);
        found.push(
            Diagnostic::warning(CODE, target.value.span, message)
                .related(baseline.span, "the figure of that time")
                .help("set a target that the figure keeps, or correct the baseline"),
        );
    }
}
