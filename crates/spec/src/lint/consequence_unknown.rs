//! A consequence that the ladder does not have.
//!
//! What follows a broken promise is a rung of the ladder. One that is not there
//! takes nothing away, and nobody is asked to decide.
//!
//! ## Example
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{before: {first: billing.look, then: billing.pay}}, {called: billing.pay}]}}
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.95, half_life: 14d, else: pause}}
//! ladder: {narrow: {overlay: {deny: [billing.pay]}, owner: oncall}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{before: {first: billing.look, then: billing.pay}}, {called: billing.pay}]}}
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.95, half_life: 14d, else: narrow}}
//! ladder: {narrow: {overlay: {deny: [billing.pay]}, owner: oncall}}
//! ```

use bounden_base::{Diagnostic, Edit};

use super::{Subject, with_fix};

pub(super) const CODE: &str = "B407";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let rungs = rungs(subject);
    for item in &subject.intent.commitments {
        let Some(follows) = item.value.r#else.as_ref() else { continue };
        if rungs.contains(&follows.value.as_str()) {
            continue;
        }
        let message = format!("`{}` leads to `{follows}`, which the ladder does not have", item.key);
        let problem = Diagnostic::warning(CODE, follows.span, message)
            .help("declare it under `ladder`: `warn`, `narrow`, `review` or `pause`");
        let only = rungs.first().filter(|_| rungs.len() == 1);
        let edits = only.map(|only| vec![Edit { span: follows.span, replacement: (*only).to_owned() }]);
        found.push(with_fix(problem, edits));
    }
}

/// The rungs that the ladder says something of.
fn rungs(subject: &Subject<'_>) -> Vec<&'static str> {
    let Some(ladder) = &subject.intent.ladder else { return Vec::new() };
    let rungs = [
        ("warn", &ladder.warn),
        ("narrow", &ladder.narrow),
        ("review", &ladder.review),
        ("pause", &ladder.pause),
    ];
    rungs.into_iter().filter_map(|(name, rung)| rung.is_some().then_some(name)).collect()
}
