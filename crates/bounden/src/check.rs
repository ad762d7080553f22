//! `bounden check`: what is wrong with an intent, where, and what to do.

mod input;
mod json;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Severity;
use bounden_spec::{check, defaults, repaired};

use crate::exit::Failure;
pub(crate) use input::Document;
use input::Report;
pub(crate) use text::print;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Intents, or folders that hold one
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Pinned tool definitions; `behavior.contracts.json` beside the intent, if there is one
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// Make the repairs that do not change what the document means
    #[arg(long)]
    fix: bool,
    /// Also print every default that is in force
    #[arg(long)]
    explain: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// Annotations of GitHub Actions
    Github,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let documents = args.paths.iter().map(|path| Document::open(path, args.contracts.as_deref()));
    let mut documents = documents.collect::<Result<Vec<_>, _>>()?;
    if args.fix {
        documents.iter_mut().try_for_each(fix)?;
    }
    let reports: Vec<_> = documents.iter().map(report).collect();
    match args.format {
        Format::Text => reports.iter().for_each(|report| text::report(report, args.explain)),
        Format::Json => println!("{}", json::render(&reports)?),
        Format::Github => reports.iter().for_each(text::annotate),
    }
    let is_refused = reports.iter().any(|report| report.count(Severity::Error) > 0);
    Ok(ExitCode::from(u8::from(is_refused)))
}

fn report(document: &Document) -> Report<'_> {
    let checked = check(&document.bytes, document.contracts.as_ref());
    let mut diagnostics = checked.diagnostics;
    diagnostics.extend(document.contracts_problem.clone());
    Report {
        document,
        defaults: checked.intent.as_ref().map(defaults).unwrap_or_default(),
        diagnostics,
        checklist: checked.checklist,
    }
}

/// Repairs until nothing safe is left, and writes the document back if it changed.
fn fix(document: &mut Document) -> Result<(), Failure> {
    const ROUNDS: usize = 8;
    let Ok(mut source) = String::from_utf8(document.bytes.clone()) else { return Ok(()) };
    for _ in 0..ROUNDS {
        let found = check(source.as_bytes(), document.contracts.as_ref()).diagnostics;
        let (text, count) = repaired(&source, &found);
        if count == 0 {
            break;
        }
        source = text;
    }
    if source.as_bytes() == document.bytes {
        return Ok(());
    }
    document.bytes = source.into_bytes();
    document.save()
}
