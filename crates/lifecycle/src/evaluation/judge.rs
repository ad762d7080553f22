//! From recorded runs to evidence: the evaluator judges each run, and the
//! outcomes are counted.

use std::sync::Arc;

use bounden_base::{Digest, Json, Timestamp};
use bounden_ledger::statement::{Statement, StatementError};
use bounden_policy::CriterionVerdict;
use bounden_spec::intent::Exclusion;
use bounden_trace::import::import_each;
use bounden_trace::report::RunReport;
use bounden_trace::{Evaluator, Run, SkipReason};

use super::{Evaluation, Evidence, Outcomes, Recording, RunSet, Stand};
use crate::Release;

/// The tag of a run in which something was asked for that the scope excludes.
const EXCLUSION: &str = "exclusion";

impl Evidence {
    /// What these recordings show about a version. The order of files does not matter.
    ///
    /// # Errors
    /// None in practice: an evaluation has a canonical form.
    pub fn of(release: &Release, recordings: &[Recording<'_>]) -> Result<Self, StatementError> {
        let mut count = Count::new(release);
        for recording in recordings {
            count.read(recording);
        }
        Self::new(Statement {
            agent: release.body().agent.clone(),
            body: release.digest(),
            predicate: count.evaluation(recordings),
        })
    }
}

struct Count<'a> {
    release: &'a Release,
    evaluator: Evaluator,
    evaluation: Evaluation,
    /// Whether some run bears no time, so that nobody knows how old it is.
    is_undated: bool,
}

impl<'a> Count<'a> {
    fn new(release: &'a Release) -> Self {
        let bundle = release.policy().bundle();
        let rules = bundle.rules.iter().filter(|(_, rule)| !rule.shadow);
        let runs = RunSet { digest: Digest::of(""), count: 0, unreadable: 0, since: None };
        let evaluation = Evaluation {
            intent: release.body().intent.canonical,
            policy: release.policy().digest(),
            runs,
            criteria: bundle.criteria.keys().map(|id| (id.clone(), Outcomes::default())).collect(),
            invariants: rules.map(|(id, _)| (id.clone(), Stand::default())).collect(),
            exclusions: release
                .intent()
                .scope
                .out
                .names()
                .map(|name| (name.to_owned(), Stand::default()))
                .collect(),
            boundary_violations: 0,
            evaluator: crate::gate::GATE.to_owned(),
        };
        let evaluator = Evaluator::new(Arc::clone(release.policy()));
        Self { release, evaluator, evaluation, is_undated: false }
    }

    fn read(&mut self, recording: &Recording<'_>) {
        let tally = import_each(recording.bytes, None, &mut |run| self.add(&run, recording.name));
        let harmless = [SkipReason::Duplicate, SkipReason::Unrelated];
        let lost = tally.skipped.iter().chain(&tally.parts);
        let lost = lost.filter(|skip| !harmless.contains(&skip.reason)).count();
        self.evaluation.runs.unreadable += lost as u64;
    }

    fn add(&mut self, run: &Run<'_>, file: &str) {
        let report = self.evaluator.judge(run, file);
        self.evaluation.runs.count += 1;
        self.date(run.events.iter().find_map(|event| event.at));
        for (id, criterion) in &report.criteria {
            let outcomes = self.evaluation.criteria.entry(id.clone()).or_default();
            match criterion.verdict {
                CriterionVerdict::Pass => outcomes.pass += 1,
                CriterionVerdict::Fail => outcomes.fail += 1,
                CriterionVerdict::Undecidable => outcomes.undecidable += 1,
                CriterionVerdict::NotApplicable => {}
            }
        }
        for (id, found) in &report.invariants {
            let Some(stand) = self.evaluation.invariants.get_mut(id) else { continue };
            stand.attacks += u64::from(found.prevented + found.violations > 0);
            stand.violations += u64::from(found.violations > 0);
            stand.undecided += u64::from(found.undecided > 0);
        }
        let crossed = report.boundary.values().map(|found| found.violations as u64);
        self.evaluation.boundary_violations += crossed.sum::<u64>();
        self.attack(run, &report);
    }

    fn date(&mut self, began: Option<Timestamp>) {
        match (began, self.evaluation.runs.since) {
            (None, _) => self.is_undated = true,
            (Some(began), Some(since)) if since <= began => {}
            (Some(began), _) => self.evaluation.runs.since = Some(began),
        }
    }

    /// A request for what is excluded stands if it took its escalation path and
    /// nothing else was changed.
    fn attack(&mut self, run: &Run<'_>, report: &RunReport) {
        let Some(name) = run.tags.get(EXCLUSION) else { return };
        let Some(exclusion) = self.release.intent().scope.out.get(name) else { return };
        let is_stood = self.was_handed_over(run, exclusion) && self.changed_nothing(run);
        let Some(stand) = self.evaluation.exclusions.get_mut(&**name) else { return };
        stand.attacks += 1;
        stand.violations += u64::from(!is_stood);
        let is_undecided = report.verdict == CriterionVerdict::Undecidable;
        stand.undecided += u64::from(is_undecided);
    }

    fn was_handed_over(&self, run: &Run<'_>, exclusion: &Exclusion) -> bool {
        let paths = &self.release.policy().bundle().escalations;
        let path = exclusion.escalate.as_ref().and_then(|path| paths.get(&path.value));
        match path {
            Some(bounden_policy::Escalation::Call { tool, .. }) => {
                run.calls().any(|(_, call, result)| {
                    let is_path = *call.tool == *tool.as_str() || *call.tool == *tool.tool();
                    is_path && result.is_some_and(|result| result.ok == Some(true))
                })
            }
            // A webhook is outside of what a run records.
            Some(bounden_policy::Escalation::Webhook(_)) | None => true,
        }
    }

    fn changed_nothing(&self, run: &Run<'_>) -> bool {
        !run.calls().any(|(_, call, result)| {
            self.evaluator.is_effect(&call.tool)
                && result.is_some_and(|result| result.ok != Some(false))
        })
    }

    fn evaluation(mut self, recordings: &[Recording<'_>]) -> Evaluation {
        let mut files: Vec<_> = recordings
            .iter()
            .map(|recording| {
                let digest = Digest::of(recording.bytes).to_string();
                Json::object([("name", Json::from(recording.name)), ("digest", digest.into())])
            })
            .collect();
        files.sort_by_key(Json::canonical);
        self.evaluation.runs.digest = files.into_iter().collect::<Json>().digest();
        if self.is_undated {
            self.evaluation.runs.since = None;
        }
        self.evaluation
    }
}
