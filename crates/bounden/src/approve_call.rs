//! `bounden approve-call`: a person lets a held call happen once.

use std::process::ExitCode;

use bounden_guard::Link;
use bounden_guard::owner::protocol::{Request, Response};

use crate::exit::Failure;
use crate::guard::{StateArgs, runtime};

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
    let home = args.state.home()?;
    let request = Request::Approve { call: args.call.into(), role: args.role.into() };
    let answer = runtime()?.block_on(async { Link::over_socket(home, None).ask(request).await });
    match answer {
        Ok(Response::Done) => Ok(ExitCode::SUCCESS),
        Ok(Response::Refused(why)) => Err(Failure::refused(why)),
        Ok(other) => Err(Failure::unavailable(format!("the owner answered {other:?}"))),
        Err(error) => Err(Failure::unavailable(error.to_string())),
    }
}
