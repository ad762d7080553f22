//! `bounden`: one binary, a file per subcommand.

mod approve_call;
mod check;
mod desk;
mod exit;
mod explain;
mod guard;
mod promise;
mod recording;
mod stop;
mod test;
mod trace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::exit::Failure;

#[derive(Parser)]
#[command(name = "bounden", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say what is wrong with an intent, where, and what to do
    Check(check::Args),
    /// Print the page of one finding
    Explain(explain::Args),
    /// Enforce what the policy says
    #[command(subcommand)]
    Guard(guard::Command),
    /// Let a call that waits for a person happen once
    ApproveCall(approve_call::Args),
    /// Refuse every call from now on
    Stop(stop::Args),
    /// Judge recorded runs by an intent
    Test(test::Args),
    /// Read recordings of any format
    #[command(subcommand)]
    Trace(trace::Command),
    /// The support desk of the shipped example: an MCP server over stdio.
    #[command(hide = true)]
    ExampleDesk(desk::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(help) => return exit::usage(&help),
    };
    exit::code(run(cli.command))
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Guard(command) => guard::run(command),
        Command::ApproveCall(args) => approve_call::run(args),
        Command::Stop(args) => stop::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Trace(command) => trace::run(&command),
        Command::ExampleDesk(args) => desk::run(&args),
    }
}
