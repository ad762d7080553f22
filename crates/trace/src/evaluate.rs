//! Judges recorded runs by a policy: the engine that decides live calls looks
//! at each event as one that has happened, and at the criteria in the end.
//!
//! Every run is judged by itself. A run that names its enforcement point, or
//! carries approvals, comes from one: there an event is a request, and a
//! violation is a result of a call that was not permitted.

mod events;
mod names;

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::Timestamp;
use bounden_policy::{
    Action, CriterionOutcome, CriterionVerdict, Decision, Engine, EventBody, EventName, FiredRule,
    Point, Policy, Reason, RuleId, Ruling, ToolName,
};

use crate::effects::{Match, compare, effects, expected_effects, told};
use crate::report::{CriterionReport, ExpectedReport, Finding, InvariantReport, RunReport};
use crate::run::{Actor, EventKind};
use crate::{Run, ToolResult};

pub(crate) use events::Events;
pub(crate) use names::Names;

/// Judges runs by one policy.
#[derive(Debug)]
pub struct Evaluator {
    policy: Arc<Policy>,
    names: Names,
    start: Option<Timestamp>,
}

impl Evaluator {
    /// An evaluator for this policy.
    #[must_use]
    pub fn new(policy: Arc<Policy>) -> Self {
        let names = Names::of(policy.bundle().tools.keys());
        Self { policy, names, start: None }
    }

    /// The clock of runs that record no times.
    #[must_use]
    pub fn starting_at(mut self, start: Timestamp) -> Self {
        self.start = Some(start);
        self
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Judges a run of the named file.
    #[must_use]
    pub fn judge(&self, run: &Run<'_>, file: &str) -> RunReport {
        let mut judging = Judging {
            evaluator: self,
            engine: Engine::new(Arc::clone(&self.policy)),
            run,
            report: RunReport::new(run, file, self.policy.bundle().rules.keys()),
            refused: BTreeMap::new(),
        };
        let is_read = |tool: &ToolName| self.is_read(tool);
        let mut events = Events::of(run, &self.names, self.start, &is_read);
        judging.submit(0, events.start());
        for index in 0..run.events.len() {
            judging.count(index);
            if let Some(event) = events.event(index) {
                judging.submit(index, event);
            }
        }
        let ruling = judging.rule(&events.end());
        judging.note(run.events.len(), &ruling.decision, None);
        judging.conclude(ruling.criteria)
    }

    /// Whether a fact or a rule reads what this tool answers, or every answer is
    /// where a value may have come from; parsing the answers of searches that
    /// nobody reads would cost more than all rules.
    fn is_read(&self, tool: &ToolName) -> bool {
        let facts = &self.policy.bundle().facts;
        self.policy.asks_origins()
            || facts.values().any(|fact| fact.result_of == *tool)
            || self.policy.rules_at(EventName::Result, Some(tool)).next().is_some()
    }

    /// Whether a call of this tool changes something that a run is judged by:
    /// it is declared, does more than observe, and is no escalation path.
    #[must_use]
    pub fn is_effect(&self, tool: &str) -> bool {
        let name = self.names.resolve(tool);
        let bundle = self.policy.bundle();
        let escalates = |escalation: &bounden_policy::Escalation| matches!(escalation, bounden_policy::Escalation::Call { tool, .. } if *tool == name);
        bundle.tools.get(&name).is_some_and(|tool| tool.is_privileged())
            && !bundle.escalations.values().any(escalates)
    }
}

/// One run being judged.
struct Judging<'e, 'r> {
    evaluator: &'e Evaluator,
    engine: Engine,
    run: &'r Run<'r>,
    report: RunReport,
    /// Calls that an enforcement point would not have let through.
    refused: BTreeMap<usize, Decision>,
}

impl Judging<'_, '_> {
    fn submit(&mut self, index: usize, event: bounden_policy::Event) {
        let tool = match &event.body {
            EventBody::Call { tool, .. } => Some(tool.clone()),
            EventBody::Result { .. } => self.tool_of(index),
            _ => None,
        };
        self.meet(&event.body, tool.as_ref());
        let decision = self.rule(&event).decision;
        // What the agent says was said, unless an enforcement point sees it.
        let is_said =
            matches!(event.body, EventBody::Output { .. }) && !Point::any_sees(EventName::Output);
        let is_asked = self.run.is_guarded() && self.answered(index).is_none() && !is_said;
        if self.withheld(index) {
            self.undecided(tool.as_ref());
        } else if is_asked {
            let is_call = matches!(event.body, EventBody::Call { .. });
            if is_call && !decision.verdict.permits() {
                self.refused.insert(index, decision);
            } else {
                self.prevent(&decision);
            }
        } else if let Some(call) = self.answered(index).filter(|_| self.run.is_guarded()) {
            match self.refused.remove(&call) {
                // The call was carried out although it was refused.
                Some(refusal) => self.note(call, &refusal, tool.as_ref()),
                None => self.filter(index, &decision, tool.as_ref()),
            }
        } else {
            self.note(index, &decision, tool.as_ref());
        }
    }

    fn rule(&mut self, event: &bounden_policy::Event) -> Ruling {
        if self.run.is_guarded() { self.engine.decide(event) } else { self.engine.observe(event) }
    }

    /// Counts the rules that looked at an event.
    fn meet(&mut self, body: &EventBody, tool: Option<&ToolName>) {
        let Some(name) = event_name(body) else { return };
        for rule in self.evaluator.policy.rules_at(name, tool) {
            if let Some(invariant) = self.report.invariants.get_mut(rule) {
                invariant.met += 1;
            }
        }
    }

    /// What the rules said about an event that happened.
    fn note(&mut self, index: usize, decision: &Decision, tool: Option<&ToolName>) {
        for fired in &decision.rules {
            let finding = self.finding(index, tool, fired.because.clone());
            let action = self.action(&fired.id);
            let warns = action == Some(&Action::Warn);
            // A text in which nothing had to be masked is as it should be.
            let clean = matches!(action, Some(Action::Redact { .. })) && decision.args.is_none();
            let Some(invariant) = self.report.invariants.get_mut(&fired.id) else { continue };
            match fired.doubt {
                Some(_) => invariant.undecided += 1,
                None if fired.shadow => invariant.shadowed += 1,
                None if warns => invariant.warnings += 1,
                None if clean => {}
                None => invariant.violate(finding),
            }
        }
        // That a user asks for something is no fault of the agent.
        if matches!(decision.reason, Reason::OutOfScope | Reason::Ambiguous) {
            self.report.boundary.entry(decision.reason).or_default().met += 1;
        } else if let Some(detail) = &decision.detail {
            let finding = self.finding(index, tool, detail.clone());
            let boundary = self.report.boundary.entry(decision.reason).or_default();
            boundary.violate(finding);
        }
    }

    fn action(&self, rule: &RuleId) -> Option<&Action> {
        self.evaluator.policy.bundle().rules.get(rule).map(|rule| &rule.action)
    }

    /// An enforcement point kept from happening what was asked of it.
    fn prevent(&mut self, decision: &Decision) {
        let reason = decision.reason;
        if matches!(reason, Reason::OutOfScope | Reason::Ambiguous) {
            self.report.boundary.entry(reason).or_default().prevented += 1;
        }
        for fired in &decision.rules {
            let stops = self.stops(fired, decision);
            if let Some(invariant) = self.report.invariants.get_mut(&fired.id).filter(|_| stops) {
                invariant.prevented += 1;
            }
        }
    }

    /// An answer on its way through an enforcement point: what it took away the agent never saw,
    /// and what nobody can tell of a recorded answer stays open.
    fn filter(&mut self, index: usize, decision: &Decision, tool: Option<&ToolName>) {
        self.prevent(decision);
        let mut left = decision.clone();
        left.rules.retain(|fired| !self.stops(fired, decision));
        self.note(index, &left, tool);
    }

    /// Whether a rule certainly kept something from happening.
    fn stops(&self, fired: &FiredRule, decision: &Decision) -> bool {
        let acts = match self.action(&fired.id) {
            None | Some(Action::Warn) => false,
            // A text in which nothing had to be masked passes as it is.
            Some(Action::Redact { .. }) => decision.args.is_some(),
            Some(_) => true,
        };
        acts && fired.doubt.is_none() && !fired.shadow
    }

    fn finding(&self, index: usize, tool: Option<&ToolName>, because: String) -> Finding {
        let source = self.run.events.get(index).map(|event| &event.source);
        Finding {
            event: index,
            offset: source.map_or(self.run.source.offset, |source| source.offset),
            span: source.and_then(|source| source.span.as_deref()).map(str::to_owned),
            tool: tool.cloned(),
            because,
        }
    }

    /// Whether the event is a call whose arguments the recording withholds.
    fn withheld(&self, index: usize) -> bool {
        let kind = self.run.events.get(index).map(|event| &event.kind);
        matches!(kind, Some(EventKind::Call(call)) if call.arguments.is_none())
    }

    /// Every rule for calls of the tool is in doubt.
    fn undecided(&mut self, tool: Option<&ToolName>) {
        for rule in self.evaluator.policy.rules_at(EventName::Call, tool) {
            if let Some(invariant) = self.report.invariants.get_mut(rule) {
                invariant.undecided += 1;
            }
        }
    }

    /// The call that a result answers.
    fn answered(&self, index: usize) -> Option<usize> {
        match self.run.events.get(index).map(|event| &event.kind) {
            Some(EventKind::Result(ToolResult { call, .. })) => *call,
            _ => None,
        }
    }

    fn tool_of(&self, index: usize) -> Option<ToolName> {
        match &self.run.events.get(self.answered(index)?)?.kind {
            EventKind::Call(call) => Some(self.evaluator.names.resolve(&call.tool)),
            _ => None,
        }
    }

    /// Counts the use of tools, for coverage.
    fn count(&mut self, index: usize) {
        if let Some(EventKind::Call(call)) = self.run.events.get(index).map(|event| &event.kind)
            && call.actor == Actor::Agent
        {
            let tool = self.evaluator.names.resolve(&call.tool);
            *self.report.tools.entry(tool).or_insert(0) += 1;
        }
        let failed = self.answered(index).is_some() && self.failed(index);
        self.report.tool_failures += usize::from(failed);
    }

    fn failed(&self, index: usize) -> bool {
        let kind = self.run.events.get(index).map(|event| &event.kind);
        matches!(kind, Some(EventKind::Result(ToolResult { ok: Some(false), .. })))
    }

    fn conclude(mut self, criteria: Vec<CriterionOutcome>) -> RunReport {
        for refusal in std::mem::take(&mut self.refused).values() {
            self.prevent(refusal);
        }
        for outcome in criteria {
            let report = CriterionReport { verdict: outcome.verdict, because: outcome.because };
            self.report.criteria.insert(outcome.id, report);
        }
        self.report.expected = self.expected();
        self.report.settle();
        self.report
    }

    /// What the recording itself expects, compared with what was done.
    fn expected(&self) -> Option<ExpectedReport> {
        let expected = self.run.expected.as_ref()?;
        let is_effect = |tool: &str| self.evaluator.is_effect(tool);
        let wanted = expected_effects(expected, is_effect);
        let silent: Vec<String> = expected
            .outputs
            .iter()
            .zip(told(self.run, &expected.outputs))
            .filter(|(_, told)| !told)
            .map(|(words, _)| words.to_string())
            .collect();
        let Some(done) = effects(self.run, is_effect) else {
            return Some(ExpectedReport::undecidable());
        };
        let difference = compare(&wanted, &done, Match::Set);
        let tool = |effect: &crate::effects::Effect| effect.tool.clone();
        let missing = difference.missing.iter().filter_map(|index| wanted.get(*index)).map(tool);
        let extra = difference.unexpected.iter().filter_map(|index| done.get(*index)).map(tool);
        let same = difference.is_empty() && silent.is_empty();
        Some(ExpectedReport {
            verdict: if same { CriterionVerdict::Pass } else { CriterionVerdict::Fail },
            missing: missing.collect(),
            unexpected: extra.collect(),
            unsaid: silent,
        })
    }
}

fn event_name(body: &EventBody) -> Option<EventName> {
    Some(match body {
        EventBody::Start { .. } => EventName::Start,
        EventBody::End => EventName::End,
        EventBody::Request { .. } => EventName::Request,
        EventBody::Output { .. } => EventName::Output,
        EventBody::Log { .. } => EventName::Log,
        EventBody::Call { .. } => EventName::Call,
        EventBody::Result { .. } => EventName::Result,
        EventBody::Approve { .. } | EventBody::Window { .. } => return None,
    })
}

impl InvariantReport {
    fn violate(&mut self, finding: Finding) {
        self.violations += 1;
        self.events.push(finding);
    }
}

#[cfg(test)]
mod tests;
