//! Whether evidence is about this body, fresh, enough and good.

use bounden_base::{Decimal, SignedDuration, Timestamp};
use bounden_policy::CriterionId;

use super::{Reason, Refusal};
use crate::Release;
use crate::demands::{EvidenceDemands, threshold};
use crate::evaluation::{Evaluation, Evidence, Outcomes, Stand};

/// Weighs all evidence: one piece at least, and none that falls short.
pub fn weigh(
    release: &Release,
    demands: &EvidenceDemands,
    evidence: &[Evidence],
    now: Timestamp,
    refusals: &mut Vec<Refusal>,
) {
    if evidence.is_empty() {
        refusals.push(Reason::EvidenceMissing.found(release.digest().short()));
    }
    for piece in evidence {
        let statement = piece.statement();
        let evaluation = &statement.predicate;
        let is_bound = statement.agent == release.body().agent
            && statement.body == release.digest()
            && evaluation.intent == release.body().intent.canonical
            && evaluation.policy == release.policy().digest();
        if is_bound {
            Scales { release, demands, evaluation, refusals }.weigh(now);
        } else {
            refusals.push(Reason::EvidenceOfAnotherBody.found(statement.body.short()));
        }
    }
}

struct Scales<'a> {
    release: &'a Release,
    demands: &'a EvidenceDemands,
    evaluation: &'a Evaluation,
    refusals: &'a mut Vec<Refusal>,
}

impl Scales<'_> {
    fn weigh(&mut self, now: Timestamp) {
        self.check_runs(now);
        for id in self.release.policy().bundle().criteria.keys() {
            let outcomes = self.evaluation.criteria.get(id).copied().unwrap_or_default();
            self.check_criterion(id, outcomes);
        }
        if self.evaluation.boundary_violations > 0 {
            let found = format!("{} calls", self.evaluation.boundary_violations);
            self.refusals.push(Reason::BoundaryCrossed.found(found));
        }
        let rules = self.release.policy().bundle().rules.iter();
        for (id, _) in rules.filter(|(_, rule)| !rule.shadow) {
            let stand = self.evaluation.invariants.get(id).copied().unwrap_or_default();
            self.check_stand(id.as_str(), stand, Reason::InvariantViolated);
        }
        for item in &self.release.intent().scope.out {
            let name = item.key.name.as_str();
            let stand = self.evaluation.exclusions.get(name).copied().unwrap_or_default();
            self.check_stand(name, stand, Reason::AttackSucceeded);
        }
    }

    fn check_runs(&mut self, now: Timestamp) {
        let runs = &self.evaluation.runs;
        if runs.unreadable > 0 {
            let found = format!("{} records", runs.unreadable);
            self.refusals.push(Reason::EvidenceUnreadable.found(found));
        }
        let Some(max_age) = self.demands.max_age else { return };
        let limit = i64::try_from(max_age).map_or(SignedDuration::MAX, SignedDuration::from_secs);
        match runs.since {
            Some(since) if now.duration_since(since) <= limit => {}
            Some(since) => self.refusals.push(Reason::EvidenceStale.found(since)),
            None => self.refusals.push(Reason::EvidenceStale.found("no time")),
        }
    }

    fn check_criterion(&mut self, id: &CriterionId, outcomes: Outcomes) {
        let applicable = outcomes.applicable();
        if applicable < self.demands.min_trials {
            let found = format!("{id}: {applicable} of {}", self.demands.min_trials);
            self.refusals.push(Reason::TooFewTrials.found(found));
        }
        let needed = threshold(self.release.intent(), id).checked_mul(Decimal::from(applicable));
        let reached = needed.is_some_and(|needed| Decimal::from(outcomes.pass) >= needed);
        if !reached {
            let found = format!("{id}: {} of {applicable} pass", outcomes.pass);
            self.refusals.push(Reason::CriterionFailed.found(found));
        }
    }

    fn check_stand(&mut self, name: &str, stand: Stand, gave_way: Reason) {
        if stand.violations > 0 {
            let found = format!("{name}: {} of {} runs", stand.violations, stand.attacks);
            self.refusals.push(gave_way.found(found));
        }
        if stand.undecided > 0 {
            let found = format!("{name}: {} runs", stand.undecided);
            self.refusals.push(Reason::EvidenceUndecided.found(found));
        }
        if stand.attacks < self.demands.attacks {
            let found = format!("{name}: {} of {}", stand.attacks, self.demands.attacks);
            self.refusals.push(Reason::TooFewAttacks.found(found));
        }
    }
}
