//! No weekly review of drift.
//!
//! Behaviour changes while nothing is deployed: requests shift, models are
//! served differently, rare cases add up. A review on the calendar finds it
//! before an incident does.
//!
//! ## Example
//!
//! ```yaml
//! measurement: {evaluate: every_deployment}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! measurement: {evaluate: every_deployment, drift_review: weekly}
//! ```

use bounden_base::{Diagnostic, Edit, Span};

use super::{Subject, edits};
use crate::intent::Review;

pub(super) const CODE: &str = "B215";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let measurement = subject.intent.measurement.as_ref();
    let review = measurement.and_then(|measurement| measurement.drift_review);
    let entry = "drift_review: weekly";
    let problem = match (measurement, review) {
        (_, Some(review)) if review.value != Review::Monthly => return,
        (_, Some(review)) => {
            Diagnostic::warning(CODE, review.span, "drift is reviewed less than once a week")
                .fix(vec![Edit { span: review.span, replacement: "weekly".to_owned() }], true)
        }
        (Some(measurement), None) => {
            Diagnostic::warning(CODE, Span::at(measurement.span.start), "no review of drift is scheduled")
                .fix(edits::entry(subject.source, measurement.span, entry), true)
        }
        (None, None) => {
            let span = subject.intent.span;
            let section = format!("measurement: {{{entry}}}");
            Diagnostic::warning(CODE, Span::at(span.start), "no review of drift is scheduled")
                .fix(edits::entry(subject.source, span, &section), false)
        }
    };
    found.push(problem.help(format!("write `measurement: {{{entry}}}`")));
}
