//! `bounden hold` and `bounden release`: an environment stays as it is until
//! somebody lets it go on.

use std::process::ExitCode;

use bounden_ledger::statement::{Hold, Statement};
use bounden_ledger::{Entry, EnvironmentId, PersonId};

use super::Dir;
use crate::exit::Failure;
use crate::promoter::Promoter;
use crate::state::{Clock, inside};
use crate::terminal::{bold, green, yellow};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: Dir,
    /// The environment
    #[arg(long, value_name = "ENV")]
    env: EnvironmentId,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    person: PersonId,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    clock: Clock,
}

/// Holds the environment, or releases it.
pub(crate) fn run(args: &Args, held: bool) -> Result<ExitCode, Failure> {
    let mut promoter = Promoter::open(args.dir.open()?)?;
    require_standing(&promoter, args)?;
    let key = promoter.key_of(&args.person)?;
    let hold = Hold {
        environment: args.env.clone(),
        held,
        person: args.person.clone(),
        reason: args.reason.clone(),
        time: args.clock.now(),
    };
    let agent = promoter.release.body().agent.clone();
    let number = promoter.record(|_, view| {
        let running = view.running.get(&args.env);
        let running = running.ok_or_else(|| {
            Failure::usage(format!("nothing runs in {} that could be held", args.env))
        })?;
        let statement =
            Statement { agent: agent.clone(), body: running.body, predicate: hold.clone() };
        let signed = statement.sign(&key).map_err(inside)?;
        Entry::of(signed.envelope()).map_err(inside)
    })?;
    let word = if held { yellow("held") } else { green("released") };
    anstream::println!("{word} {} by {}, entry {number}", bold(&args.env), args.person);
    Ok(ExitCode::SUCCESS)
}

/// Whoever may approve here may stop it here, and let it go on.
fn require_standing(promoter: &Promoter, args: &Args) -> Result<(), Failure> {
    let quorum = promoter.demands(&args.env)?.quorum(true);
    let known = promoter.trust.people().iter().find(|person| person.person == args.person);
    if known.is_some_and(|person| person.roles.iter().any(|role| quorum.contains_key(role))) {
        return Ok(());
    }
    let roles: Vec<_> = quorum.keys().map(|role| role.as_str()).collect();
    let message = format!("[role-not-held] `{}` is none of {}", args.person, roles.join(", "));
    Err(Failure::refused(message))
}
