//! Starts or reaches the servers of a draft and pins what they offer, as
//! `bounden resolve` does.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use bounden_connect::{ConnectError, Source, Timeouts};
use bounden_policy::{Contracts, ServerContract, ServerInfo};
use bounden_spec::draft::{ApiTools, Configured, DraftServer, Reach, id_of};

use super::LeftOut;
use super::sources::Found;
use crate::commands::guard::runtime;
use crate::commands::resolve::command;
use crate::exit::Failure;

/// What the servers answered.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) servers: BTreeMap<String, DraftServer>,
    pub(super) contracts: Contracts,
    pub(super) left_out: LeftOut,
}

/// A package that is fetched at its first start takes its time.
const PATIENCE: Timeouts = Timeouts {
    start: Duration::from_secs(180),
    request: Duration::from_secs(60),
    close: Duration::from_secs(2),
};

/// Asks every server. One that was named has to answer; one of a client's
/// configuration that does not is left out with the reason.
pub(super) fn ask(found: &Found, folder: &Path) -> Result<Asked, Failure> {
    let mut asked = Asked::default();
    let runtime = runtime()?;
    for server in &found.named {
        let name = asked.free_name(&server.name);
        let contract = runtime.block_on(contract(server, &name, folder));
        let contract = contract
            .map_err(|reason| Failure::unavailable(format!("{}: {reason}", shown(server))))?;
        asked.add(name, server, contract);
    }
    for server in &found.configured {
        let name = asked.free_name(&server.name);
        match runtime.block_on(contract(server, &name, folder)) {
            Ok(contract) => asked.add(name, server, contract),
            Err(reason) => {
                asked
                    .left_out
                    .push(format!("server `{}` of {}: {reason}", server.name, server.origin));
            }
        }
    }
    for (title, file, api) in &found.apis {
        asked.add_api(title, file, api)?;
    }
    Ok(asked)
}

async fn contract(
    server: &Configured,
    name: &str,
    folder: &Path,
) -> Result<ServerContract, String> {
    let reach = server.reach.clone()?;
    if let Some(kind) = reach.secret() {
        return Err(format!(
            "what reaches it seems to hold a secret ({kind}), which an intent must not; \
             pass it as an environment variable"
        ));
    }
    let source = match reach {
        Reach::Url(url) => Source::Url(url),
        Reach::Command(words) => {
            let command = command(words).map_err(|failure| failure.to_string())?;
            let directory = folder.is_dir().then(|| folder.to_owned());
            Source::Command { command, directory, environment: server.environment.clone()? }
        }
    };
    eprintln!("asking {}", shown(server));
    let servers = BTreeMap::from([(name.to_owned(), source)]);
    let asked = bounden_connect::contracts(&servers, PATIENCE).await;
    let mut contracts = asked.map_err(|error| match error {
        ConnectError::Server(_, error) => error.to_string(),
        other => other.to_string(),
    })?;
    contracts.servers.remove(name).ok_or_else(|| "it offers nothing".to_owned())
}

/// The server as people know it.
fn shown(server: &Configured) -> String {
    match &server.reach {
        Ok(Reach::Command(words)) => format!("`{}`", words.join(" ")),
        Ok(Reach::Url(url)) => url.clone(),
        Err(_) => format!("`{}`", server.name),
    }
}

impl Asked {
    fn add(&mut self, name: String, server: &Configured, contract: ServerContract) {
        let names = server.environment.iter().flat_map(BTreeMap::keys);
        let draft = DraftServer {
            reach: server.reach.clone().ok(),
            pass_env: names.cloned().collect(),
            origin: server.origin.clone(),
            places: BTreeMap::new(),
        };
        self.servers.insert(name.clone(), draft);
        self.contracts.servers.insert(name, contract);
    }

    fn add_api(&mut self, title: &str, file: &str, api: &ApiTools) -> Result<(), Failure> {
        let name = self.free_name(title);
        let info = ServerInfo { name: title.to_owned(), version: api.version.clone() };
        let contract = ServerContract::new(&name, String::new(), info, api.tools.clone());
        let contract = contract.map_err(|error| Failure::usage(format!("{file}: {error}")))?;
        self.contracts.servers.insert(name.clone(), contract);
        let (origin, places) = (file.to_owned(), api.places.clone());
        let server = DraftServer { reach: None, pass_env: Default::default(), origin, places };
        self.servers.insert(name, server);
        Ok(())
    }

    /// The name as an id that no other server has.
    fn free_name(&self, name: &str) -> String {
        let id = id_of(name);
        let id = if id.is_empty() { "server".to_owned() } else { id };
        let numbered = (2..).map(|number| format!("{id}-{number}"));
        let mut names = std::iter::once(id.clone()).chain(numbered);
        names.find(|name| !self.servers.contains_key(name)).unwrap_or(id)
    }
}
