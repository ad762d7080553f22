//! `bounden schema`: the JSON Schemas of the formats that are read, for editors.

use std::process::ExitCode;

use bounden_spec::{FORMATS, Format};

use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The format, as `--list` names it
    #[arg(value_name = "FORMAT", default_value = Format::INTENT.name)]
    format: String,
    /// List the formats that are read, each with the digest of its schema
    #[arg(long, conflicts_with = "format")]
    list: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.list {
        for format in FORMATS {
            println!("{:20} {}  {}", format.name, format.digest(), format.standing);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let Some(format) = Format::named(&args.format) else {
        let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
        let message = format!("`{}` is not read; there are {}", args.format, names.join(", "));
        return Err(Failure::usage(message));
    };
    let schema: Result<serde_json::Value, _> =
        serde_json::from_str(&format.json_schema().canonical());
    let text = schema.and_then(|schema| serde_json::to_string_pretty(&schema));
    println!("{}", text.map_err(|error| Failure::unavailable(error.to_string()))?);
    Ok(ExitCode::SUCCESS)
}
