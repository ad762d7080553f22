//! The guard of an agent whose lock was verified, and how clients reach it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
use crate::terminal::{bold, dim};

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

    /// Says how clients reach the guard.
    pub(super) fn serve(&self) -> Result<ExitCode, Failure> {
        let words = self.command(&self.state)?;
        let [program, arguments @ ..] = words.as_slice() else { return Err(inside("no command")) };
        let arguments = arguments.iter().map(|word| Json::from(word.as_str())).collect();
        let entry = Json::object([("command", Json::from(program.as_str())), ("args", arguments)]);
        let agent = self.folder.root().file_name().and_then(|name| name.to_str());
        let servers = Json::object([(agent.unwrap_or("agent"), entry)]);
        anstream::println!();
        anstream::println!("{}", bold("Give this to your MCP client instead of the servers:"));
        anstream::println!("{}", Json::object([("mcpServers", servers)]).pretty());
        anstream::println!("{}", dim("try it: `bounden up --drive` sends calls through it"));
        Ok(ExitCode::SUCCESS)
    }

    fn write_servers(&self, promoter: &Promoter) -> Result<(), Failure> {
        let sources = resolve::sources(promoter.release.intent(), &self.folder)?;
        let mut servers = Vec::new();
        for (name, source) in sources {
            let Source::Command { command, .. } = source else {
                let message = format!(
                    "the server `{name}` is reached by an address; the guard here starts commands only"
                );
                return Err(Failure::unavailable(message));
            };
            let words = command.into_iter().map(Json::from).collect();
            servers.push((name, Json::object([("command", words)])));
        }
        let text = Json::object(servers).pretty();
        durable::replace(&self.servers, text.as_bytes(), Readers::All).map_err(inside)
    }
}
