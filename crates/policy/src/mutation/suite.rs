//! What tests assert of a policy, and the mutants that they tell from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bounden_base::Json;

use super::Mutant;
use crate::bundle::{EventName, Mechanism};
use crate::decision::{Reason, Verdict};
use crate::engine::{CriterionVerdict, Engine, Ruling};
use crate::event::{Event, EventBody};
use crate::policy::{CompiledRule, Policy};
use crate::problem::Place;
use crate::{CriterionId, EventId, RuleId, SessionId, ToolName};

/// Events that were recorded, in order. What the policy decides about them is
/// what the test asserts.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// How reports name it.
    pub name: String,
    /// The events.
    pub events: Vec<Event>,
    /// Each event is a request that may be refused, as at an enforcement
    /// point; otherwise they have happened, whatever a rule says.
    pub is_guarded: bool,
}

/// Tests with the answers of the policy that they are tests of.
#[derive(Debug)]
pub struct Suite {
    original: Arc<Policy>,
    tests: Vec<Asserted>,
}

/// The test that tells a mutant from the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kill {
    /// The test's name.
    pub test: String,
    /// The first event that is answered differently, with its session.
    pub event: (SessionId, EventId),
    /// How the original answers.
    pub original: Verdict,
    /// How the mutant answers.
    pub mutant: Verdict,
}

#[derive(Debug)]
struct Asserted {
    test: Test,
    answers: Vec<Answer>,
    /// The kinds of events, with the tools of calls and results.
    touches: BTreeSet<(EventName, Option<ToolName>)>,
}

/// What a test asserts of one answer: everything but words, since a reason
/// quotes the rule, and the rule is what was mutated.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    reason: Reason,
    rules: Vec<(RuleId, Option<Reason>, bool, bool)>,
    args: Option<Json>,
    criteria: Vec<(CriterionId, CriterionVerdict)>,
}

impl Suite {
    /// Asks the policy what the tests assert.
    #[must_use]
    pub fn new(original: Arc<Policy>, tests: Vec<Test>) -> Self {
        let asserted = |test: Test| {
            let mut engine = Engine::new(Arc::clone(&original));
            let rulings = test.events.iter().map(|event| test.rule(&mut engine, event));
            let answers = rulings.map(|ruling| Answer::of(&ruling)).collect();
            Asserted { answers, touches: touches(&test.events), test }
        };
        let tests = tests.into_iter().map(asserted).collect();
        Self { original, tests }
    }

    /// The first test that tells this mutant, compiled, from the original.
    #[must_use]
    pub fn killer(&self, mutant: &Mutant, policy: &Arc<Policy>) -> Option<Kill> {
        let concerned = self.tests.iter().filter(|test| self.concerns(test, mutant, policy));
        concerned.into_iter().find_map(|asserted| asserted.kills(policy))
    }

    /// Whether a mistake in this place can matter to a test: the rule looks at
    /// one of its events, before the mistake or after it.
    fn concerns(&self, asserted: &Asserted, mutant: &Mutant, policy: &Policy) -> bool {
        let calls =
            |tool: &ToolName| asserted.touches.contains(&(EventName::Call, Some(tool.clone())));
        match (&mutant.place, mutant.rule()) {
            (_, Some(id)) => [&*self.original, policy]
                .into_iter()
                .filter_map(|policy| policy.rules.iter().find(|rule| rule.id == *id))
                .any(|rule| asserted.touches.iter().any(|touched| looks_at(rule, touched))),
            (Place::Tool(tool), None) => calls(tool),
            (Place::Fact(name), None) => {
                self.original.bundle().facts.get(name).is_none_or(|fact| calls(&fact.result_of))
            }
            _ => true,
        }
    }
}

fn looks_at(rule: &CompiledRule, (event, tool): &(EventName, Option<ToolName>)) -> bool {
    let excludes = rule.mechanism == Mechanism::ToolAllowlist;
    rule.looks_at(*event, tool.as_ref())
        || tool.as_ref().is_some_and(|tool| excludes && rule.names(tool))
}

fn touches(events: &[Event]) -> BTreeSet<(EventName, Option<ToolName>)> {
    let calls = events.iter().filter_map(|event| match &event.body {
        EventBody::Call { tool, .. } => Some(((&event.session, &event.id), tool)),
        _ => None,
    });
    let calls: BTreeMap<(&SessionId, &EventId), &ToolName> = calls.collect();
    let called = |session, call| calls.get(&(session, call)).map(|tool| (*tool).clone());
    let touched = events.iter().filter_map(|event| {
        Some(match &event.body {
            EventBody::Start { .. } => (EventName::Start, None),
            EventBody::End => (EventName::End, None),
            EventBody::Request { .. } => (EventName::Request, None),
            EventBody::Output { .. } => (EventName::Output, None),
            EventBody::Log { .. } => (EventName::Log, None),
            EventBody::Call { tool, .. } => (EventName::Call, Some(tool.clone())),
            EventBody::Result { call, .. } => {
                (EventName::Result, Some(called(&event.session, call)?))
            }
            EventBody::Approve { .. } | EventBody::Window { .. } => return None,
        })
    });
    touched.collect()
}

impl Test {
    fn rule(&self, engine: &mut Engine, event: &Event) -> Ruling {
        if self.is_guarded { engine.decide(event) } else { engine.observe(event) }
    }
}

impl Asserted {
    fn kills(&self, policy: &Arc<Policy>) -> Option<Kill> {
        let mut engine = Engine::new(Arc::clone(policy));
        self.test.events.iter().zip(&self.answers).find_map(|(event, own)| {
            let answer = Answer::of(&self.test.rule(&mut engine, event));
            (answer != *own).then(|| Kill {
                test: self.test.name.clone(),
                event: (event.session.clone(), event.id.clone()),
                original: own.verdict,
                mutant: answer.verdict,
            })
        })
    }
}

impl Answer {
    pub(super) fn of(ruling: &Ruling) -> Self {
        let decision = &ruling.decision;
        let rules = decision.rules.iter();
        let criteria = ruling.criteria.iter();
        Self {
            verdict: decision.verdict,
            reason: decision.reason,
            rules: rules
                .map(|fired| (fired.id.clone(), fired.doubt, fired.shadow, fired.granted))
                .collect(),
            args: decision.args.clone(),
            criteria: criteria.map(|outcome| (outcome.id.clone(), outcome.verdict)).collect(),
        }
    }
}
