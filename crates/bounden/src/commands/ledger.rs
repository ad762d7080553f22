//! `bounden ledger`: the log itself.

use std::process::ExitCode;

use super::Dir;
use crate::exit::Failure;
use crate::state::{State, inside};
use crate::terminal::{dim, green, red};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Read every row again and compare everything with what was signed
    Audit(AuditArgs),
}

#[derive(clap::Args)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    dir: Dir,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    let Command::Audit(args) = command;
    let state = State::of(args.dir.open()?.root());
    let trust = state.trust()?;
    let Some(ledger) = state.existing_ledger(&trust)? else {
        return Err(Failure::unavailable("there is no ledger here yet"));
    };
    let audit = ledger.audit().map_err(inside)?;
    for found in &audit.findings {
        anstream::println!("{} {} {}: {}", red("✗"), found.table, found.row, found.reason.code());
    }
    let size = format!("{} entries, {} signed, {} blobs", audit.entries, audit.signed, audit.blobs);
    if audit.findings.is_empty() {
        anstream::println!("{} {size}", green("intact"));
        return Ok(ExitCode::SUCCESS);
    }
    anstream::println!("{}", dim(size));
    Ok(ExitCode::FAILURE)
}
