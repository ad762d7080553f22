//! `bounden promote`: through the gate, into the ledger and the lock.

use std::process::ExitCode;

use bounden_base::Json;
use bounden_ledger::statement::Action;
use bounden_ledger::{EnvironmentId, PersonId};
use bounden_lifecycle::Refusal;

use super::{Dir, Format, print_json};
use crate::exit::{self, Failure};
use crate::organisation::Named;
use crate::promoter::{Outcome, Promoter, Request};
use crate::state::Clock;
use crate::terminal::{bold, dim, green, red};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: Dir,
    #[command(flatten)]
    organisation: Named,
    /// The environment
    #[arg(long, value_name = "ENV")]
    env: EnvironmentId,
    /// Who asks for it; their own approval does not count
    #[arg(long, value_name = "NAME")]
    by: Option<PersonId>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    clock: Clock,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut promoter = Promoter::open(args.dir.open()?)?.under(&args.organisation)?;
    let request =
        Request { environment: args.env.clone(), action: Action::Promote, by: args.by.clone() };
    let outcome = promoter.promote(&request, || args.clock.now())?;
    Ok(tell(&promoter, &request, &outcome, args.format))
}

/// Says how it ended; refused is exit code 2.
pub(crate) fn tell(
    promoter: &Promoter,
    request: &Request,
    outcome: &Outcome,
    format: Format,
) -> ExitCode {
    if format == Format::Json {
        print_json(&to_json(promoter, request, outcome));
    } else {
        print(promoter, request, outcome);
    }
    match outcome {
        Outcome::Refused(_) => exit::refused(),
        Outcome::Promoted(_) | Outcome::Unchanged => ExitCode::SUCCESS,
    }
}

fn print(promoter: &Promoter, request: &Request, outcome: &Outcome) {
    let (body, environment) = (promoter.release.digest().short(), &request.environment);
    match outcome {
        Outcome::Promoted(number) => {
            anstream::println!(
                "{} {} runs in {environment}, entry {number} of the ledger",
                green("promoted"),
                bold(body)
            );
            anstream::println!("{}", dim(promoter.folder.lock_path().display()));
        }
        Outcome::Unchanged => {
            anstream::println!(
                "{} {} runs in {environment} already",
                green("unchanged"),
                bold(body)
            );
        }
        Outcome::Refused(refusals) => {
            anstream::eprintln!("{} {} may not run in {environment}:", red("refused"), bold(body));
            for refusal in refusals {
                anstream::eprintln!("  {refusal}");
            }
        }
    }
}

fn to_json(promoter: &Promoter, request: &Request, outcome: &Outcome) -> Json {
    let (word, refusals) = match outcome {
        Outcome::Promoted(_) => ("promoted", Json::Array(Vec::new())),
        Outcome::Unchanged => ("unchanged", Json::Array(Vec::new())),
        Outcome::Refused(refusals) => ("refused", refusals.iter().map(Refusal::to_json).collect()),
    };
    Json::object([
        ("outcome", Json::from(word)),
        ("environment", request.environment.as_str().into()),
        ("lock", promoter.release.digest().to_string().into()),
        ("refusals", refusals),
    ])
}
