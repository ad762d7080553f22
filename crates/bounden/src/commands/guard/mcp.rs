//! `bounden guard mcp`: the proxy in front of MCP servers, over standard
//! streams or over HTTP.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};
use std::sync::Arc;

use bounden_base::{Digest, json};
use bounden_guard::{Access, HttpPoint, Link, Naming, Point, Report, Server};
use bounden_guard::{serve_http, serve_stdio};
use bounden_policy::PrincipalId;
use tokio::net::TcpListener;

use super::servers::ServerArgs;
use super::{PolicyArgs, StateArgs, runtime, session, wide_runtime};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    servers: ServerArgs,
    /// The session, where the deployment knows it better than by the parent process
    #[arg(long, value_name = "KEY", conflicts_with = "listen")]
    session: Option<String>,
    /// Serve streamable HTTP at this address instead of standard input and output
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Who has which token: {"PRINCIPAL": "sha256:DIGEST-OF-THE-TOKEN"}; without it,
    /// everybody on this machine is let in, and nobody else
    #[arg(long, value_name = "FILE", requires = "listen")]
    tokens: Option<PathBuf>,
    /// Let pages of this origin speak to the endpoint
    #[arg(long, value_name = "ORIGIN", requires = "listen")]
    allow_origin: Vec<String>,
    /// Let clients call the endpoint by this name and port
    #[arg(long, value_name = "HOST", requires = "listen")]
    allow_host: Vec<String>,
}

const ROUTE: &str = "mcp-stdio";

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let (naming, servers) = args.servers.resolve()?;
    let tokens = args.tokens()?;
    // A policy that cannot be loaded is told here, not in the owner's log.
    let lock = args.policy.open()?.lock();
    let runtime = if args.listen.is_some() { wide_runtime()? } else { runtime()? };
    let served = runtime.block_on(async {
        match args.listen {
            None => args.serve_stdio(lock, naming, &servers).await,
            Some(address) => args.serve_http(lock, (address, tokens), naming, servers).await,
        }
    });
    // A read of standard input that never returns must not hold the process.
    runtime.shutdown_background();
    served
}

impl Args {
    async fn serve_stdio(
        &self,
        lock: Digest,
        naming: Naming,
        servers: &[Server],
    ) -> Result<ExitCode, Failure> {
        let home = self.state.home()?;
        let opening = match &self.session {
            Some(key) => session::named(&home, ROUTE, key),
            None => session::of_parent(&home, ROUTE),
        };
        let point = Point::open(self.link()?, opening).await.map_err(unavailable)?;
        let ended = serve_stdio(point, Some(lock), naming, servers, report()).await;
        Ok(exit_code(&ended.map_err(unavailable)?))
    }

    async fn serve_http(
        &self,
        lock: Digest,
        (address, tokens): (SocketAddr, Option<BTreeMap<Digest, PrincipalId>>),
        naming: Naming,
        servers: Vec<Server>,
    ) -> Result<ExitCode, Failure> {
        let failed = |error: std::io::Error| Failure::usage(format!("{address}: {error}"));
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let access = match tokens {
            Some(tokens) => Access::with_tokens(address, tokens),
            None => Access::local(address).map_err(|error| Failure::usage(error.to_string()))?,
        };
        let access = self.allow_origin.iter().fold(access, |access, name| access.and_origin(name));
        let access = self.allow_host.iter().fold(access, |access, name| access.and_host(name));
        let (link, lock) = (self.link()?, Some(lock));
        // The whole endpoint, for people and for scripts that chose port 0.
        println!("http://{address}/mcp");
        let point = HttpPoint { link, lock, naming, servers, access, report: report() };
        serve_http(listener, point).await.map_err(unavailable)?;
        Ok(ExitCode::SUCCESS)
    }

    fn link(&self) -> Result<Link, Failure> {
        self.policy.link(&self.state.home()?)
    }

    /// The principals by the digests of their tokens.
    fn tokens(&self) -> Result<Option<BTreeMap<Digest, PrincipalId>>, Failure> {
        let Some(path) = &self.tokens else { return Ok(None) };
        let failed = |error: String| Failure::usage(format!("{}: {error}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        let tokens: BTreeMap<PrincipalId, Digest> =
            json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
        Ok(Some(tokens.into_iter().map(|(principal, token)| (token, principal)).collect()))
    }
}

fn report() -> Report {
    // A guard outlives whoever reads what it reports.
    Arc::new(|text: &str| drop(writeln!(io::stderr(), "bounden: {text}")))
}

fn unavailable(error: impl std::error::Error) -> Failure {
    Failure::unavailable(error.to_string())
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
