//! `bounden guard status`: what is enforced here, and how.

use std::process::ExitCode;

use bounden_guard::Link;
use bounden_guard::owner::protocol::{Request, Response, Status};

use super::{StateArgs, runtime};
use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let home = args.state.home()?;
    let answer =
        runtime()?.block_on(async { Link::over_socket(home, None).ask(Request::Status).await });
    match answer {
        Ok(Response::Status(status)) => print(&status, args.format),
        Ok(other) => Err(Failure::unavailable(format!("the owner answered {other:?}"))),
        Err(error) => Err(Failure::unavailable(error.to_string())),
    }
}

fn print(status: &Status, format: Format) -> Result<ExitCode, Failure> {
    match format {
        Format::Json => {
            let text = bounden_base::json::to_canonical(status)
                .map_err(|error| Failure::unavailable(error.to_string()))?;
            println!("{text}");
        }
        Format::Text => {
            println!("agent     {}", status.agent);
            println!("lock      {}", status.lock);
            println!("stopped   {}", status.stopped.as_deref().unwrap_or("no"));
            println!("sessions  {}", status.sessions);
            println!("receipts  {}", status.receipts);
            println!("held      {}", status.held);
        }
    }
    Ok(ExitCode::SUCCESS)
}
