//! `bounden prove`: whether one policy permits what another does not.

mod json;
mod side;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Digest;
use bounden_policy::analysis::{Answer, Certificate, Widening, check, widening};

use super::{Format, print_json};
use crate::exit::Failure;
use crate::state::inside;

/// Prove that a policy permits nothing that another does not
///
/// Every call that NEW permits, or treats more mildly than OLD does, would be
/// shown: one call that both engines decided. Where there is none, a certificate
/// says why; where neither was shown, the reason. A side is an intent, the
/// folder that holds one, a policy bundle, or a lock.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What runs
    old: PathBuf,
    /// What is to run
    new: PathBuf,
    /// Pinned tool definitions for both intents; `behavior.contracts.json` beside each, if left out
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What was shown of two policies.
struct Outcome {
    before: Digest,
    after: Digest,
    widening: Widening,
    /// What not being wider rests on, and its digest.
    certificate: Option<(Certificate, Digest)>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let contracts = args.contracts.as_deref();
    let (before, after) =
        match (side::open(&args.old, contracts)?, side::open(&args.new, contracts)?) {
            (Ok(before), Ok(after)) => (before, after),
            (Err(findings), _) | (_, Err(findings)) => return Ok(findings),
        };
    let widening = widening(&before, &after);
    let certificate = widening.certificate.clone().map(|certificate| {
        check(&certificate, &before, &after).map_err(inside)?;
        let digest = certificate.digest().map_err(inside)?;
        Ok::<_, Failure>((certificate, digest))
    });
    let outcome = Outcome {
        before: before.digest(),
        after: after.digest(),
        widening,
        certificate: certificate.transpose()?,
    };
    match args.format {
        Format::Json => print_json(&json::document(&outcome).map_err(inside)?),
        Format::Text => text::print(&outcome),
    }
    let is_shown = outcome.widening.answer() == Answer::NotWider;
    Ok(ExitCode::from(u8::from(!is_shown)))
}
