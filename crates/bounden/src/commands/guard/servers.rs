//! The servers behind a guard, as the command line and the intent's `servers`
//! section name them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bounden_base::json;
use bounden_guard::{Naming, Reach, Server};
use serde::Deserialize;

use crate::exit::Failure;

#[derive(clap::Args)]
pub(super) struct ServerArgs {
    /// What the policy calls the server
    #[arg(long, value_name = "NAME", required_unless_present = "servers")]
    server: Option<String>,
    /// Where the server is, if it is not started here
    #[arg(long, value_name = "URL", requires = "server", conflicts_with = "command")]
    upstream: Option<String>,
    /// Several servers behind one point: {"NAME": {"command": ["PROGRAM"]}, "NAME": {"url": "URL"}}
    #[arg(long, value_name = "FILE", conflicts_with_all = ["server", "command"])]
    servers: Option<PathBuf>,
    /// How the tools of several servers are named
    #[arg(long, value_enum, default_value_t = Names::Dotted)]
    names: Names,
    /// The command that starts the server
    #[arg(last = true, value_name = "CMD")]
    command: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Names {
    /// SERVER.TOOL
    Dotted,
    /// SERVER__TOOL, for clients that take no dots
    Underscored,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    command: Option<Vec<String>>,
    url: Option<String>,
}

impl ServerArgs {
    /// The servers, and how a client names their tools.
    pub(super) fn resolve(&self) -> Result<(Naming, Vec<Server>), Failure> {
        if let Some(path) = &self.servers {
            let naming = match self.names {
                Names::Dotted => Naming::Dotted,
                Names::Underscored => Naming::Underscored,
            };
            return Ok((naming, listed(path)?));
        }
        let name = self.server.clone().unwrap_or_default();
        let command = (!self.command.is_empty()).then(|| self.command.clone());
        let server = server(&name, Listed { command, url: self.upstream.clone() })?;
        Ok((Naming::Own(name), vec![server]))
    }
}

fn listed(path: &Path) -> Result<Vec<Server>, Failure> {
    let failed = |error: String| Failure::usage(format!("{}: {error}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let listed: BTreeMap<String, Listed> =
        json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    listed.into_iter().map(|(name, listed)| server(&name, listed)).collect()
}

fn server(name: &str, listed: Listed) -> Result<Server, Failure> {
    let reach = match listed {
        Listed { command: Some(command), url: None } => Reach::Command(command),
        Listed { command: None, url: Some(url) } => Reach::Remote(Arc::new(move || {
            bounden_connect::dial(&url).map_err(|error| error.to_string())
        })),
        _ => {
            let message = format!("the server `{name}` needs either a command or a URL");
            return Err(Failure::usage(message));
        }
    };
    Ok(Server { name: name.to_owned(), reach })
}
