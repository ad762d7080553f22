//! `bounden guard mcp`: the proxy in front of MCP servers.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};
use std::sync::Arc;

use bounden_base::json;
use bounden_guard::{Naming, Point, ServerCommand, serve_stdio};
use serde::Deserialize;

use super::{PolicyArgs, StateArgs, runtime, session};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    /// What the policy calls the server
    #[arg(long, value_name = "NAME", required_unless_present = "servers", requires = "command")]
    server: Option<String>,
    /// Several servers behind one point: {"NAME": {"command": ["PROGRAM", "ARGUMENT"]}}
    #[arg(long, value_name = "FILE", conflicts_with_all = ["server", "command"])]
    servers: Option<PathBuf>,
    /// How the tools of several servers are named
    #[arg(long, value_enum, default_value_t = Names::Dotted)]
    names: Names,
    /// The session, where the deployment knows it better than by the parent process
    #[arg(long, value_name = "KEY")]
    session: Option<String>,
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
struct Server {
    command: Vec<String>,
}

const ROUTE: &str = "mcp-stdio";

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let home = args.state.home()?;
    let (naming, servers) = args.servers()?;
    // A policy that cannot be loaded is told here, not in the owner's log.
    let lock = args.policy.open()?.lock();
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        let link = args.policy.link(&home)?;
        let opening = match &args.session {
            Some(key) => session::named(&home, ROUTE, key),
            None => session::of_parent(&home, ROUTE),
        };
        let unavailable = |error: &dyn std::error::Error| Failure::unavailable(error.to_string());
        let point = Point::open(link, opening).await.map_err(|error| unavailable(&error))?;
        let report = Arc::new(|text: &str| eprintln!("bounden: {text}"));
        let served = serve_stdio(point, Some(lock), naming, &servers, report).await;
        served.map_err(|error| unavailable(&error))
    });
    // A read of standard input that never returns must not hold the process.
    runtime.shutdown_background();
    Ok(exit_code(&served?))
}

impl Args {
    fn servers(&self) -> Result<(Naming, Vec<ServerCommand>), Failure> {
        if let Some(path) = &self.servers {
            let read = std::fs::read(path).map_err(|error| error.to_string());
            let listed = read.and_then(|bytes| {
                json::from_slice::<BTreeMap<String, Server>>(&bytes)
                    .map_err(|error| error.to_string())
            });
            let listed =
                listed.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
            let command =
                |(name, server): (String, Server)| ServerCommand { name, command: server.command };
            return Ok((self.names.naming(), listed.into_iter().map(command).collect()));
        }
        let name = self.server.clone().unwrap_or_default();
        let servers = vec![ServerCommand { name: name.clone(), command: self.command.clone() }];
        Ok((Naming::Own(name), servers))
    }
}

impl Names {
    fn naming(self) -> Naming {
        match self {
            Self::Dotted => Naming::Dotted,
            Self::Underscored => Naming::Underscored,
        }
    }
}

/// The first failure of a server is the proxy's own; a signal is told as shells do.
fn exit_code(statuses: &[ExitStatus]) -> ExitCode {
    use std::os::unix::process::ExitStatusExt as _;
    let code = |status: &ExitStatus| {
        let signalled = status.signal().map(|signal| 128 + signal);
        status.code().or(signalled).and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
    };
    let failed = statuses.iter().map(code).find(|code| *code != 0);
    failed.map_or(ExitCode::SUCCESS, ExitCode::from)
}
