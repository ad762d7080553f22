//! `bounden example-desk`: a small retail support desk as an MCP server over
//! stdio, with real validation, state and side effects, for examples and tests.

mod catalogue;
mod data;
mod journal;
mod tools;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Json;
use bounden_mcp::Tool;

use self::catalogue::Part;
use self::data::Shop;
use self::journal::Journal;
use super::example_server::{Offer, Outcome, serve};
use crate::exit::Failure;
use crate::state::inside;

/// The version that the servers of the desk report.
const VERSION: &str = "2.1.0";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Serve only this part of the desk; both, if left out
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Append each executed call to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

struct Desk {
    parts: Vec<Part>,
    tools: Vec<Tool>,
    shop: Shop,
    journal: Journal,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let journal = Journal::open(args.journal.as_deref())
        .map_err(|error| Failure::usage(format!("the journal cannot be written: {error}")))?;
    let parts = args.part.map_or_else(|| Part::ALL.to_vec(), |part| vec![part]);
    let tools = catalogue::tools(&parts).map_err(inside)?;
    let mut desk = Desk { parts, tools, shop: Shop::new(), journal };
    serve(&mut desk, io::stdin().lock(), io::stdout().lock())
        .map_err(|error| Failure::unavailable(format!("the client is gone: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

impl Offer for Desk {
    fn identity(&self) -> (&str, &str) {
        match self.parts.as_slice() {
            [part] => (part.name(), VERSION),
            _ => ("acme-support", VERSION),
        }
    }

    fn tools(&self) -> Vec<Tool> {
        self.tools.clone()
    }

    fn call(&mut self, tool: &str, arguments: Json) -> io::Result<Outcome> {
        let outcome = tools::run(&mut self.shop, tool, &arguments);
        let outcome = outcome.unwrap_or_else(|| Err(format!("{tool} is not built")));
        self.journal.append(tool, arguments, outcome.is_ok())?;
        Ok(outcome)
    }
}
