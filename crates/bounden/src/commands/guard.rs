//! `bounden guard`: enforcement points, and the owner of their state.

mod canary;
mod log;
mod mcp;
mod owner;
mod servers;
mod session;
mod status;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bounden_base::Digest;
use bounden_guard::owner::protocol::{Request, Response};
use bounden_guard::{Home, Link, Sealed, Starter};
use bounden_ledger::EnvironmentId;
use clap::Subcommand;
use tokio::runtime::{Builder, Runtime};

use crate::exit::Failure;
use crate::verification;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Stand between an MCP client and its servers
    Mcp(Box<mcp::Args>),
    /// Filter a log on its way from standard input to standard output
    Log(log::Args),
    /// Say what is enforced, and how
    Status(status::Args),
    /// Enforce what the ledger says now
    Reload(StateArgs),
    /// Send a violation of every invariant, and see that it is stopped
    Canary(canary::Args),
    /// Own the state of an agent's guard on this machine; points start it
    #[command(hide = true)]
    Owner(owner::Args),
}

/// Where the guard of an agent keeps its state.
#[derive(Clone, clap::Args)]
pub(crate) struct StateArgs {
    /// Folder in which the guard keeps its state
    #[arg(long, value_name = "DIR", default_value = ".bounden/guard")]
    state: PathBuf,
}

/// Which policy is enforced: what an agent's lock says, or one by its digest.
#[derive(Clone, clap::Args)]
pub(crate) struct PolicyArgs {
    /// The folder of an agent: what its ledger says runs, verified
    #[arg(long, value_name = "DIR", required_unless_present = "bundle", requires = "env")]
    agent: Option<PathBuf>,
    /// The environment whose lock is enforced
    #[arg(long, value_name = "ENV", requires = "agent")]
    env: Option<EnvironmentId>,
    /// A policy bundle without a lock: canonical JSON
    #[arg(long, value_name = "FILE", requires = "digest", conflicts_with = "agent")]
    bundle: Option<PathBuf>,
    /// The digest that the bundle has to have
    #[arg(long, value_name = "SHA256", requires = "bundle")]
    digest: Option<Digest>,
    /// Seconds after which the owner of the state ends when no point is connected
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    owner_idle: u64,
}

pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Mcp(args) => mcp::run(&args),
        Command::Log(args) => log::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Reload(state) => reload(&state),
        Command::Canary(args) => canary::run(&args),
        Command::Owner(args) => owner::run(&args),
    }
}

impl StateArgs {
    pub(crate) fn home(&self) -> Result<Home, Failure> {
        Home::open(&self.state)
            .map_err(|error| Failure::usage(format!("{}: {error}", self.state.display())))
    }
}

impl PolicyArgs {
    fn open(&self) -> Result<Sealed, Failure> {
        match (&self.agent, &self.env, &self.bundle, self.digest) {
            (Some(agent), Some(env), ..) => verification::seal(agent, env),
            (_, _, Some(bundle), Some(digest)) => {
                let bytes = std::fs::read(bundle)
                    .map_err(|error| Failure::usage(format!("{}: {error}", bundle.display())))?;
                Sealed::pinned(&bytes, digest).map_err(|error| Failure::usage(error.to_string()))
            }
            _ => {
                Err(Failure::usage("name an agent and an environment, or a bundle and its digest"))
            }
        }
    }

    /// A link to the owner of the state, which is started with this policy
    /// where there is none.
    fn link(&self, home: &Home) -> Result<Link, Failure> {
        Ok(Link::over_socket(home.clone(), Some(self.starter(home)?)))
    }

    fn starter(&self, home: &Home) -> Result<Starter, Failure> {
        let program = std::env::current_exe()
            .map_err(|error| Failure::unavailable(format!("this program's path: {error}")))?;
        let mut arguments = vec!["guard".to_owned(), "owner".to_owned()];
        let mut option = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
        option("--state", text(home.folder())?);
        for (name, path) in [("--agent", &self.agent), ("--bundle", &self.bundle)] {
            let Some(path) = path else { continue };
            let path = std::path::absolute(path)
                .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
            option(name, text(&path)?);
        }
        let digest = self.digest.map(|digest| ("--digest", digest.to_string()));
        let env = self.env.as_ref().map(|env| ("--env", env.to_string()));
        for (name, value) in digest.into_iter().chain(env) {
            option(name, value);
        }
        option("--owner-idle", self.owner_idle.to_string());
        Ok(Starter { program, arguments })
    }
}

/// `bounden guard reload`: the owner looks up again what it has to enforce.
fn reload(state: &StateArgs) -> Result<ExitCode, Failure> {
    match ask(state, Request::Reload)? {
        Response::Done => Ok(ExitCode::SUCCESS),
        other => Err(unexpected(&other)),
    }
}

/// Asks the owner of this state, which is started as it was last where it does not run.
pub(crate) fn ask(state: &StateArgs, request: Request) -> Result<Response, Failure> {
    let home = state.home()?;
    let starter = home.starter();
    let answer = runtime()?.block_on(async { Link::over_socket(home, starter).ask(request).await });
    match answer {
        Ok(Response::Refused(why)) => Err(Failure::refused(why)),
        Ok(answer) => Ok(answer),
        Err(error) => Err(Failure::unavailable(error.to_string())),
    }
}

/// What the owner answers where it was asked for something else.
pub(crate) fn unexpected(answer: &Response) -> Failure {
    Failure::unavailable(format!("the owner of the guard's state answered {answer:?}"))
}

fn text(path: &Path) -> Result<String, Failure> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| Failure::usage(format!("{}: not UTF-8", path.display())))
}

/// The runtime of a command that waits for others. One thread: a message that
/// passes through wakes no other, which takes longer than all that is done with it.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    built(Builder::new_current_thread())
}

/// The runtime of a command that serves many clients at once.
pub(crate) fn wide_runtime() -> Result<Runtime, Failure> {
    built(Builder::new_multi_thread())
}

fn built(mut builder: Builder) -> Result<Runtime, Failure> {
    builder.enable_all().build().map_err(|error| Failure::unavailable(error.to_string()))
}
