//! `bounden export`: a policy in the language of another engine.

use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Json;
use bounden_policy::cedar::{self, LeftOut};

use super::{Format, print_json};
use crate::exit::Failure;
use crate::promise;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Write what looks at one call alone as Cedar policies, and list the rest
    Cedar(Args),
}

/// Write what looks at one call alone as Cedar policies, and list the rest
///
/// Rules that need a session, earlier calls, an approval or a changed argument
/// cannot be said in Cedar. They are listed at the head of the policies, and
/// the exit code is 1.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The intent, or the folder that holds it
    #[arg(long, value_name = "FILE")]
    intent: PathBuf,
    /// Pinned tool definitions; `behavior.contracts.json` beside the intent, if there is one
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// Write the Cedar schema that requests have to fit, instead of the policies
    #[arg(long)]
    schema: bool,
    /// How the result is written; JSON holds policies, schema and what was left out
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    let Command::Cedar(args) = command;
    let policy = match promise::load(&args.intent, args.contracts.as_deref())? {
        Ok(promise) => promise.policy,
        Err(findings) => return Ok(findings),
    };
    let export = cedar::export(&policy);
    match args.format {
        Format::Json => {
            let left_out = |left: &LeftOut| {
                Json::object([
                    ("what", left.what.as_str().into()),
                    ("why", left.why.as_str().into()),
                ])
            };
            print_json(&Json::object([
                ("policies", export.policies.as_str().into()),
                ("schema", export.schema.as_str().into()),
                ("left_out", export.left_out.iter().map(left_out).collect()),
            ]));
        }
        Format::Text if args.schema => print!("{}", export.schema),
        Format::Text => print!("{}", export.policies),
    }
    for LeftOut { what, why } in &export.left_out {
        eprintln!("left out: {what}: {why}");
    }
    Ok(ExitCode::from(u8::from(!export.left_out.is_empty())))
}
