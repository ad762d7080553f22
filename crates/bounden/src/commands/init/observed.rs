//! What recorded runs show: which tools were called, and the most that one run used.

use std::path::PathBuf;

use bounden_spec::draft::Observed;
use bounden_trace::import::import_each;
use bounden_trace::{Actor, EventKind, Run};

use crate::exit::Failure;
use crate::recording::{self, Recording};

/// Reads all runs; `None` where no recordings are named.
pub(super) fn read(paths: &[PathBuf]) -> Result<Option<Observed>, Failure> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut observed = Observed::default();
    let mut damages = Vec::new();
    for path in recording::files(paths)? {
        let Recording { name, bytes } = recording::read(&path)?;
        let tally = import_each(&bytes, None, &mut |run| add(&run, &mut observed));
        damages.extend(recording::damages(&name, &tally));
    }
    recording::tell(&damages);
    if observed.runs == 0 {
        let names: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::usage(format!("{} hold no recorded run", names.join(", "))));
    }
    Ok(Some(observed))
}

fn add(run: &Run<'_>, observed: &mut Observed) {
    let (mut steps, mut calls) = (0, 0);
    for event in &run.events {
        match &event.kind {
            EventKind::Call(call) if call.actor == Actor::Agent => {
                *observed.tools.entry(call.tool.to_string()).or_default() += 1;
                calls += 1;
                steps += 1;
            }
            EventKind::Request(_) | EventKind::Output(_) => steps += 1,
            _ => {}
        }
    }
    let times = || run.events.iter().filter_map(|event| event.at);
    let seconds =
        times().max().zip(times().min()).map(|(last, first)| (last - first).get_seconds());
    let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
    observed.runs += 1;
    observed.steps = observed.steps.max(steps);
    observed.tool_calls = observed.tool_calls.max(calls);
    observed.seconds = observed.seconds.max(seconds);
    observed.usd = observed.usd.max(run.cost());
}
