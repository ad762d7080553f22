//! The guard of an agent whose lock was verified, and how clients reach it.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use bounden_base::{Digest, Json};
use bounden_connect::Source;
use bounden_ledger::EnvironmentId;
use bounden_policy::Contracts;

use crate::commands::resolve;
use crate::durable::{self, Readers};
use crate::exit::Failure;
use crate::folder::Folder;
use crate::promoter::Promoter;
use crate::state::inside;
use crate::terminal::bold;

/// What a guard needs to stand in front of the servers.
pub(super) struct Guarded {
    pub(super) folder: Folder,
    pub(super) environment: EnvironmentId,
    pub(super) lock: Digest,
    pub(super) contracts: Contracts,
    state: PathBuf,
    servers: PathBuf,
}

impl Guarded {
    pub(super) fn of(promoter: &Promoter, environment: &EnvironmentId) -> Result<Self, Failure> {
        let state = promoter.state.root().join("guard");
        let guarded = Self {
            folder: promoter.folder.clone(),
            environment: environment.clone(),
            lock: promoter.release.digest(),
            contracts: Contracts::parse(&promoter.sources.contracts).map_err(inside)?,
            servers: promoter.state.root().join("servers.json"),
            state,
        };
        guarded.write_servers(promoter)?;
        Ok(guarded)
    }

    /// The command that stands between a client and the servers, with its state in `state`.
    pub(super) fn command(&self, state: &Path) -> Result<Vec<String>, Failure> {
        let own = std::env::current_exe().map_err(inside)?;
        let mut words = vec![own.display().to_string(), "guard".into(), "mcp".into()];
        words.extend(self.options(state));
        words.extend(["--servers".into(), self.servers.display().to_string()]);
        Ok(words)
    }

    /// What tells every point of the guard whom it guards.
    pub(super) fn options(&self, state: &Path) -> Vec<String> {
        let text = |path: &Path| path.display().to_string();
        let (agent, environment) = (text(self.folder.root()), self.environment.to_string());
        vec!["--state".into(), text(state), "--agent".into(), agent, "--env".into(), environment]
    }

    /// Says how clients reach the guard, and becomes it: streamable HTTP on
    /// `address`, until it is stopped.
    pub(super) fn serve(&self, address: SocketAddr) -> Result<ExitCode, Failure> {
        let words = self.command(&self.state)?;
        let [program, arguments @ ..] = words.as_slice() else { return Err(inside("no command")) };
        anstream::println!();
        anstream::println!("{}", bold("For a client that starts its servers itself"));
        anstream::println!("  {}", words.join(" "));
        anstream::println!("{}", bold("For the agent's log"));
        let log = self.options(&self.state).join(" ");
        anstream::println!("  AGENT 2>&1 | {program} guard log {log} >> agent.log");
        anstream::println!("{}", bold("For a client that speaks HTTP, until you press Ctrl-C"));
        // On success this process is the guard from here on, signals and all.
        let error = Command::new(program)
            .args(arguments)
            .args(["--listen", &address.to_string()])
            .current_dir(self.folder.root())
            .exec();
        Err(inside(error))
    }

    fn write_servers(&self, promoter: &Promoter) -> Result<(), Failure> {
        let sources = resolve::sources(promoter.release.intent(), &self.folder)?;
        let servers = sources.into_iter().map(|(name, source)| {
            let reached = match source {
                Source::Command { command, .. } => {
                    ("command", command.into_iter().map(Json::from).collect())
                }
                Source::Url(url) => ("url", Json::from(url)),
            };
            (name, Json::object([reached]))
        });
        let text = Json::object(servers).pretty();
        durable::replace(&self.servers, text.as_bytes(), Readers::All).map_err(inside)
    }
}
