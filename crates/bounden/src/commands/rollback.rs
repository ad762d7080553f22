//! `bounden rollback`: back to a body that ran before, and held there.

use std::process::ExitCode;

use bounden_ledger::statement::Action;
use bounden_ledger::{EnvironmentId, PersonId};

use super::{Dir, Format, promote};
use crate::exit::Failure;
use crate::organisation::Named;
use crate::promoter::{Outcome, Promoter, Request};
use crate::state::Clock;
use crate::terminal::dim;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: Dir,
    #[command(flatten)]
    organisation: Named,
    /// The environment
    #[arg(long, value_name = "ENV")]
    env: EnvironmentId,
    /// The body: its version, or the start of its digest
    #[arg(long, value_name = "REF")]
    to: String,
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
    let mut promoter = Promoter::reopen(args.dir.open()?, &args.to)?.under(&args.organisation)?;
    let request =
        Request { environment: args.env.clone(), action: Action::Rollback, by: args.by.clone() };
    let outcome = promoter.promote(&request, || args.clock.now())?;
    let code = promote::tell(&promoter, &request, &outcome, args.format);
    if matches!(outcome, Outcome::Promoted(_)) && args.format == Format::Text {
        let note =
            "held against forward promotion; the intent beside the lock is newer than what runs";
        anstream::println!("{}", dim(note));
    }
    Ok(code)
}
