//! `bounden guard owner`: the one process that decides for an agent here.

use std::process::ExitCode;
use std::time::Duration;

use bounden_guard::canary::keep_proving;
use bounden_guard::owner::{Caller, Owner, listen, spawn};

use super::{PolicyArgs, StateArgs, runtime};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    policy: PolicyArgs,
}

/// Invariants are tried at the start, which is after each change of the lock, and this often.
const PROVE_EVERY: Duration = Duration::from_secs(3600);

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
    let again = args.policy.clone();
    let source = move || again.open().map_err(|failure| failure.to_string());
    let handle = spawn(owner.with_source(Box::new(source))).map_err(|error| failed(&error))?;
    let starter = args.policy.starter(&home)?;
    home.remember_starter(&starter).map_err(|error| failed(&error))?;
    let idle = Duration::from_secs(args.policy.owner_idle);
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        tokio::spawn(keep_proving(handle.clone(), Caller::owner(), PROVE_EVERY));
        listen(&home, &ownership, handle, idle).await
    });
    runtime.shutdown_background();
    served.map_err(|error| failed(&error))?;
    Ok(ExitCode::SUCCESS)
}
