//! `bounden guard log`: a filter between whoever writes a log and its file.

use std::process::ExitCode;

use bounden_guard::{LOG_ROUTE, Point, filtered};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

use super::{PolicyArgs, StateArgs, runtime, session};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    /// The session that the lines belong to; that of the host, if left out
    #[arg(long, value_name = "KEY")]
    session: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let home = args.state.home()?;
    args.policy.open()?;
    let runtime = runtime()?;
    let passed = runtime.block_on(async {
        let link = args.policy.link(&home)?;
        let opening = match &args.session {
            Some(key) => session::named(&home, LOG_ROUTE, key),
            None => session::of_parent(&home, LOG_ROUTE),
        };
        let point = Point::open(link, opening).await;
        let point = point.map_err(|error| Failure::unavailable(error.to_string()))?;
        let passed = pass(&point).await;
        passed.map_err(|error| Failure::unavailable(format!("the log stream broke: {error}")))
    });
    runtime.shutdown_background();
    passed.map(|()| ExitCode::SUCCESS)
}

/// Passes every line on as it may be written, until there are no more.
async fn pass(point: &Point) -> std::io::Result<()> {
    let mut input = BufReader::new(tokio::io::stdin());
    let mut output = tokio::io::stdout();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line).await? > 0 {
        let text = String::from_utf8_lossy(line.trim_ascii_end());
        let written = filtered(point, &text).await;
        output.write_all(format!("{written}\n").as_bytes()).await?;
        output.flush().await?;
        line.clear();
    }
    Ok(())
}
