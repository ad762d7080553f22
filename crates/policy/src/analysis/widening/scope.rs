//! Requests: what tells them apart is trained from examples, and no formula
//! says what it answers. So every example of either side is asked, and where
//! none shows anything, nothing was proven.

use super::super::reach::manner;
use super::super::trial::Trial;
use super::super::witness::{Setting, Witness};
use super::{Answer, Part};
use crate::Policy;
use crate::bundle::{FailureMode, FailureResponse};
use crate::event::EventBody;

/// The answer for what keeps requests in scope, if that or what follows from it differs.
pub(super) fn compare(trial: Trial<'_>) -> Option<(Part, Answer)> {
    let (before, after) = (trial.before.bundle(), trial.after.bundle());
    // Without a router no request is refused for what it is about.
    before.router.as_ref()?;
    if before.router == after.router && responses(trial.before) == responses(trial.after) {
        return None;
    }
    let answer = texts(trial.before)
        .chain(texts(trial.after))
        .find_map(|text| witness(trial, text))
        .map_or_else(|| not_proven(trial), |witness| Answer::Wider(Box::new(witness)));
    Some((Part::Scope, answer))
}

fn not_proven(trial: Trial<'_>) -> Answer {
    let because = if trial.budget.is_spent() {
        trial.budget.because()
    } else {
        "requests are told apart or answered in another way, and no example of either scope shows what that changes"
    };
    Answer::NotProven(because.to_owned())
}

/// What follows where a request is not in scope.
fn responses(policy: &Policy) -> [Option<&FailureResponse>; 2] {
    let modes = [FailureMode::OutOfScope, FailureMode::AmbiguousRequest];
    modes.map(|mode| policy.bundle().failure_modes.get(&mode))
}

/// Every example and phrase of a scope, those of exclusions first.
fn texts(policy: &Policy) -> impl Iterator<Item = &str> {
    policy.bundle().router.iter().flat_map(|router| {
        let topics = router.outside.keys().chain(router.inside.keys());
        topics.flat_map(|topic| router.texts(topic))
    })
}

/// The text as the first request of a session, if it is treated more mildly now.
fn witness(trial: Trial<'_>, text: &str) -> Option<Witness> {
    let events = Setting::default().followed_by(EventBody::Request { text: text.to_owned() });
    let verdicts = trial.run(&events)?;
    trial.is_wider(&verdicts).then(|| {
        let manner = manner(verdicts.before.verdict, verdicts.after.verdict);
        Witness::of(events, &verdicts, format!("can now be asked `{text}`{manner}"))
    })
}
