//! `bounden guard status`: what is enforced here, and how.

use std::process::ExitCode;

use bounden_base::{Timestamp, json};
use bounden_guard::canary::{Proof, Standing};
use bounden_guard::owner::protocol::{Request, Response, Status};

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

#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    match ask(&args.state, Request::Status)? {
        Response::Status(status) => match args.format {
            Format::Json => print_json(&status)?,
            Format::Text => print_text(&status),
        },
        other => return Err(unexpected(&other)),
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text =
        json::to_canonical(value).map_err(|error| Failure::unavailable(error.to_string()))?;
    println!("{text}");
    Ok(())
}

pub(super) fn print_proofs(proofs: &[Proof]) {
    let widest = proofs.iter().map(|proof| proof.invariant.as_str().len()).max().unwrap_or(0);
    for proof in proofs {
        let standing = match proof.standing {
            Standing::Proven => format!("PROVEN {}", age(proof.at)),
            Standing::Attested => "ATTESTED".to_owned(),
            Standing::Unproven => "UNPROVEN".to_owned(),
            Standing::Dead => "DEAD".to_owned(),
        };
        let why = proof.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        println!("{:widest$}  {standing}{why}", proof.invariant.as_str());
    }
}

fn print_text(status: &Status) {
    println!("agent     {}", status.agent);
    println!("lock      {}", status.lock);
    println!("stopped   {}", status.stopped.as_deref().unwrap_or("no"));
    println!("sessions  {}", status.sessions);
    println!("receipts  {}", status.receipts);
    println!("held      {}", status.held);
    println!();
    print_proofs(&status.invariants);
}

/// How long ago something was, in the largest unit that fits.
fn age(at: Timestamp) -> String {
    let seconds = Timestamp::now().duration_since(at).as_secs().max(0);
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86400),
    }
}
