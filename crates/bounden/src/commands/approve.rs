//! `bounden approve`: one person's signed vote on one change.

use std::process::ExitCode;

use bounden_base::{SignedDuration, Timestamp};
use bounden_ledger::statement::{Action, Approval, Decision, Nonce, Statement};
use bounden_ledger::{Entry, EnvironmentId, PersonId, RoleId};
use bounden_lifecycle::evaluation::Evidence;

use super::{Dir, plan};
use crate::exit::Failure;
use crate::keyring::entropy;
use crate::organisation::Named;
use crate::promoter::Promoter;
use crate::state::{Clock, inside};
use crate::terminal::{bold, green, red, yellow};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: Dir,
    #[command(flatten)]
    organisation: Named,
    /// The environment
    #[arg(long, value_name = "ENV")]
    env: EnvironmentId,
    /// The role in which the person votes
    #[arg(long, value_name = "ROLE")]
    role: RoleId,
    /// Who votes; the one who holds the role here, if left out
    #[arg(long, value_name = "NAME")]
    person: Option<PersonId>,
    /// Vote on going back to this body: its version, or the start of its digest
    #[arg(long, value_name = "REF")]
    to: Option<String>,
    /// Vote against it; this blocks until it is taken back
    #[arg(long)]
    reject: bool,
    /// Take an earlier vote back
    #[arg(long, conflicts_with = "reject")]
    revoke: bool,
    /// For how many days the vote counts
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    days: u16,
    #[command(flatten)]
    clock: Clock,
}

/// A vote that is to be cast.
pub(crate) struct Vote {
    pub(crate) environment: EnvironmentId,
    pub(crate) action: Action,
    pub(crate) role: RoleId,
    pub(crate) person: PersonId,
    pub(crate) decision: Decision,
    pub(crate) days: u16,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = args.dir.open()?;
    let (promoter, action) = match &args.to {
        None => (Promoter::open(folder)?, Action::Promote),
        Some(reference) => (Promoter::reopen(folder, reference)?, Action::Rollback),
    };
    let mut promoter = promoter.under(&args.organisation)?;
    promoter.demands(&args.env)?;
    let person = person(&promoter, args)?;
    let decision = match (args.reject, args.revoke) {
        (true, _) => Decision::Reject,
        (_, true) => Decision::Revoke,
        _ => Decision::Approve,
    };
    let vote = Vote {
        environment: args.env.clone(),
        action,
        role: args.role.clone(),
        person,
        decision,
        days: args.days,
    };
    let now = args.clock.now();
    let shown = promoter.plan(&promoter.view()?, &args.env, now)?;
    plan::print(&shown);
    let number = cast(&mut promoter, &vote, now)?;
    let word = match decision {
        Decision::Approve => green("approves"),
        Decision::Reject => red("rejects"),
        Decision::Revoke => yellow("takes back the vote on"),
    };
    anstream::println!();
    anstream::println!(
        "{} {word} {} for {} as {}, entry {number}",
        bold(&vote.person),
        promoter.release.digest().short(),
        vote.environment,
        vote.role
    );
    Ok(ExitCode::SUCCESS)
}

/// Signs the vote and appends it; gives the number of its entry.
pub(crate) fn cast(promoter: &mut Promoter, vote: &Vote, now: Timestamp) -> Result<u64, Failure> {
    let key = promoter.key_of(&vote.person)?;
    let lifetime = SignedDuration::from_hours(24 * i64::from(vote.days));
    let expires = now.saturating_add(lifetime).map_err(inside)?;
    promoter.record(|promoter, view| {
        let diff = promoter.plan(view, &vote.environment, now)?.diff().map_err(inside)?;
        let body = promoter.release.body();
        let approval = Approval {
            environment: vote.environment.clone(),
            action: vote.action,
            decision: vote.decision,
            intent: body.intent.canonical,
            base: diff.base,
            diff: diff.digest,
            evidence: promoter.evidence.iter().map(Evidence::digest).collect(),
            person: vote.person.clone(),
            role: vote.role.clone(),
            nonce: Nonce(entropy()?),
            issued: now,
            expires,
        };
        let statement = Statement {
            agent: body.agent.clone(),
            body: promoter.release.digest(),
            predicate: approval,
        };
        let signed = statement.sign(&key).map_err(inside)?;
        Entry::of(signed.envelope()).map_err(inside)
    })
}

/// The person who votes: named, or the only one who holds the role here.
fn person(promoter: &Promoter, args: &Args) -> Result<PersonId, Failure> {
    let holds = |person: &&bounden_ledger::trust::Person| person.roles.contains(&args.role);
    let holders: Vec<_> = promoter.trust.people().iter().filter(holds).collect();
    let names: Vec<_> = holders.iter().map(|person| person.person.as_str()).collect();
    match &args.person {
        Some(named) if names.contains(&named.as_str()) => Ok(named.clone()),
        Some(named) => {
            let who = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
            Err(Failure::refused(format!(
                "[role-not-held] `{named}` does not hold the role {}; {who} does",
                args.role
            )))
        }
        None => match holders.as_slice() {
            [only] => Ok(only.person.clone()),
            [] => Err(Failure::refused(format!(
                "[role-not-held] nobody holds the role {}; `bounden key new --person NAME --role {}`",
                args.role, args.role
            ))),
            _ => Err(Failure::usage(format!("name one of {} with `--person`", names.join(", ")))),
        },
    }
}
