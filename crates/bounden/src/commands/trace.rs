//! `bounden trace`: recordings of any format, normalised or shown.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::{Json, JsonError};
use bounden_trace::import::{Tally, import_each};
use bounden_trace::{EventKind, Payload, Run, SkipReason, kind_name, normalise};

use crate::exit::Failure;
use crate::recording::{self, From, Recording};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Write recordings as the events that `bounden decide` reads, one a line
    Import(Args),
    /// Show recordings to a person
    Show(Args),
}

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Recordings: files, folders, or `-` for the standard input
    #[arg(value_name = "PATH", required = true)]
    traces: Vec<PathBuf>,
    #[command(flatten)]
    from: From,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    let (args, write): (_, fn(&mut Output, &Run<'_>) -> io::Result<()>) = match command {
        Command::Import(args) => (args, Output::events),
        Command::Show(args) => (args, Output::words),
    };
    let mut output = Output { out: BufWriter::new(io::stdout().lock()), dropped: 0 };
    let mut damaged = false;
    for path in recording::files(&args.traces)? {
        let Recording { name, bytes } = recording::read(&path)?;
        let mut written = Ok(());
        let tally = import_each(&bytes, args.from.from, &mut |run| {
            if written.is_ok() {
                written = write(&mut output, &run);
            }
        });
        written.and_then(|()| output.out.flush()).map_err(unwritable)?;
        damaged |= tell(&name, &tally, output.dropped);
    }
    if damaged { Err(Failure::usage("some records are damaged")) } else { Ok(ExitCode::SUCCESS) }
}

fn unwritable(error: io::Error) -> Failure {
    Failure::unavailable(format!("the output cannot be written: {error}"))
}

struct Output {
    out: BufWriter<io::StdoutLock<'static>>,
    /// Events that have no counterpart in the output.
    dropped: usize,
}

impl Output {
    fn events(&mut self, run: &Run<'_>) -> io::Result<()> {
        let (events, dropped) = normalise(run);
        self.dropped += dropped;
        events.iter().try_for_each(|event| writeln!(self.out, "{}", event.canonical()))
    }

    fn words(&mut self, run: &Run<'_>) -> io::Result<()> {
        writeln!(self.out, "run {} (byte {})", run.id, run.source.offset)?;
        for (index, event) in run.events.iter().enumerate() {
            let at = event.at.map(|at| format!(" {at}")).unwrap_or_default();
            let line = line(&event.kind);
            writeln!(self.out, "{index:>5}{at} {:8} {line}", kind_name(&event.kind))?;
        }
        for (name, value) in &run.labels {
            writeln!(self.out, "      {name} = {}", value.canonical())?;
        }
        writeln!(self.out)
    }
}

/// An event in one line.
fn line(kind: &EventKind<'_>) -> String {
    match kind {
        EventKind::Request(words) | EventKind::Message(words) | EventKind::Output(words) => {
            one_line(&words.text())
        }
        EventKind::Call(call) => {
            let arguments = call.arguments.as_ref().map(|arguments| read(arguments.arguments()));
            format!("{} {}", call.tool, arguments.unwrap_or_else(|| "(withheld)".to_owned()))
        }
        EventKind::Result(result) => {
            let call = result.call.map_or("?".to_owned(), |call| call.to_string());
            let ok = match result.ok {
                Some(true) => "ok",
                Some(false) => "failed",
                None => "unknown",
            };
            let content = result.content.as_ref().map(Payload::text).unwrap_or_default();
            format!("of {call}: {ok}: {}", one_line(&content))
        }
        EventKind::Handover(agent) => agent.to_string(),
        EventKind::Control(json) => one_line(json),
    }
}

fn read(arguments: Result<Json, JsonError>) -> String {
    arguments.map_or_else(|error| format!("(unreadable: {error})"), |json| json.canonical())
}

/// The beginning of a text, without line breaks.
fn one_line(text: &str) -> String {
    const MOST: usize = 160;
    let mut line: String =
        text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        line.push('…');
    }
    line
}

/// How the file was read, on stderr; whether something in it is damaged.
fn tell(name: &str, tally: &Tally, dropped: usize) -> bool {
    let format = tally.format.map_or("no known format", |format| format.name());
    eprintln!("{name}: {format}, {} records, {} runs", tally.records, tally.runs);
    let left_out = tally.skipped_by_reason();
    for reason in [SkipReason::Duplicate, SkipReason::Unrelated] {
        if let Some(count) = left_out.get(reason.name()) {
            eprintln!("{name}: {count} {} records", reason.name());
        }
    }
    if dropped > 0 {
        eprintln!("{name}: {dropped} events have no counterpart and are left out");
    }
    let damages = recording::damages(name, tally);
    recording::tell(&damages);
    !damages.is_empty()
}
