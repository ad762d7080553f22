//! A file per subcommand, and the options that several of them share.

pub(crate) mod approve;
pub(crate) mod approve_call;
pub(crate) mod check;
pub(crate) mod compose;
pub(crate) mod decide;
pub(crate) mod desk;
mod example_server;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod guard;
pub(crate) mod history;
pub(crate) mod hold;
pub(crate) mod init;
pub(crate) mod key;
pub(crate) mod ledger;
mod lines;
pub(crate) mod lsp;
pub(crate) mod migrate;
pub(crate) mod mutate;
pub(crate) mod plan;
pub(crate) mod promote;
pub(crate) mod prove;
pub(crate) mod resolve;
pub(crate) mod rollback;
pub(crate) mod route;
pub(crate) mod schema;
pub(crate) mod stand_in;
pub(crate) mod stop;
pub(crate) mod test;
pub(crate) mod trace;
pub(crate) mod up;
pub(crate) mod verify;

use std::path::PathBuf;

use bounden_ledger::EnvironmentId;
use bounden_spec::intent::Intent;

use crate::exit::Failure;
use crate::folder::Folder;

/// Which agent.
#[derive(Clone, clap::Args)]
pub(crate) struct Dir {
    /// The folder of the agent
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

/// How a result is printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

impl Dir {
    pub(crate) fn open(&self) -> Result<Folder, Failure> {
        Folder::open(&self.dir)
    }
}

/// The environment that is named, else the one where promotion begins.
pub(crate) fn environment(
    named: Option<&EnvironmentId>,
    intent: &Intent,
) -> Result<EnvironmentId, Failure> {
    if let Some(named) = named {
        return Ok(named.clone());
    }
    let mut first = intent.promotion.iter().filter(|item| item.value.from.is_none());
    match (first.next(), first.next()) {
        (Some(only), None) => Ok(EnvironmentId::new(only.key.name.clone())),
        _ => Err(Failure::usage("name the environment with `--env`")),
    }
}

/// Prints a value for programs, on a line of its own.
pub(crate) fn print_json(json: &bounden_base::Json) {
    anstream::println!("{}", json.canonical());
}
