//! `bounden guard canary`: a violation of every invariant, now.

use std::process::ExitCode;

use bounden_guard::canary::Standing;
use bounden_guard::owner::protocol::{Request, Response};

use super::status::{self, Format};
use super::{StateArgs, ask, unexpected};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let proofs = match ask(&args.state, Request::Prove)? {
        Response::Proofs(proofs) => proofs,
        other => return Err(unexpected(&other)),
    };
    match args.format {
        Format::Json => status::print_json(&proofs)?,
        Format::Text => status::print_proofs(&proofs),
    }
    let dead = proofs.iter().any(|proof| proof.standing == Standing::Dead);
    Ok(ExitCode::from(u8::from(dead)))
}
