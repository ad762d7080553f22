//! `bounden key`: local keys, for whoever signs on this machine.

use std::process::ExitCode;

use bounden_ledger::{PersonId, RoleId, TeamId};

use super::Dir;
use crate::exit::Failure;
use crate::state::State;
use crate::terminal::table;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a key: the gate's and the ledger's at first, then one person's
    New(NewArgs),
    /// Say whose keys count, and for what
    List(ListArgs),
}

#[derive(clap::Args)]
pub(crate) struct NewArgs {
    #[command(flatten)]
    dir: Dir,
    /// Whose key
    #[arg(long, value_name = "NAME", requires = "role")]
    person: Option<PersonId>,
    /// A role in which the person may approve; `author` for whoever writes the intent
    #[arg(long, value_name = "ROLE", requires = "person")]
    role: Vec<RoleId>,
    /// A team that the person belongs to
    #[arg(long, value_name = "TEAM", requires = "person")]
    team: Vec<TeamId>,
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    dir: Dir,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::New(args) => new(args),
        Command::List(args) => list(args),
    }
}

fn new(args: &NewArgs) -> Result<ExitCode, Failure> {
    let state = State::of(args.dir.open()?.root());
    match &args.person {
        None => {
            let trust = state.establish()?;
            anstream::println!("ledger  {}", trust.ledger().name());
            for gate in trust.gates() {
                anstream::println!("gate    {}", gate.key.id());
            }
        }
        Some(person) => {
            let key = state.add_person(person, args.role.clone(), args.team.clone())?;
            anstream::println!("{person}  {}", key.public().id());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(args: &ListArgs) -> Result<ExitCode, Failure> {
    let state = State::of(args.dir.open()?.root());
    let trust = state.trust()?;
    let keyring = state.keyring()?;
    let mut rows = vec![["ledger", trust.ledger().name(), "", ""].map(str::to_owned)];
    for gate in trust.gates() {
        rows.push(["gate".to_owned(), gate.key.id(), String::new(), String::new()]);
    }
    for person in trust.people() {
        let here = if keyring.person(&person.person)?.is_some() { "signs here" } else { "" };
        let roles: Vec<_> = person.roles.iter().map(RoleId::as_str).collect();
        for pinned in &person.keys {
            rows.push([
                person.person.to_string(),
                pinned.key.id(),
                roles.join(", "),
                here.to_owned(),
            ]);
        }
    }
    for line in table(&rows) {
        anstream::println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}
