//! `bounden`: one binary, a file per subcommand.

mod commands;
mod durable;
mod exit;
mod folder;
mod keyring;
mod organisation;
mod parallel;
mod promise;
mod promoter;
mod recording;
mod state;
mod terminal;
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
    /// Draft an intent from what is there, or start from a template
    Init(commands::init::Args),
    /// Say what is wrong with an intent, where, and what to do
    Check(commands::check::Args),
    /// Print the page of one finding
    Explain(commands::explain::Args),
    /// Decide events offline, one JSON object a line
    Decide(commands::decide::Args),
    /// Say what requests are about, one a line: in scope, excluded, or unclear
    Route(commands::route::Args),
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
    /// Keep an environment as it is
    Hold(commands::hold::Args),
    /// Let a held environment go on
    Release(commands::hold::Args),
    /// Say what ran where
    History(commands::history::Args),
    /// Look after the log
    #[command(subcommand)]
    Ledger(commands::ledger::Command),
    /// Look after keys on this machine
    #[command(subcommand)]
    Key(commands::key::Command),
    /// Write another input as an intent of the current format
    Migrate(commands::migrate::Args),
    /// Print the JSON Schema of the intent
    Schema(commands::schema::Args),
    /// Serve an editor over standard input and output
    Lsp(commands::lsp::Args),
    /// Enforce what the policy says
    #[command(subcommand)]
    Guard(commands::guard::Command),
    /// Let a call that waits for a person happen once
    ApproveCall(commands::approve_call::Args),
    /// Refuse every call from now on
    Stop(commands::stop::Args),
    /// Judge recorded runs by an intent
    Test(commands::test::Args),
    /// Name the tests that an intent lacks: small mistakes that no recorded run notices
    Mutate(commands::mutate::Args),
    /// Say which tools are dangerous together, and what keeps them apart
    Compose(commands::compose::Args),
    /// Prove that a policy permits nothing that another does not
    Prove(commands::prove::Args),
    /// Write a policy in the language of another engine
    #[command(subcommand)]
    Export(commands::export::Command),
    /// Read recordings of any format
    #[command(subcommand)]
    Trace(commands::trace::Command),
    /// The support desk of the shipped example: an MCP server over stdio.
    #[command(hide = true)]
    ExampleDesk(commands::desk::Args),
    /// A server that is not there yet: offers what is pinned of it.
    #[command(hide = true)]
    StandIn(commands::stand_in::Args),
}

fn main() -> ExitCode {
    exit::quietly_without_a_reader();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(help) => return exit::usage(&help),
    };
    exit::code(run(cli.command))
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Up(args) => commands::up::run(&args),
        Command::Init(args) => commands::init::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Decide(args) => commands::decide::run(&args),
        Command::Route(args) => commands::route::run(&args),
        Command::Resolve(args) => commands::resolve::run(&args),
        Command::Plan(args) => commands::plan::run(&args),
        Command::Approve(args) => commands::approve::run(&args),
        Command::Promote(args) => commands::promote::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Rollback(args) => commands::rollback::run(&args),
        Command::Hold(args) => commands::hold::run(&args, true),
        Command::Release(args) => commands::hold::run(&args, false),
        Command::History(args) => commands::history::run(&args),
        Command::Ledger(command) => commands::ledger::run(&command),
        Command::Key(command) => commands::key::run(&command),
        Command::Migrate(args) => commands::migrate::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Lsp(args) => commands::lsp::run(&args),
        Command::Guard(command) => commands::guard::run(command),
        Command::ApproveCall(args) => commands::approve_call::run(args),
        Command::Stop(args) => commands::stop::run(&args),
        Command::Test(args) => commands::test::run(&args),
        Command::Mutate(args) => commands::mutate::run(&args),
        Command::Compose(args) => commands::compose::run(&args),
        Command::Prove(args) => commands::prove::run(&args),
        Command::Export(command) => commands::export::run(&command),
        Command::Trace(command) => commands::trace::run(&command),
        Command::ExampleDesk(args) => commands::desk::run(&args),
        Command::StandIn(args) => commands::stand_in::run(&args),
    }
}
