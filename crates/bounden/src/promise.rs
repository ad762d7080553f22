//! An intent on disk, read and compiled into the policy that judges.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use bounden_base::Diagnostic;
use bounden_policy::{CriterionId, Policy};
use bounden_spec::intent::{self, Intent};

use crate::commands::check::input::Document;
use crate::commands::check::text::tell;
use crate::exit::Failure;

/// A compiled intent.
pub(crate) struct Promise {
    /// What decides.
    pub(crate) policy: Arc<Policy>,
    /// The share of conversations in which each criterion has to hold.
    pub(crate) thresholds: BTreeMap<CriterionId, f64>,
}

/// Reads and compiles an intent, with its contracts or those beside it. An
/// intent with errors is told on stderr; it is a finding, not a failure of the
/// program.
pub(crate) fn load(
    path: &Path,
    contracts: Option<&Path>,
) -> Result<Result<Promise, ExitCode>, Failure> {
    let document = Document::open(path, contracts)?;
    if let Some(problem) = &document.contracts_problem {
        return Err(Failure::usage(problem.message.clone()));
    }
    let (intent, mut problems) = intent::parse(&document.bytes);
    if problems.iter().any(Diagnostic::is_error) {
        tell(&document.path, &document.bytes, &problems);
        return Ok(Err(ExitCode::FAILURE));
    }
    let compiled = intent.map(|intent| {
        let (policy, found) = bounden_spec::compile(&intent, document.contracts.as_ref());
        problems.extend(found);
        policy.map(|policy| Promise { thresholds: thresholds(&intent), policy: Arc::new(policy) })
    });
    tell(&document.path, &document.bytes, &problems);
    Ok(compiled.flatten().ok_or(ExitCode::FAILURE))
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
