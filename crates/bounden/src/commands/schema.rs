//! `bounden schema`: the JSON Schema of the intent, for editors.

use std::process::ExitCode;

use bounden_spec::intent;

use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args) -> Result<ExitCode, Failure> {
    let schema: Result<serde_json::Value, _> =
        serde_json::from_str(&intent::json_schema().canonical());
    let text = schema.and_then(|schema| serde_json::to_string_pretty(&schema));
    println!("{}", text.map_err(|error| Failure::unavailable(error.to_string()))?);
    Ok(ExitCode::SUCCESS)
}
