//! Event sequences that each invariant has to stop, found by search and
//! checked on the engine, for proving that a guard is alive.

pub(crate) mod arguments;
pub(crate) mod clues;
mod commands;
mod matching;
pub(crate) mod offers;
pub(crate) mod places;
mod preparation;
mod scope;

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::{Json, Timestamp};

use crate::bundle::{EventName, Mechanism};
use crate::decision::{Decision, Verdict};
use crate::engine::Engine;
use crate::event::{Event, EventBody};
use crate::policy::{CompiledAction, CompiledRule, Policy};
use crate::{EventId, RuleId, SessionId, ToolName};

use clues::Clues;
use preparation::Preparation;

pub use scope::ScopeCanary;

/// A sequence of events whose last one an invariant has to stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Canary {
    /// The invariant.
    pub rule: RuleId,
    /// In one synthetic session; the last event is the violation.
    pub events: Vec<Event>,
}

/// Most sequences that are tried for one invariant.
const MOST_TRIALS: usize = 20_000;
/// Most earlier calls in a sequence.
const MOST_EARLIER: usize = 64;
/// Most sequences, and most arguments of the last call, that are tried with preparations.
const MOST_PREPARED: usize = 600;
const MOST_PRESENT: usize = 128;
/// The text that stands for any text.
pub(crate) const ANY_TEXT: &str = "canary";

impl Policy {
    /// A shortest violation of an invariant that the search finds; `None` where
    /// it finds none, which says nothing about the invariant.
    #[must_use]
    pub fn canary(self: &Arc<Self>, rule: &RuleId) -> Option<Canary> {
        let rule = self.rules.iter().find(|known| known.id == *rule)?;
        let mut trials = Trials { policy: self, rule, left: MOST_TRIALS };
        if rule.mechanism == Mechanism::ToolAllowlist {
            return trials.excluded_tool();
        }
        match rule.event {
            EventName::Call => trials.call().or_else(|| trials.prepared_call()),
            EventName::Result => trials.result().or_else(|| trials.prepared_result()),
            EventName::Request | EventName::Output | EventName::Log => trials.text(),
            EventName::Start | EventName::End => trials.bare(),
        }
    }
}

impl Canary {
    /// Whether this decision about the last event shows that the invariant
    /// stopped it: it fired for certain, and the event does not happen as it was.
    #[must_use]
    pub fn is_stopped_by(&self, decision: &Decision) -> bool {
        let fired = decision.rules.iter().any(|fired| {
            fired.id == self.rule && !fired.shadow && !fired.granted && fired.doubt.is_none()
        });
        fired && !matches!(decision.verdict, Verdict::Allow | Verdict::Warn | Verdict::Defer)
    }
}

struct Trials<'p> {
    policy: &'p Arc<Policy>,
    rule: &'p CompiledRule,
    left: usize,
}

impl Trials<'_> {
    /// Tries one sequence on an engine of its own. An answer is the latest
    /// call's; where that was not permitted, there is none.
    fn attempt(&mut self, bodies: Vec<EventBody>) -> Option<Canary> {
        self.left = self.left.checked_sub(1)?;
        let mut engine = Engine::new(Arc::clone(self.policy));
        let mut events: Vec<Event> = Vec::new();
        let (mut permitted, mut last) = (None, None);
        for body in bodies {
            let Some(body) = answering(body, permitted.as_ref()) else { continue };
            let id = EventId::from(format!("canary-{}", events.len()));
            let event = Event { id: id.clone(), ..first_event(body) };
            let decision = engine.decide(&event).decision;
            if matches!(event.body, EventBody::Call { .. }) {
                permitted = decision.verdict.permits().then_some(id);
            }
            events.push(event);
            last = Some(decision);
        }
        let canary = Canary { rule: self.rule.id.clone(), events };
        canary.is_stopped_by(&last?).then_some(canary)
    }

    fn excluded_tool(&mut self) -> Option<Canary> {
        let patterns = self.rule.patterns.clone();
        patterns.iter().find_map(|pattern| {
            let tool = ToolName::from(pattern.replace('*', ANY_TEXT));
            self.attempt(vec![call(tool, Json::object::<String>([]))])
        })
    }

    /// The fewest earlier calls, then the simplest arguments.
    fn call(&mut self) -> Option<Canary> {
        let clues = Clues::of(self.policy, self.rule);
        let tools: Vec<ToolName> = self.rule.tools.iter().cloned().collect();
        for earlier in clues.prefixes(self.policy, &tools, MOST_EARLIER) {
            for tool in &tools {
                for args in clues.arguments(self.policy, tool) {
                    let mut bodies = earlier.clone();
                    bodies.push(call(tool.clone(), args));
                    if let Some(canary) = self.attempt(bodies) {
                        return Some(canary);
                    }
                    if self.left == 0 {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// The same, after whatever other invariants want before each call.
    fn prepared_call(&mut self) -> Option<Canary> {
        let clues = Clues::thorough(self.policy, self.rule);
        let preparation = Preparation::new(self.policy, self.rule);
        let tools: Vec<ToolName> = self.rule.tools.iter().cloned().collect();
        let mut left = MOST_PREPARED;
        for earlier in preparation.prefixes(&clues, &tools, MOST_EARLIER) {
            for tool in &tools {
                for args in clues.arguments(self.policy, tool).take(MOST_PRESENT) {
                    let mut bodies = earlier.clone();
                    bodies.push(call(tool.clone(), args));
                    if let Some(canary) = self.attempt(preparation.of(bodies)) {
                        return Some(canary);
                    }
                    left = left.checked_sub(1)?;
                }
            }
        }
        None
    }

    /// An answer of a call that other invariants let through.
    fn prepared_result(&mut self) -> Option<Canary> {
        let clues = Clues::thorough(self.policy, self.rule);
        let preparation = Preparation::new(self.policy, self.rule);
        for tool in &self.rule.tools {
            for result in self.contents(&clues).into_iter().take(MOST_PRESENT) {
                let asked = call(tool.clone(), preparation.simplest(tool));
                let bodies = preparation.of(vec![asked, answer(result)]);
                if let Some(canary) = self.attempt(bodies) {
                    return Some(canary);
                }
            }
        }
        None
    }

    fn result(&mut self) -> Option<Canary> {
        let clues = Clues::of(self.policy, self.rule);
        let tools: Vec<ToolName> = self.rule.tools.iter().cloned().collect();
        for tool in &tools {
            for args in clues.arguments(self.policy, tool) {
                for result in self.contents(&clues) {
                    let asked = call(tool.clone(), args.clone());
                    if let Some(canary) = self.attempt(vec![asked, answer(result)]) {
                        return Some(canary);
                    }
                }
            }
        }
        None
    }

    fn text(&mut self) -> Option<Canary> {
        let clues = Clues::of(self.policy, self.rule);
        self.contents(&clues).into_iter().find_map(|content| {
            let text = || content.as_str().unwrap_or(ANY_TEXT).to_owned();
            let body = match self.rule.event {
                EventName::Request => EventBody::Request { text: text() },
                EventName::Output => EventBody::Output { text: text() },
                _ => EventBody::Log { record: content },
            };
            self.attempt(vec![body])
        })
    }

    fn bare(&mut self) -> Option<Canary> {
        let body = match self.rule.event {
            EventName::Start => EventBody::Start { tags: BTreeMap::new() },
            _ => EventBody::End,
        };
        self.attempt(vec![body])
    }

    /// What a result, a text or a record may hold: what the filter looks for,
    /// and what the predicate compares with.
    fn contents(&self, clues: &Clues) -> Vec<Json> {
        let specimens = match &self.rule.action {
            CompiledAction::Redact(kinds) => {
                // Each on a line of its own, so that none says what its neighbour is.
                let texts: Vec<String> = kinds.iter().map(|kind| kind.specimen()).collect();
                vec![Json::from(texts.join("\n"))]
            }
            _ => Vec::new(),
        };
        specimens
            .into_iter()
            .chain(self.requests(clues))
            .chain(clues.values("result"))
            .chain([Json::from(ANY_TEXT)])
            .collect()
    }
}

/// The first event of a synthetic session.
fn first_event(body: EventBody) -> Event {
    Event {
        id: "canary-0".into(),
        session: SessionId::from("canary"),
        principal: Some("canary".into()),
        at: Some(Timestamp::UNIX_EPOCH),
        body,
    }
}

fn call(tool: ToolName, args: Json) -> EventBody {
    EventBody::Call { tool, args: args.into(), retry_of: None, cost: None }
}

/// A success of the call before it.
fn answer(result: Json) -> EventBody {
    EventBody::Result { call: "canary-0".into(), ok: true, result, labels: Vec::new() }
}

/// The body as an answer to this call, if it is an answer; none without a call.
fn answering(body: EventBody, latest: Option<&EventId>) -> Option<EventBody> {
    match body {
        EventBody::Result { ok, result, labels, .. } => {
            Some(EventBody::Result { call: latest?.clone(), ok, result, labels })
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests;
