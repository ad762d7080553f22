//! The ten points of a review before deployment, computed and never ticked by hand.

use std::collections::BTreeSet;

use bounden_base::{Diagnostic, Span};
use serde::Serialize;

use crate::intent::Intent;

/// One point of the review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChecklistItem {
    /// Its stable name.
    pub id: &'static str,
    /// Whether it holds; `None` where the inputs at hand cannot say.
    pub ok: Option<bool>,
    /// The codes of the findings against it.
    pub because: Vec<String>,
}

/// A point, and the codes that stand against it.
const BY_CODE: [(&str, &[&str]); 5] = [
    ("exclusions-have-paths", &["B201", "B233"]),
    ("invariants-name-mechanism", &["B202", "B230", "B115", "B259"]),
    ("failure-modes-complete", &["B203"]),
    ("one-action-per-mode", &["B204", "B126"]),
    ("drift-review-scheduled", &["B215"]),
];

/// The ten points, in their order.
pub(crate) fn checklist(intent: Option<&Intent>, found: &[Diagnostic]) -> Vec<ChecklistItem> {
    let by_code = |id: &'static str| match intent {
        Some(_) => judged(id, against(found, BY_CODE.iter().find(|(name, _)| *name == id))),
        None => unknown(id),
    };
    vec![
        by_code("exclusions-have-paths"),
        by_code("invariants-name-mechanism"),
        intent.map_or(unknown("criteria-well-formed"), |intent| criteria(intent, found)),
        unknown(HAS_TEST),
        by_code("failure-modes-complete"),
        by_code("one-action-per-mode"),
        unknown("invariants-wired"),
        unknown("same-repository"),
        unknown("outside-reviewer"),
        by_code("drift-review-scheduled"),
    ]
}

/// The code of a criterion without a run.
pub(crate) const UNTESTED: &str = "B236";
const HAS_TEST: &str = "criterion-has-test";

/// Fills in the point that recorded runs answer; without criteria there is nothing to test.
pub(crate) fn tested(points: &mut [ChecklistItem], intent: &Intent, untested: &[Diagnostic]) {
    if let Some(point) = points.iter_mut().find(|point| point.id == HAS_TEST) {
        point.because = codes(untested.iter());
        point.ok = Some(untested.is_empty() && !intent.success_criteria.is_empty());
    }
}

/// A criterion is well-formed if nothing that stands in it is an error.
fn criteria(intent: &Intent, found: &[Diagnostic]) -> ChecklistItem {
    let spans: Vec<_> =
        intent.success_criteria.iter().map(|item| item.key.span.to(item.value.span)).collect();
    let inside =
        |span: Span| spans.iter().any(|whole| whole.start <= span.start && span.end <= whole.end);
    let errors = found.iter().filter(|problem| problem.is_error() && inside(problem.span));
    let absent = found.iter().filter(|problem| problem.code == "B234");
    judged("criteria-well-formed", codes(errors.chain(absent)))
}

fn against(found: &[Diagnostic], point: Option<&(&str, &[&str])>) -> Vec<String> {
    let listed = point.map_or(&[][..], |(_, codes)| codes);
    codes(found.iter().filter(|problem| listed.contains(&problem.code.as_str())))
}

fn codes<'d>(found: impl Iterator<Item = &'d Diagnostic>) -> Vec<String> {
    let unique: BTreeSet<_> = found.map(|problem| problem.code.clone()).collect();
    unique.into_iter().collect()
}

fn judged(id: &'static str, because: Vec<String>) -> ChecklistItem {
    ChecklistItem { id, ok: Some(because.is_empty()), because }
}

fn unknown(id: &'static str) -> ChecklistItem {
    ChecklistItem { id, ok: None, because: Vec::new() }
}
