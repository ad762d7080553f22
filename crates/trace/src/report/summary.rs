//! All runs together: rates with their bounds, coverage, and what the evidence is.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::Digest;
use bounden_policy::{
    CriterionId, CriterionVerdict, Effect, FailureMode, Policy, Reason, RuleId, ToolName,
};
use serde::Serialize;

use super::RunReport;
use crate::import::Tally;
use crate::stats::{Rate, mean_pass_hat_k, minimum_detectable_drop};

/// The confidence of bounds.
const CONFIDENCE: f64 = 0.95;
/// The power that a detectable drop is stated for.
const POWER: f64 = 0.8;

/// Collects reports; [`Suite::summary`] tells what they say together.
#[derive(Debug)]
pub struct Suite<'p> {
    policy: &'p Policy,
    thresholds: BTreeMap<CriterionId, f64>,
    criteria: BTreeMap<CriterionId, BTreeMap<String, Unit>>,
    invariants: BTreeMap<RuleId, InvariantSummary>,
    boundary: BTreeMap<Reason, InvariantSummary>,
    tools: BTreeMap<ToolName, usize>,
    tool_failures: usize,
    cases: BTreeSet<String>,
    evidence: Evidence,
}

/// The trials of one case under one criterion.
#[derive(Clone, Copy, Debug, Default)]
struct Unit {
    pass: u64,
    fail: u64,
    undecidable: u64,
    not_applicable: u64,
}

/// What all runs say together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// By criterion.
    pub criteria: BTreeMap<CriterionId, CriterionSummary>,
    /// By invariant.
    pub invariants: BTreeMap<RuleId, InvariantSummary>,
    /// Calls beyond what any rule allows.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub boundary: BTreeMap<Reason, InvariantSummary>,
    /// What the runs exercised.
    pub coverage: Coverage,
    /// What the evidence is.
    pub evidence: Evidence,
}

/// One criterion over all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriterionSummary {
    /// Whether the share of cases that pass reaches the threshold. What so many
    /// runs prove is another question: see [`CriterionSummary::lower_bound_95`].
    pub verdict: CriterionVerdict,
    /// The share that is promised; 1 where nothing less is.
    pub threshold: f64,
    /// Runs that pass or fail.
    pub applicable: u64,
    /// Runs that pass.
    pub pass: u64,
    /// Runs that fail.
    pub fail: u64,
    /// Runs whose recording does not tell.
    pub undecidable: u64,
    /// Runs whose condition does not hold.
    pub not_applicable: u64,
    /// Cases in which at least one trial applies or is undecidable.
    pub cases: u64,
    /// Cases all of whose trials pass.
    pub cases_passed: u64,
    /// The share of cases that is exceeded with 95 % confidence (Clopper–Pearson).
    pub lower_bound_95: f64,
    /// The chance that k trials of a case all pass, for k = 1, 2, …, as far as
    /// every case was tried so often.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pass_hat_k: Vec<f64>,
    /// The smallest drop of the share that so many cases would show (one-sided
    /// 5 %, power 80 %); absent where they are too few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detectable_drop: Option<f64>,
}

/// One invariant over all runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InvariantSummary {
    /// Runs in which it looked at an event.
    pub runs: usize,
    /// Runs in which it is violated.
    pub runs_violating: usize,
    /// Violations.
    pub violations: usize,
    /// Events about which the recording does not tell enough.
    pub undecided: usize,
    /// Events that it warns of.
    #[serde(skip_serializing_if = "super::is_zero")]
    pub warnings: usize,
    /// Events that it would forbid if it were not in shadow.
    #[serde(skip_serializing_if = "super::is_zero")]
    pub shadowed: usize,
}

/// What the runs exercised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Criteria that applied.
    pub criteria: Tested<CriterionId>,
    /// Invariants that looked at an event; see [`Coverage::challenged`].
    pub invariants: Tested<RuleId>,
    /// Invariants that something was done against.
    pub challenged: Vec<RuleId>,
    /// Declared tools.
    pub tools: Tested<ToolName>,
    /// Tools that were called and are not declared.
    pub undeclared: BTreeMap<ToolName, usize>,
    /// Effects of declared tools.
    pub effects: Tested<Effect>,
    /// Failure modes that recordings show; the others need tags to be seen.
    pub failure_modes: Tested<FailureMode>,
}

/// What was exercised, and what was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tested<T> {
    /// Exercised at least once.
    pub exercised: Vec<T>,
    /// Declared, and never exercised.
    pub not_exercised: Vec<T>,
}

/// What the evidence is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The policy that judged.
    pub policy: Option<Digest>,
    /// Runs.
    pub runs: usize,
    /// Different cases.
    pub cases: usize,
    /// Runs by verdict.
    pub verdicts: BTreeMap<CriterionVerdict, usize>,
    /// Records read from the files.
    pub records: usize,
    /// Records left out, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Parts of runs that could not be read.
    pub parts_skipped: usize,
    /// How often the expected effects agree with the recorded reward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Agreement>,
}

/// How often two judgements agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Runs with both.
    pub runs: usize,
    /// Runs on which they agree.
    pub agree: usize,
}

impl Summary {
    /// Whether a criterion falls short of its threshold, or an invariant is violated.
    #[must_use]
    pub fn fails(&self) -> bool {
        let fails = |criterion: &CriterionSummary| criterion.verdict == CriterionVerdict::Fail;
        let violated = |invariant: &InvariantSummary| invariant.violations > 0;
        self.criteria.values().any(fails)
            || self.invariants.values().any(violated)
            || self.boundary.values().any(violated)
    }
}

impl<'p> Suite<'p> {
    /// An empty suite for one policy.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        let bundle = policy.bundle();
        let criteria = bundle.criteria.keys().map(|id| (id.clone(), BTreeMap::new()));
        let rules = bundle.rules.keys().map(|id| (id.clone(), InvariantSummary::default()));
        Self {
            policy,
            thresholds: BTreeMap::new(),
            criteria: criteria.collect(),
            invariants: rules.collect(),
            boundary: BTreeMap::new(),
            tools: BTreeMap::new(),
            tool_failures: 0,
            cases: BTreeSet::new(),
            evidence: Evidence { policy: Some(policy.digest()), ..Evidence::default() },
        }
    }

    /// The share of cases that a criterion has to hold in; without it, all.
    pub fn threshold(&mut self, criterion: CriterionId, share: f64) {
        self.thresholds.insert(criterion, share);
    }

    /// Notes how a file was read.
    pub fn file(&mut self, tally: &Tally) {
        self.evidence.records += tally.records;
        self.evidence.parts_skipped += tally.parts.len();
        for (reason, count) in tally.skipped_by_reason() {
            *self.evidence.skipped.entry(reason).or_insert(0) += count;
        }
    }

    /// Notes what was found about a run.
    pub fn add(&mut self, report: &RunReport) {
        // A run of no named case is a case of its own.
        let own = || format!("{}#{}", report.source.file, report.id);
        let case = report.case.clone().unwrap_or_else(own);
        for (id, criterion) in &report.criteria {
            let units = self.criteria.entry(id.clone()).or_default();
            units.entry(case.clone()).or_default().count(criterion.verdict);
        }
        for (id, invariant) in &report.invariants {
            self.invariants.entry(id.clone()).or_default().add(invariant);
        }
        for (reason, invariant) in &report.boundary {
            self.boundary.entry(*reason).or_default().add(invariant);
        }
        for (tool, count) in &report.tools {
            *self.tools.entry(tool.clone()).or_insert(0) += count;
        }
        self.tool_failures += report.tool_failures;
        self.cases.insert(case);
        self.evidence.runs += 1;
        *self.evidence.verdicts.entry(report.verdict).or_insert(0) += 1;
        self.agree(report);
    }

    fn agree(&mut self, report: &RunReport) {
        let expected = report.expected.as_ref().map(|expected| expected.verdict);
        let expected = expected.filter(|verdict| *verdict != CriterionVerdict::Undecidable);
        if let Some((verdict, labelled)) = expected.zip(report.labelled) {
            let agreement = self.evidence.expected.get_or_insert_default();
            agreement.runs += 1;
            agreement.agree += usize::from((verdict == CriterionVerdict::Pass) == labelled);
        }
    }

    /// What the reports say together.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let criteria: BTreeMap<CriterionId, CriterionSummary> = self
            .criteria
            .iter()
            .map(|(id, units)| {
                let threshold = self.thresholds.get(id).copied().unwrap_or(1.0);
                (id.clone(), summarize(units, threshold))
            })
            .collect();
        let evidence = Evidence { cases: self.cases.len(), ..self.evidence.clone() };
        let coverage = self.coverage(&criteria);
        let (invariants, boundary) = (self.invariants.clone(), self.boundary.clone());
        Summary { criteria, invariants, boundary, coverage, evidence }
    }

    fn coverage(&self, criteria: &BTreeMap<CriterionId, CriterionSummary>) -> Coverage {
        let declared = &self.policy.bundle().tools;
        let called = |tool: &ToolName| self.tools.contains_key(tool);
        let used: BTreeSet<Effect> = declared
            .iter()
            .filter(|(name, _)| called(name))
            .flat_map(|(_, tool)| tool.effects.iter().copied())
            .collect();
        let effects: BTreeSet<Effect> =
            declared.values().flat_map(|tool| tool.effects.iter().copied()).collect();
        let challenged = |invariant: &InvariantSummary| {
            invariant.violations + invariant.warnings + invariant.shadowed > 0
        };
        let invariants = self.invariants.iter();
        Coverage {
            criteria: tested(criteria.keys(), |id| {
                criteria.get(id).is_some_and(|criterion| criterion.applicable > 0)
            }),
            invariants: tested(self.invariants.keys(), |id| {
                self.invariants.get(id).is_some_and(|invariant| invariant.runs > 0)
            }),
            challenged: invariants
                .filter(|(_, invariant)| challenged(invariant))
                .map(|(id, _)| id.clone())
                .collect(),
            tools: tested(declared.keys(), called),
            undeclared: self
                .tools
                .iter()
                .filter(|(tool, _)| !declared.contains_key(*tool))
                .map(|(tool, count)| (tool.clone(), *count))
                .collect(),
            effects: tested(effects.iter(), |effect| used.contains(effect)),
            failure_modes: self.failure_modes(),
        }
    }

    fn failure_modes(&self) -> Tested<FailureMode> {
        let modes = self.policy.bundle().failure_modes.keys();
        tested(modes, |mode| match mode {
            FailureMode::ToolFailure => self.tool_failures > 0,
            FailureMode::BudgetExceeded => self.boundary.contains_key(&Reason::BudgetExceeded),
            FailureMode::OutOfScope => self.boundary.contains_key(&Reason::OutOfScope),
            FailureMode::AmbiguousRequest => self.boundary.contains_key(&Reason::Ambiguous),
            FailureMode::PiiDetected => false,
        })
    }
}

fn tested<'t, T: Clone + 't>(
    all: impl Iterator<Item = &'t T>,
    is_exercised: impl Fn(&T) -> bool,
) -> Tested<T> {
    let (exercised, not_exercised) = all.cloned().partition(|item| is_exercised(item));
    Tested { exercised, not_exercised }
}

impl Unit {
    fn count(&mut self, verdict: CriterionVerdict) {
        *match verdict {
            CriterionVerdict::Pass => &mut self.pass,
            CriterionVerdict::Fail => &mut self.fail,
            CriterionVerdict::NotApplicable => &mut self.not_applicable,
            CriterionVerdict::Undecidable => &mut self.undecidable,
        } += 1;
    }

    fn applies(self) -> bool {
        self.pass + self.fail + self.undecidable > 0
    }

    /// All its trials pass; what is undecidable never passes.
    fn passes(self) -> bool {
        self.pass > 0 && self.fail == 0 && self.undecidable == 0
    }
}

fn summarize(units: &BTreeMap<String, Unit>, threshold: f64) -> CriterionSummary {
    let total = |count: fn(&Unit) -> u64| units.values().map(count).sum::<u64>();
    let applying = || units.values().filter(|unit| unit.applies());
    let cases = applying().count() as u64;
    let passed = applying().filter(|unit| unit.passes()).count() as u64;
    let rate = Rate::new(passed, cases);
    let rates: Vec<Rate> = applying()
        .map(|unit| Rate::new(unit.pass, unit.pass + unit.fail + unit.undecidable))
        .collect();
    let most = rates.iter().map(|rate| rate.trials).min().unwrap_or(0);
    CriterionSummary {
        verdict: match rate.share() {
            None => CriterionVerdict::NotApplicable,
            Some(share) if share >= threshold => CriterionVerdict::Pass,
            Some(_) => CriterionVerdict::Fail,
        },
        threshold,
        applicable: total(|unit| unit.pass + unit.fail),
        pass: total(|unit| unit.pass),
        fail: total(|unit| unit.fail),
        undecidable: total(|unit| unit.undecidable),
        not_applicable: total(|unit| unit.not_applicable),
        cases,
        cases_passed: passed,
        lower_bound_95: rate.lower_bound(CONFIDENCE),
        pass_hat_k: (1..=most).filter_map(|k| mean_pass_hat_k(&rates, k)).collect(),
        detectable_drop: rate
            .share()
            .and_then(|share| minimum_detectable_drop(cases, share, 1.0 - CONFIDENCE, POWER)),
    }
}

impl InvariantSummary {
    fn add(&mut self, invariant: &super::InvariantReport) {
        let met = invariant.met + invariant.violations + invariant.undecided;
        self.runs += usize::from(met > 0);
        self.runs_violating += usize::from(invariant.violations > 0);
        self.violations += invariant.violations;
        self.undecided += invariant.undecided;
        self.warnings += invariant.warnings;
        self.shadowed += invariant.shadowed;
    }
}
