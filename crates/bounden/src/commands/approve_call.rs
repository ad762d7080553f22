//! `bounden approve-call`: a person lets a held call happen once.

use std::process::ExitCode;

use bounden_guard::owner::protocol::{Request, Response};

use crate::commands::guard::{self, StateArgs};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The approval's id, as the denied call names it
    #[arg(value_name = "ID")]
    call: String,
    /// The role in which you approve
    #[arg(long, value_name = "ROLE")]
    role: String,
    #[command(flatten)]
    state: StateArgs,
}

pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    let request = Request::Approve { call: args.call.into(), role: args.role.into() };
    match guard::ask(&args.state, request)? {
        Response::Done => Ok(ExitCode::SUCCESS),
        other => Err(guard::unexpected(&other)),
    }
}
