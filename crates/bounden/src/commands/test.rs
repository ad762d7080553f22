//! `bounden test`: recorded runs against what an intent promises.

mod junit;
mod markdown;
mod text;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Timestamp;
use bounden_policy::CriterionVerdict;
use bounden_trace::Evaluator;
use bounden_trace::import::import_each;
use bounden_trace::report::{RunReport, Suite, Summary};

use crate::exit::Failure;
use crate::parallel;
use crate::promise::{self, Promise};
use crate::recording::{self, From, Recording};

/// Judge recorded runs by an intent
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
    /// Write each run as a line of JSON, and nothing else
    #[arg(long, value_enum)]
    runs_only: Option<RunsOnly>,
    /// Show each clause of each run that does not pass
    #[arg(long)]
    explain: bool,
    /// The clock of runs that record no times, as RFC 3339 writes it
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Junit,
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum RunsOnly {
    Jsonl,
}

/// Runs that are judged at a time, so that memory does not grow with the file.
const BATCH: usize = 2048;

/// Everything that was found.
struct Outcome {
    runs: Vec<RunReport>,
    summary: Summary,
    /// Records that are damaged.
    damaged: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let promise = match promise::load(&args.intent, args.contracts.as_deref())? {
        Ok(promise) => promise,
        Err(findings) => return Ok(findings),
    };
    let outcome = judge(args, &promise)?;
    let written = if outcome.runs.is_empty() { Ok(()) } else { write(args, &outcome) };
    written
        .map_err(|error| Failure::unavailable(format!("the result cannot be written: {error}")))?;
    recording::tell(&outcome.damaged);
    conclude(&outcome)
}

fn judge(args: &Args, promise: &Promise) -> Result<Outcome, Failure> {
    let mut evaluator = Evaluator::new(promise.policy.clone());
    if let Some(now) = args.now {
        evaluator = evaluator.starting_at(now);
    }
    let mut suite = Suite::new(&promise.policy);
    for (criterion, share) in &promise.thresholds {
        suite.threshold(criterion.clone(), *share);
    }
    let (mut reports, mut damaged) = (Vec::new(), Vec::new());
    for path in recording::files(&args.traces)? {
        let Recording { name, bytes } = recording::read(&path)?;
        let mut waiting = Vec::new();
        let tally = import_each(&bytes, args.from.from, &mut |run| {
            waiting.push(run);
            if waiting.len() == BATCH {
                reports.extend(parallel::map(&waiting, |run| evaluator.judge(run, &name)));
                waiting.clear();
            }
        });
        reports.extend(parallel::map(&waiting, |run| evaluator.judge(run, &name)));
        suite.file(&tally);
        damaged.extend(recording::damages(&name, &tally));
    }
    reports.iter().for_each(|report| suite.add(report));
    Ok(Outcome { summary: suite.summary(), runs: reports, damaged })
}

fn write(args: &Args, outcome: &Outcome) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match (args.runs_only, args.format) {
        (Some(RunsOnly::Jsonl), _) => lines(&mut out, &outcome.runs)?,
        (None, Format::Json) => json(&mut out, outcome)?,
        (None, Format::Text) => text::write(&mut out, outcome, args.explain)?,
        (None, Format::Markdown) => markdown::write(&mut out, outcome)?,
        (None, Format::Junit) => junit::write(&mut out, outcome)?,
    }
    out.flush()
}

fn lines(out: &mut impl Write, runs: &[RunReport]) -> io::Result<()> {
    for run in runs {
        serde_json::to_writer(&mut *out, run)?;
        writeln!(out)?;
    }
    Ok(())
}

fn json(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    #[derive(serde::Serialize)]
    struct Document<'o> {
        runs: &'o [RunReport],
        #[serde(flatten)]
        summary: &'o Summary,
    }
    serde_json::to_writer(&mut *out, &Document { runs: &outcome.runs, summary: &outcome.summary })?;
    writeln!(out)
}

/// 1 where something falls short, 3 where a recording is damaged or empty.
fn conclude(outcome: &Outcome) -> Result<ExitCode, Failure> {
    if outcome.runs.is_empty() {
        let records = outcome.summary.evidence.records;
        return Err(Failure::usage(format!("no run among {records} records")));
    }
    if outcome.summary.fails() {
        return Ok(ExitCode::FAILURE);
    }
    if outcome.damaged.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::usage(format!("{} records or parts are damaged", outcome.damaged.len())))
}

/// A verdict in the words of reports.
fn word(verdict: CriterionVerdict) -> &'static str {
    match verdict {
        CriterionVerdict::Pass => "pass",
        CriterionVerdict::Fail => "fail",
        CriterionVerdict::NotApplicable => "not applicable",
        CriterionVerdict::Undecidable => "undecidable",
    }
}
