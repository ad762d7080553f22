//! `bounden decide`: events in, decisions out, one a line.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::{Json, Timestamp};
use bounden_policy::{Engine, Event, EventError};

use super::lines::{LONGEST, Line, Lines};
use crate::exit::Failure;
use crate::promise;

/// Decide recorded or made-up events offline, one JSON object a line
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The intent
    #[arg(long, value_name = "FILE")]
    intent: PathBuf,
    /// The pinned tool definitions
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// Decide in the order of the events' times instead of that of the lines
    #[arg(long)]
    sort: bool,
}

/// Decides line by line and counts what could not be read.
struct Decider<W> {
    engine: Engine,
    output: W,
    malformed: u64,
}

/// Why the work could not be finished.
#[derive(Debug, thiserror::Error)]
enum DecideError {
    #[error("the events cannot be read: {0}")]
    Input(io::Error),
    #[error("the decisions cannot be written: {0}")]
    Output(io::Error),
}

/// A line that is no event.
#[derive(Debug, thiserror::Error)]
enum MalformedLine {
    #[error(transparent)]
    Event(#[from] EventError),
    #[error("the line is longer than {} bytes", LONGEST)]
    TooLong,
}

/// An event with its place in the input.
struct Numbered {
    line: u64,
    event: Result<Event, MalformedLine>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let promise = match promise::load(&args.intent, args.contracts.as_deref())? {
        Ok(promise) => promise,
        Err(findings) => return Ok(findings),
    };
    let mut decider =
        Decider { engine: Engine::new(promise.policy), output: io::stdout().lock(), malformed: 0 };
    let events = events(io::stdin().lock());
    if args.sort { decider.decide_sorted(events) } else { decider.decide_all(events) }?;
    match decider.malformed {
        0 => Ok(ExitCode::SUCCESS),
        count => Err(Failure::usage(format!("{count} of the lines are no events"))),
    }
}

/// The events of the input, read as they are asked for. Blank lines are none.
fn events(input: impl BufRead) -> impl Iterator<Item = io::Result<Numbered>> {
    Lines::new(input).filter_map(|line| match line {
        Err(error) => Some(Err(error)),
        Ok((_, Line::Whole(text))) if text.trim_ascii().is_empty() => None,
        Ok((number, text)) => Some(Ok(Numbered { line: number, event: event(&text) })),
    })
}

fn event(line: &Line) -> Result<Event, MalformedLine> {
    match line {
        Line::Whole(text) => Ok(Event::parse(text)?),
        Line::TooLong => Err(MalformedLine::TooLong),
    }
}

impl<W: Write> Decider<W> {
    fn decide_all(
        &mut self,
        events: impl Iterator<Item = io::Result<Numbered>>,
    ) -> Result<(), DecideError> {
        for numbered in events {
            self.decide(numbered.map_err(DecideError::Input)?)?;
        }
        Ok(())
    }

    /// Decides by time, then by line; what states no time goes with the line before it.
    fn decide_sorted(
        &mut self,
        events: impl Iterator<Item = io::Result<Numbered>>,
    ) -> Result<(), DecideError> {
        let mut latest: Option<Timestamp> = None;
        let mut timed = Vec::new();
        for numbered in events {
            let numbered = numbered.map_err(DecideError::Input)?;
            let own = numbered.event.as_ref().ok().and_then(|event| event.at);
            latest = own.or(latest);
            timed.push((latest, numbered));
        }
        timed.sort_by_key(|(at, _)| *at);
        timed.into_iter().try_for_each(|(_, numbered)| self.decide(numbered))
    }

    fn decide(&mut self, Numbered { line, event }: Numbered) -> Result<(), DecideError> {
        let answer = match event {
            Ok(event) => {
                let ruling = self.engine.decide(&event);
                ruling.to_json().unwrap_or_else(|error| refusal(line, error.to_string()))
            }
            Err(malformed) => {
                self.malformed += 1;
                refusal(line, malformed.to_string())
            }
        };
        // A host that waits for the answer to one event gets it before it sends the next.
        writeln!(self.output, "{}", answer.canonical())
            .and_then(|()| self.output.flush())
            .map_err(DecideError::Output)
    }
}

fn refusal(line: u64, error: String) -> Json {
    let line = i64::try_from(line).unwrap_or(i64::MAX);
    Json::object([("error", error.into()), ("line", line.into()), ("verdict", "block".into())])
}

impl From<DecideError> for Failure {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Input(_) => Self::usage(error.to_string()),
            DecideError::Output(_) => Self::unavailable(error.to_string()),
        }
    }
}
