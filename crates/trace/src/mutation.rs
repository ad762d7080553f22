//! Recorded runs as tests for mutants of a policy: what the policy decides
//! about their events is what they assert.

use bounden_base::Timestamp;
use bounden_policy::mutation::Test;
use bounden_policy::{Policy, ToolName};

use crate::Run;
use crate::evaluate::{Events, Names};

/// A test for each run of a file; and one for all of them together, where an
/// enforcement point recorded them, since there they share one history.
///
/// `start` is the clock of runs that record no times.
#[must_use]
pub fn tests(policy: &Policy, runs: &[Run<'_>], file: &str, start: Option<Timestamp>) -> Vec<Test> {
    let names = Names::of(policy.bundle().tools.keys());
    let mut tests: Vec<Test> = runs
        .iter()
        .map(|run| Test {
            name: format!("{file}: {}", run.id),
            events: events(run, &names, start),
            is_guarded: run.is_guarded(),
        })
        .collect();
    if tests.len() > 1 && tests.iter().all(|test| test.is_guarded) {
        let mut events: Vec<_> = tests.iter().flat_map(|test| test.events.clone()).collect();
        events.sort_by_key(|event| event.at);
        tests.push(Test { name: file.to_owned(), events, is_guarded: true });
    }
    tests
}

fn events(run: &Run<'_>, names: &Names, start: Option<Timestamp>) -> Vec<bounden_policy::Event> {
    // A mutant may read answers that the original does not.
    let is_read = |_: &ToolName| true;
    let mut events = Events::of(run, names, start, &is_read);
    let mut told = vec![events.start()];
    told.extend((0..run.events.len()).filter_map(|index| events.event(index)));
    told.push(events.end());
    told
}
