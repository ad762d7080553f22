//! `bounden migrate`: other inputs, written as `behavior.intent/v1`.

use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::{Diagnostic, Severity};

use crate::commands::check::{Document, print};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The document, or the folder that holds it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// Where the intent is written; standard output otherwise
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let document = Document::open(&args.path, None)?;
    let migrated = bounden_spec::migrate(&document.bytes);
    anstream::eprint!("{}", print(&migrated.diagnostics, &document.name(), &document.text()));
    if let Some(open) = migrated.open {
        print!("{open}");
        eprintln!(
            "{} leaves open what is said above: add what is printed, with your own words for \
             those in capitals, and run `bounden migrate` again",
            document.name()
        );
        return Ok(ExitCode::from(1));
    }
    let Some(text) = migrated.text else {
        return Err(Failure::usage(format!("{} cannot be read as an intent", document.name())));
    };
    if migrated.is_current {
        eprintln!("{} is in the current format already", document.name());
    }
    match &args.output {
        Some(path) => Document::new(path.clone(), text.into_bytes()).save()?,
        None => print!("{text}"),
    }
    tell_what_is_open(&migrated.diagnostics);
    Ok(ExitCode::SUCCESS)
}

fn tell_what_is_open(found: &[Diagnostic]) {
    match found.iter().filter(|problem| problem.severity == Severity::Error).count() {
        0 => {}
        1 => eprintln!("1 thing is left open; `bounden check` finds it in the result as well"),
        open => eprintln!(
            "{open} things are left open; `bounden check` finds them in the result as well"
        ),
    }
}
