//! What was found: run by run, and about all runs together.
//!
//! Serialised, these are the JSON of `bounden test --format json`.

mod summary;

use std::collections::BTreeMap;

use bounden_policy::{ClauseOutcome, CriterionId, CriterionVerdict, Reason, RuleId, ToolName};
use serde::Serialize;

use crate::Run;

pub use summary::{
    Agreement, Coverage, CriterionSummary, Evidence, InvariantSummary, Suite, Summary, Tested,
};

/// What was found about one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunReport {
    /// The run's id.
    pub id: String,
    /// What was attempted; repeated trials share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Where the run is recorded.
    pub source: Origin,
    /// What became of each criterion.
    pub criteria: BTreeMap<CriterionId, CriterionReport>,
    /// What became of each invariant.
    pub invariants: BTreeMap<RuleId, InvariantReport>,
    /// Calls beyond what any rule allows: undeclared tools, malformed arguments, spent budgets.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub boundary: BTreeMap<Reason, InvariantReport>,
    /// How the run compares with what the recording itself expects. This
    /// informs; it never decides [`RunReport::verdict`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedReport>,
    /// The run as a whole: it fails where a criterion fails or an invariant is violated.
    pub verdict: CriterionVerdict,
    /// Calls by tool.
    #[serde(skip)]
    pub tools: BTreeMap<ToolName, usize>,
    /// Results that report failure.
    #[serde(skip)]
    pub tool_failures: usize,
    /// Whether others labelled the run a success.
    #[serde(skip)]
    pub labelled: Option<bool>,
}

/// Where a run is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The file.
    pub file: String,
    /// Bytes from its (decompressed) start.
    pub offset: usize,
}

/// One criterion in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriterionReport {
    /// What became of it.
    pub verdict: CriterionVerdict,
    /// Each clause and what decided it.
    pub because: Vec<ClauseOutcome>,
}

/// One invariant in one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InvariantReport {
    /// Events that it forbids and that happened all the same.
    pub violations: usize,
    /// Events about which the recording does not tell enough.
    #[serde(skip_serializing_if = "is_zero")]
    pub undecided: usize,
    /// Events that it warns of.
    #[serde(skip_serializing_if = "is_zero")]
    pub warnings: usize,
    /// Calls that it kept from happening, where an enforcement point recorded the run.
    #[serde(skip_serializing_if = "is_zero")]
    pub prevented: usize,
    /// Events that a rule in shadow would forbid.
    #[serde(skip_serializing_if = "is_zero")]
    pub shadowed: usize,
    /// Events that it looked at.
    #[serde(skip)]
    pub met: usize,
    /// The violations.
    pub events: Vec<Finding>,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The event's place in the run, from 0.
    pub event: usize,
    /// Where it is recorded.
    pub offset: usize,
    /// Its span, where the recording has spans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<String>,
    /// The tool, for calls and results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<ToolName>,
    /// The part of the rule that decided, with the values that it saw.
    pub because: String,
}

/// A run against what its recording expects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpectedReport {
    /// Whether effects and words are as expected.
    pub verdict: CriterionVerdict,
    /// Tools of expected effects that did not happen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Tools of effects that were not expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unexpected: Vec<String>,
    /// Expected words that the user was not told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsaid: Vec<String>,
}

impl RunReport {
    /// A report in which nothing has been found yet.
    pub(crate) fn new<'p>(
        run: &Run<'_>,
        file: &str,
        rules: impl Iterator<Item = &'p RuleId>,
    ) -> Self {
        Self {
            id: run.id.clone(),
            case: run.case.as_deref().map(str::to_owned),
            source: Origin { file: file.to_owned(), offset: run.source.offset },
            criteria: BTreeMap::new(),
            invariants: rules.map(|rule| (rule.clone(), InvariantReport::default())).collect(),
            boundary: BTreeMap::new(),
            expected: None,
            verdict: CriterionVerdict::NotApplicable,
            tools: BTreeMap::new(),
            tool_failures: 0,
            labelled: run.succeeded(),
        }
    }

    /// Draws the run's verdict from what was found.
    pub(crate) fn settle(&mut self) {
        let verdicts = || self.criteria.values().map(|criterion| criterion.verdict);
        let invariants = || self.invariants.values().chain(self.boundary.values());
        let any = |wanted| verdicts().any(|verdict| verdict == wanted);
        self.verdict = if any(CriterionVerdict::Fail)
            || invariants().any(|invariant| invariant.violations > 0)
        {
            CriterionVerdict::Fail
        } else if any(CriterionVerdict::Undecidable)
            || invariants().any(|invariant| invariant.undecided > 0)
        {
            CriterionVerdict::Undecidable
        } else if any(CriterionVerdict::Pass) || invariants().any(|invariant| invariant.met > 0) {
            CriterionVerdict::Pass
        } else {
            CriterionVerdict::NotApplicable
        };
    }
}

impl ExpectedReport {
    /// The recording does not tell what was done.
    pub(crate) fn undecidable() -> Self {
        Self {
            verdict: CriterionVerdict::Undecidable,
            missing: Vec::new(),
            unexpected: Vec::new(),
            unsaid: Vec::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}
