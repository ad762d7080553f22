//! `bounden mutate`: the small mistakes in an intent that no recorded run notices.

mod drafts;
mod json;
mod text;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use bounden_base::Timestamp;
use bounden_policy::Policy;
use bounden_policy::mutation::{Birth, Draft, Kill, Litter, Mutant, Suite, Test, draft, mutants};
use bounden_trace::import::import_each;
use bounden_trace::mutation::tests;

use super::Format;
use crate::exit::Failure;
use crate::parallel;
use crate::promise;
use crate::recording::{self, From, Recording};

/// Name the tests that an intent lacks
///
/// Makes one small mistake after the other in the intent: a rule is gone, a
/// limit is off by one, `&&` is `||`. A mistake that no recorded run notices
/// names a missing test, and the test is drafted.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The intent, or the folder that holds it
    #[arg(long, value_name = "FILE")]
    intent: PathBuf,
    /// Pinned tool definitions; `behavior.contracts.json` beside the intent, if there is one
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// Recordings: files, folders, or `-` for the standard input
    #[arg(long, value_name = "PATH", required = true, num_args = 1..)]
    traces: Vec<PathBuf>,
    #[command(flatten)]
    from: From,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show and draft so many missing tests, the gravest first
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Write each drafted test to a file of its own in this folder
    #[arg(long, value_name = "DIR")]
    drafts: Option<PathBuf>,
    /// The clock of runs that record no times, as RFC 3339 writes it
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
}

/// Mutants that are compiled at a time, so that memory does not grow with the intent.
const BATCH: usize = 256;

/// What became of all mutants.
#[derive(Default)]
struct Outcome {
    tests: usize,
    stillborn: usize,
    equivalent: usize,
    killed: Vec<(Mutant, Kill)>,
    /// The gravest first.
    survivors: Vec<Survivor>,
}

/// A mistake that no test notices.
struct Survivor {
    mutant: Mutant,
    missing: Missing,
}

/// The test that would notice it.
enum Missing {
    /// Nobody has looked for one.
    Unasked,
    /// The search found none: perhaps there is none.
    Unfound,
    Drafted(Box<Draft>),
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let policy = match promise::load(&args.intent, args.contracts.as_deref())? {
        Ok(promise) => promise.policy,
        Err(findings) => return Ok(findings),
    };
    let mut damaged = Vec::new();
    let tests = read(args, &policy, &mut damaged)?;
    let mut outcome = judged(&policy, tests);
    drafted(&policy, &mut outcome.survivors, args.limit);
    if let Some(folder) = &args.drafts {
        drafts::write(folder, &outcome)?;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match args.format {
        Format::Text => text::write(&mut out, &outcome),
        Format::Json => json::write(&mut out, &outcome),
    };
    written
        .and_then(|()| out.flush())
        .map_err(|error| Failure::unavailable(format!("the result cannot be written: {error}")))?;
    recording::tell(&damaged);
    match (outcome.survivors.iter().any(Survivor::is_finding), damaged.len()) {
        (true, _) => Ok(ExitCode::FAILURE),
        (false, 0) => Ok(ExitCode::SUCCESS),
        (false, count) => Err(Failure::usage(format!("{count} records or parts are damaged"))),
    }
}

/// The recorded runs as tests.
fn read(args: &Args, policy: &Policy, damaged: &mut Vec<String>) -> Result<Vec<Test>, Failure> {
    let mut all = Vec::new();
    let mut records = 0;
    for path in recording::files(&args.traces)? {
        let Recording { name, bytes } = recording::read(&path)?;
        let mut runs = Vec::new();
        let tally = import_each(&bytes, args.from.from, &mut |run| runs.push(run));
        all.extend(tests(policy, &runs, &name, args.now));
        records += tally.records;
        damaged.extend(recording::damages(&name, &tally));
    }
    if all.is_empty() {
        return Err(Failure::usage(format!("no run among {records} records")));
    }
    Ok(all)
}

/// Tries every mutant on the tests.
fn judged(policy: &Arc<Policy>, tests: Vec<Test>) -> Outcome {
    let mut outcome = Outcome { tests: tests.len(), ..Outcome::default() };
    let suite = Suite::new(Arc::clone(policy), tests);
    let mut litter = Litter::new(policy);
    let mut all = mutants(policy.bundle());
    loop {
        let batch: Vec<Mutant> = all.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let compiled = parallel::map(&batch, |mutant| mutant.compile(policy));
        let mut alive = Vec::new();
        for (mutant, compiled) in batch.into_iter().zip(compiled) {
            match litter.birth(&mutant, compiled, &|_, _| false) {
                Birth::Stillborn => outcome.stillborn += 1,
                Birth::Equivalent => outcome.equivalent += 1,
                Birth::Alive(policy) => alive.push((mutant, policy)),
            }
        }
        let kills = parallel::map(&alive, |(mutant, policy)| suite.killer(mutant, policy));
        for ((mutant, _), kill) in alive.into_iter().zip(kills) {
            match kill {
                Some(kill) => outcome.killed.push((mutant, kill)),
                None => {
                    outcome.survivors.push(Survivor { mutant, missing: Missing::Unasked });
                }
            }
        }
    }
    outcome.survivors.sort_by_key(|survivor| survivor.mutant.operator);
    outcome
}

/// Drafts the tests that the first survivors miss.
fn drafted(policy: &Arc<Policy>, survivors: &mut [Survivor], limit: usize) {
    let shown = survivors.get_mut(..limit.min(survivors.len())).unwrap_or_default();
    let missing = parallel::map(shown, |survivor| {
        let compiled = survivor.mutant.compile(policy).map(Arc::new);
        let found = compiled.and_then(|mutant| draft(policy, &survivor.mutant, &mutant));
        found.map_or(Missing::Unfound, |draft| Missing::Drafted(Box::new(draft)))
    });
    for (survivor, missing) in shown.iter_mut().zip(missing) {
        survivor.missing = missing;
    }
}

impl Outcome {
    fn alive(&self) -> usize {
        self.killed.len() + self.survivors.len()
    }

    /// The share of mutants that a test notices, from 0 to 1.
    fn score(&self) -> f64 {
        if self.alive() == 0 { 1.0 } else { self.killed.len() as f64 / self.alive() as f64 }
    }

    /// All mutants with whether a test notices them.
    fn judged(&self) -> impl Iterator<Item = (&Mutant, bool)> {
        let killed = self.killed.iter().map(|(mutant, _)| (mutant, true));
        killed.chain(self.survivors.iter().map(|survivor| (&survivor.mutant, false)))
    }
}

impl Survivor {
    /// Whether a test is missing; where the search found none, the mutant may
    /// be the intent in other words.
    fn is_finding(&self) -> bool {
        !matches!(self.missing, Missing::Unfound)
    }

    /// Whether it lies within the limit.
    fn is_shown(&self) -> bool {
        !matches!(self.missing, Missing::Unasked)
    }
}
