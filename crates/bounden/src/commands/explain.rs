//! `bounden explain`: the page of one finding.

use std::process::ExitCode;

use bounden_base::nearest;

use crate::exit::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The code of the finding, such as B201
    #[arg(value_name = "CODE")]
    code: String,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let Some(page) = bounden_spec::explain(&args.code) else {
        let codes = bounden_spec::codes();
        let near = nearest::name(&args.code, codes.iter().map(String::as_str));
        let advice = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        return Err(Failure::usage(format!("there is no code {}{advice}", args.code)));
    };
    print!("{page}");
    Ok(ExitCode::SUCCESS)
}
