//! An intent on disk, read and compiled into the policy that decides.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use bounden_base::{Diagnostic, LineIndex};
use bounden_policy::{Contracts, Policy};
use bounden_spec::intent;

use crate::exit::Failure;

/// A compiled intent.
pub(crate) struct Promise {
    /// What decides.
    pub(crate) policy: Arc<Policy>,
}

/// Reads and compiles an intent. An intent with errors is told on stderr; it
/// is a finding, not a failure of the program.
pub(crate) fn load(
    path: &Path,
    contracts: Option<&PathBuf>,
) -> Result<Result<Promise, ExitCode>, Failure> {
    let bytes = read(path)?;
    let contracts = contracts.map(|path| pinned(path)).transpose()?;
    let (intent, problems) = intent::parse(&bytes);
    tell(path, &bytes, &problems);
    let Some(intent) = intent.filter(|_| !problems.iter().any(Diagnostic::is_error)) else {
        return Ok(Err(ExitCode::FAILURE));
    };
    let (policy, problems) = bounden_spec::compile(&intent, contracts.as_ref());
    tell(path, &bytes, &problems);
    Ok(policy.map(|policy| Promise { policy: Arc::new(policy) }).ok_or(ExitCode::FAILURE))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn pinned(path: &Path) -> Result<Contracts, Failure> {
    let failure = |error| Failure::usage(format!("{}: {error}", path.display()));
    Contracts::parse(&read(path)?).map_err(failure)
}

/// Findings as `FILE:LINE:COLUMN: severity[CODE]: message`, on stderr.
fn tell(path: &Path, bytes: &[u8], problems: &[Diagnostic]) {
    let text = String::from_utf8_lossy(bytes);
    let lines = LineIndex::new(&text);
    for problem in problems {
        let at = lines.position(problem.span.start);
        let severity = if problem.is_error() { "error" } else { "warning" };
        let Diagnostic { code, message, .. } = problem;
        eprintln!("{}:{}:{}: {severity}[{code}]: {message}", path.display(), at.line, at.column);
        if let Some(help) = &problem.help {
            eprintln!("    {help}");
        }
    }
}
