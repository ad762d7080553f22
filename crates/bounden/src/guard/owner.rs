//! `bounden guard owner`: the one process that decides for an agent here.

use std::process::ExitCode;
use std::time::Duration;

use bounden_guard::owner::{Owner, listen, spawn};

use super::{PolicyArgs, StateArgs, runtime};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    policy: PolicyArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let home = args.state.home()?;
    let policy = args.policy.open()?;
    let failed = |error: &dyn std::error::Error| Failure::unavailable(error.to_string());
    let Some(ownership) = home.own().map_err(|error| failed(&error))? else {
        // Another point started one at the same moment.
        return Ok(ExitCode::SUCCESS);
    };
    let (owner, recovery) = Owner::open(&home, policy).map_err(|error| failed(&error))?;
    if recovery.dropped > 0 {
        eprintln!("dropped {} bytes of an unfinished receipt", recovery.dropped);
    }
    let handle = spawn(owner).map_err(|error| failed(&error))?;
    let idle = Duration::from_secs(args.policy.owner_idle);
    let runtime = runtime()?;
    runtime.block_on(listen(&home, &ownership, handle, idle)).map_err(|error| failed(&error))?;
    Ok(ExitCode::SUCCESS)
}
