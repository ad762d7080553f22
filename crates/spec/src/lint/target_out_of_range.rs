//! A target that no rate can reach, or none can miss.
//!
//! A rate is a share between 0 and 1. `> 95` is met by none and `< 15` by all of
//! them; 95 and 15 per cent were meant. A review against such a target says
//! nothing.
//!
//! ## Example
//!
//! ```yaml
//! measurement: {evaluate: every_deployment, drift_review: weekly, targets: {escalation_rate: "< 15"}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! measurement: {evaluate: every_deployment, drift_review: weekly, targets: {escalation_rate: "< 15%"}}
//! ```

use bounden_base::{Decimal, Diagnostic, Edit};

use super::{Subject, with_fix};

pub(super) const CODE: &str = "B408";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(measurement) = &subject.intent.measurement else { return };
    let (none, all, two) = (Decimal::ZERO, Decimal::from(1_u32), Decimal::from(2_u32));
    for target in measurement.targets.iter().filter(|target| target.key.name.ends_with("_rate")) {
        let bound = target.value.value.bound;
        if bound >= none && bound <= all {
            continue;
        }
        let message = format!("`{}` is a share between 0 and 1, and this target compares it with {bound}", target.key);
        let span = target.value.span;
        let written = subject.source.get(span.start..span.end).unwrap_or("");
        let quoted = written.strip_suffix(['"', '\'']).filter(|_| bound >= two);
        let edits = quoted.map(|before| {
            let quote = written.get(before.len()..).unwrap_or("");
            vec![Edit { span, replacement: format!("{before}%{quote}") }]
        });
        let problem = Diagnostic::warning(CODE, span, message).help("write a percentage, such as `< 15%`");
        found.push(with_fix(problem, edits));
    }
}
