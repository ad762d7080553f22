//! `bounden stop`: nothing is permitted any more, at once, until it is lifted.

use std::process::ExitCode;

use bounden_guard::owner;

use crate::commands::guard::StateArgs;
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Why; it is told to whoever is refused
    #[arg(long, value_name = "TEXT", default_value = "stopped by an operator")]
    reason: String,
    /// Let the agent go on instead
    #[arg(long)]
    lift: bool,
    #[command(flatten)]
    state: StateArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let home = args.state.home()?;
    // The switch is a file that every decision looks at, so that stopping
    // waits for nobody and works while nobody runs.
    let done =
        if args.lift { owner::lift(&home, &args.reason) } else { owner::stop(&home, &args.reason) };
    done.map_err(|error| Failure::unavailable(error.to_string()))?;
    Ok(ExitCode::SUCCESS)
}
