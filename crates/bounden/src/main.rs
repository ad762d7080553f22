//! `bounden`: one binary, a file per subcommand.

mod approve_call;
mod check;
mod commands;
mod decide;
mod desk;
mod durable;
mod exit;
mod explain;
mod folder;
mod guard;
mod keyring;
mod migrate;
mod promise;
mod promoter;
mod recording;
mod schema;
mod state;
mod stop;
mod terminal;
mod test;
mod trace;
mod verification;
mod view;

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
    /// Govern the agent in a folder on this machine, from its promise to a guarded call
    Up(commands::up::Args),
    /// Say what is wrong with an intent, where, and what to do
    Check(check::Args),
    /// Print the page of one finding
    Explain(explain::Args),
    /// Decide events offline, one JSON object a line
    Decide(decide::Args),
    /// Ask the servers for their tools and pin them
    Resolve(commands::resolve::Args),
    /// Say what would change where this ran
    Plan(commands::plan::Args),
    /// Cast one person's signed vote on a change
    Approve(commands::approve::Args),
    /// Let it run in an environment, if the gate agrees
    Promote(commands::promote::Args),
    /// Check offline that what runs is what was approved
    Verify(commands::verify::Args),
    /// Go back to what ran before, and stay there
    Rollback(commands::rollback::Args),
    /// Say what ran where
    History(commands::history::Args),
    /// Look after the log
    #[command(subcommand)]
    Ledger(commands::ledger::Command),
    /// Look after keys on this machine
    #[command(subcommand)]
    Key(commands::key::Command),
    /// Write another input as an intent of the current format
    Migrate(migrate::Args),
    /// Print the JSON Schema of the intent
    Schema(schema::Args),
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
        Command::Up(args) => commands::up::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Decide(args) => decide::run(&args),
        Command::Resolve(args) => commands::resolve::run(&args),
        Command::Plan(args) => commands::plan::run(&args),
        Command::Approve(args) => commands::approve::run(&args),
        Command::Promote(args) => commands::promote::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Rollback(args) => commands::rollback::run(&args),
        Command::History(args) => commands::history::run(&args),
        Command::Ledger(command) => commands::ledger::run(&command),
        Command::Key(command) => commands::key::run(&command),
        Command::Migrate(args) => migrate::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Guard(command) => guard::run(command),
        Command::ApproveCall(args) => approve_call::run(args),
        Command::Stop(args) => stop::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Trace(command) => trace::run(&command),
        Command::ExampleDesk(args) => desk::run(&args),
    }
}
