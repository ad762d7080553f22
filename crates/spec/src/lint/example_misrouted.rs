//! An example that the router does not recognise.
//!
//! The router is asked about each of the examples that it learned from. One
//! that it takes for the other side of the scope, or cannot tell, is too much
//! like examples of that side. One that would be answered wrongly if it had not
//! been given makes every answer harder: it raises the lead that all answers need.
//!
//! ## Example
//!
//! ```yaml
//! scope:
//!   in:
//!     payments: {says: Paying invoices, examples: ["pay the invoice of Acme", "settle this bill", "transfer the rent to our landlord", "the contract is legal, says the court"]}
//!   out:
//!     legal: {says: Legal matters, escalate: people, examples: ["my lawyer will write", "we will meet in court", "is this contract legal"]}
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

use std::collections::BTreeMap;

use bounden_base::{Diagnostic, Span};
use bounden_policy::{Outcome, Reviewed};

use super::{Subject, edits, with_fix};

pub(super) const CODE: &str = "B242";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(policy) = subject.policy else { return };
    let (Some(from), Some(router)) = (&policy.bundle().router, policy.router()) else { return };
    if from.threshold.is_none() {
        return;
    }
    let places = places(subject);
    for reviewed in router.review(from) {
        let place = places.get(&(reviewed.topic.as_str(), reviewed.example.as_str()));
        let problem = place.and_then(|place| problem(&reviewed, *place, from.threshold));
        found.extend(problem.map(|problem| {
            let edits = edits::removal(subject.source, problem.span, problem.span);
            with_fix(problem, edits)
        }));
    }
}

fn problem(reviewed: &Reviewed, place: Span, threshold: Option<i64>) -> Option<Diagnostic> {
    let topic = &reviewed.topic;
    let (message, help) = match reviewed.trained {
        Outcome::Wrong => (
            format!("the router takes this example of `{topic}` for the other side of the scope"),
            "say what sets it apart, or move it",
        ),
        Outcome::Ambiguous => (
            format!("the router cannot tell that this is about `{topic}`"),
            "add examples that share its words, or say it in words that the other side does not use",
        ),
        Outcome::Right if reviewed.raises.is_some() && reviewed.raises == threshold => (
            format!(
                "for this example alone every answer needs a lead of {} points",
                threshold.unwrap_or_default()
            ),
            "add examples that share its words, or leave it out",
        ),
        Outcome::Right => return None,
    };
    Some(Diagnostic::warning(CODE, place, message).help(help))
}

/// Where the examples stand, by topic and text.
fn places<'i>(subject: &Subject<'i>) -> BTreeMap<(&'i str, &'i str), Span> {
    let scope = &subject.intent.scope;
    let inside = scope.r#in.iter().map(|item| (&item.key, &item.value.examples));
    let outside = scope.out.iter().map(|item| (&item.key, &item.value.examples));
    let examples = inside.chain(outside).flat_map(|(key, examples)| {
        examples.iter().map(|text| ((key.name.as_str(), text.value.as_str()), text.span))
    });
    examples.collect()
}
