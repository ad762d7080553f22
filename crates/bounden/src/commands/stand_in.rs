//! `bounden stand-in`: a server that is not there yet. It offers the tools that
//! are pinned of it and answers each call with the first example of the tool's
//! output schema, so that a template can be tried before anything is connected.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Json;
use bounden_mcp::Tool;
use bounden_policy::{Contracts, ServerContract};

use super::example_server::{Offer, Outcome, serve};
use crate::exit::Failure;
use crate::folder::CONTRACTS;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The server, as the intent calls it
    #[arg(value_name = "SERVER")]
    server: String,
    /// Where its tools are pinned
    #[arg(long, value_name = "FILE", default_value = CONTRACTS)]
    contracts: PathBuf,
}

struct StandIn(ServerContract);

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::usage(format!("{}: {error}", args.contracts.display()))
    };
    let bytes = std::fs::read(&args.contracts).map_err(|error| failed(&error))?;
    let mut contracts = Contracts::parse(&bytes).map_err(|error| failed(&error))?;
    let server = contracts.servers.remove(&args.server);
    let server =
        server.ok_or_else(|| failed(&format!("nothing is pinned of `{}`", args.server)))?;
    serve(&mut StandIn(server), io::stdin().lock(), io::stdout().lock())
        .map_err(|error| Failure::unavailable(format!("the client is gone: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

impl Offer for StandIn {
    fn identity(&self) -> (&str, &str) {
        (&self.0.server_info.name, &self.0.server_info.version)
    }

    fn tools(&self) -> Vec<Tool> {
        let pinned = self.0.tools.values();
        pinned.filter_map(|tool| Tool::from_json(tool.definition().clone())).collect()
    }

    fn call(&mut self, tool: &str, _: Json) -> io::Result<Outcome> {
        let schema = self.0.tools.get(tool).and_then(|tool| tool.output_schema());
        let examples = schema.and_then(|schema| schema.get("examples")?.as_array());
        let example = examples.and_then(|examples| examples.first());
        Ok(Ok(example.cloned().unwrap_or_else(|| Json::object::<&str>([]))))
    }
}
