//! An intent on disk, read and compiled into the policy that judges.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use bounden_base::{Diagnostic, LineIndex};
use bounden_policy::{Contracts, CriterionId, Policy};
use bounden_spec::intent::{self, Intent};

use crate::exit::Failure;

/// A compiled intent.
pub(crate) struct Promise {
    /// What decides.
    pub(crate) policy: Arc<Policy>,
    /// The share of conversations in which each criterion has to hold.
    pub(crate) thresholds: BTreeMap<CriterionId, f64>,
}

/// Reads and compiles an intent. An intent with errors is told on stderr; it
/// is a finding, not a failure of the program.
pub(crate) fn load(
    path: &Path,
    contracts: Option<&PathBuf>,
) -> Result<Result<Promise, ExitCode>, Failure> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
    };
    let bytes = read(path)?;
    let contracts = match contracts {
        None => None,
        Some(path) => Some(
            Contracts::parse(&read(path)?)
                .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?,
        ),
    };
    let (intent, problems) = intent::parse(&bytes);
    tell(path, &bytes, &problems);
    let (Some(intent), false) = (intent, problems.iter().any(Diagnostic::is_error)) else {
        return Ok(Err(ExitCode::FAILURE));
    };
    let (policy, problems) = bounden_spec::compile(&intent, contracts.as_ref());
    tell(path, &bytes, &problems);
    let Some(policy) = policy else { return Ok(Err(ExitCode::FAILURE)) };
    Ok(Ok(Promise { policy: Arc::new(policy), thresholds: thresholds(&intent) }))
}

/// The promise of a criterion's commitment, else the target for all.
fn thresholds(intent: &Intent) -> BTreeMap<CriterionId, f64> {
    let targets = intent.measurement.as_ref().map(|measurement| &measurement.targets);
    let general = targets
        .and_then(|targets| targets.get("pass_rate"))
        .filter(|target| target.value.at_least)
        .map(|target| target.value.bound.to_f64());
    let criteria = intent.success_criteria.names().map(CriterionId::from);
    let mut thresholds: BTreeMap<CriterionId, f64> =
        criteria.filter_map(|criterion| Some((criterion, general?))).collect();
    for commitment in &intent.commitments {
        let criterion = CriterionId::from(commitment.value.criterion.value.as_str());
        thresholds.insert(criterion, commitment.value.promise.value.to_f64());
    }
    thresholds
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
