//! `bounden example-desk`: a small retail support desk as an MCP server over
//! stdio, with real validation, state and side effects, for examples and tests.

mod catalogue;
mod data;
mod journal;
mod server;
mod tools;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_mcp::Lines;

use self::catalogue::Part;
use self::journal::Journal;
use self::server::Server;
use crate::exit::Failure;

/// Longest line that a client may send, in bytes.
const LINE_LIMIT: usize = 1 << 20;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Serve only this part of the desk; both, if left out
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Append each executed call to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let journal = Journal::open(args.journal.as_deref())
        .map_err(|error| Failure::usage(format!("the journal cannot be written: {error}")))?;
    let mut server = Server::new(args.part, journal);
    serve(&mut server, io::stdin().lock(), io::stdout().lock())
        .map_err(|error| Failure::unavailable(format!("the client is gone: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// Answers one line after the other until the client closes its end.
fn serve(
    server: &mut Server,
    mut input: impl io::Read,
    mut output: impl io::Write,
) -> io::Result<()> {
    let mut lines = Lines::new(LINE_LIMIT);
    let mut chunk = [0; 8192];
    loop {
        let read = input.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        lines.push(chunk.get(..read).unwrap_or_default());
        while let Some(line) = lines.pop() {
            if let Some(answer) = server.answer(line)? {
                output.write_all(answer.to_line().as_bytes())?;
                output.flush()?;
            }
        }
    }
}
