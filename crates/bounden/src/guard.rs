//! `bounden guard`: enforcement points, and the owner of their state.

mod mcp;
mod owner;
mod session;
mod status;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Digest;
use bounden_guard::{Home, Link, Sealed, Starter};
use clap::Subcommand;

use crate::exit::Failure;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Stand between an MCP client and its servers
    Mcp(mcp::Args),
    /// Say what is enforced, and how
    Status(status::Args),
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

/// Which policy is enforced.
#[derive(Clone, clap::Args)]
pub(crate) struct PolicyArgs {
    /// The policy bundle: canonical JSON
    #[arg(long, value_name = "FILE")]
    bundle: PathBuf,
    /// The digest that the bundle has to have
    #[arg(long, value_name = "SHA256")]
    digest: Digest,
    /// Seconds after which the owner of the state ends when no point is connected
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    owner_idle: u64,
}

pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Mcp(args) => mcp::run(&args),
        Command::Status(args) => status::run(&args),
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
        let bytes = std::fs::read(&self.bundle)
            .map_err(|error| Failure::usage(format!("{}: {error}", self.bundle.display())))?;
        Sealed::pinned(&bytes, self.digest).map_err(|error| Failure::usage(error.to_string()))
    }

    /// A link to the owner of the state, which is started with this policy
    /// where there is none.
    fn link(&self, home: &Home) -> Result<Link, Failure> {
        let program = std::env::current_exe()
            .map_err(|error| Failure::unavailable(format!("this program's path: {error}")))?;
        let bundle = std::path::absolute(&self.bundle)
            .map_err(|error| Failure::usage(format!("{}: {error}", self.bundle.display())))?;
        let arguments = [
            OsString::from("guard"),
            "owner".into(),
            "--state".into(),
            home.folder().into(),
            "--bundle".into(),
            bundle.into(),
            "--digest".into(),
            self.digest.to_string().into(),
            "--owner-idle".into(),
            self.owner_idle.to_string().into(),
        ];
        let starter = Starter { program, arguments: arguments.to_vec() };
        Ok(Link::over_socket(home.clone(), Some(starter)))
    }
}

/// The runtime of a command that waits for others.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::unavailable(error.to_string()))
}
