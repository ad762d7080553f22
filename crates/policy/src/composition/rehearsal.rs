//! Plays a combination on the engine, with whatever has to come before each call.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use bounden_base::{Json, Timestamp};

use super::{Part, Standing, Witnessed};
use crate::bundle::EventName;
use crate::canary::ANY_TEXT;
use crate::canary::clues::Clues;
use crate::canary::offers::{about_the_same, offered};
use crate::canary::places::keys;
use crate::decision::{Decision, Reason};
use crate::engine::Engine;
use crate::event::{Event, EventBody};
use crate::policy::Policy;
use crate::{EventId, RuleId, ToolName};

/// One agent, or two of which one calls the other.
pub(super) struct Rehearsal<'p> {
    stages: Vec<Stage>,
    /// The tool by which the first agent calls the second.
    by: Option<&'p ToolName>,
    witness: Vec<Witnessed>,
}

/// An agent's engine, after all that has happened.
struct Stage {
    policy: Arc<Policy>,
    engine: Engine,
}

/// What may come before a call.
#[derive(Default)]
struct Before {
    bodies: Vec<EventBody>,
    /// The arguments that it has in common with the call.
    keys: Rc<[Vec<String>]>,
}

/// Why it does not go on.
struct Stop {
    reason: Reason,
    by: Vec<RuleId>,
}

/// Most answers that are tried for one call, and most sequences before it.
const MOST_ANSWERS: usize = 16;
const MOST_BEFORE: usize = 12;
/// The session of both agents.
const SESSION: &str = "combination";

impl<'p> Rehearsal<'p> {
    pub(super) fn alone(policy: &Arc<Policy>) -> Self {
        Self { stages: vec![Stage::new(policy)], by: None, witness: Vec::new() }
    }

    pub(super) fn together(caller: &Arc<Policy>, callee: &Arc<Policy>, by: &'p ToolName) -> Self {
        let stages = vec![Stage::new(caller), Stage::new(callee)];
        Self { stages, by: Some(by), witness: Vec::new() }
    }

    /// Lets each tool be called in its turn; the last call is what must not happen.
    pub(super) fn play(mut self, parts: &[Part]) -> Standing {
        let Some((last, before)) = parts.split_last() else { return Standing::Open(Vec::new()) };
        let first_agent = self.agent(0);
        let (of_caller, of_callee): (Vec<&Part>, Vec<&Part>) =
            before.iter().partition(|part| part.agent == first_agent);
        let ends_first = last.agent == first_agent;
        for part in of_caller {
            if let Err(stop) = self.read(0, &part.tool) {
                return stop.at(&part.tool);
            }
        }
        if let Some(by) = self.by {
            let told = self.call(0, by).and_then(|call| {
                let asked = EventBody::Request { text: ANY_TEXT.to_owned() };
                self.say(1, "asked", asked)?;
                Ok(call)
            });
            let call = match told {
                Ok(call) => call,
                Err(stop) => return stop.at(by),
            };
            for part in of_callee {
                if let Err(stop) = self.read(1, &part.tool) {
                    return stop.at(&part.tool);
                }
            }
            if ends_first {
                let answered = EventBody::Output { text: ANY_TEXT.to_owned() };
                let said = self.say(1, "answered", answered);
                if let Err(stop) = said.and_then(|()| self.answer(0, by, &call)) {
                    return stop.at(by);
                }
            }
        }
        match self.call(usize::from(!ends_first), &last.tool) {
            Ok(_) => Standing::Open(self.witness),
            Err(stop) => stop.at(&last.tool),
        }
    }

    fn agent(&self, stage: usize) -> String {
        self.stages.get(stage).map(|stage| stage.policy.bundle().agent.clone()).unwrap_or_default()
    }

    /// Calls a tool and lets the agent see what it answers.
    fn read(&mut self, stage: usize, tool: &ToolName) -> Result<(), Stop> {
        let call = self.call(stage, tool)?;
        self.answer(stage, tool, &call)
    }

    fn call(&mut self, stage: usize, tool: &ToolName) -> Result<EventId, Stop> {
        let taken = self.stages.get_mut(stage).ok_or_else(Stop::unknown)?.call(tool)?;
        let agent = self.agent(stage);
        let id = taken.last().map(|event| event.id.clone()).ok_or_else(Stop::unknown)?;
        let witnessed = taken.into_iter().map(|event| Witnessed { agent: agent.clone(), event });
        self.witness.extend(witnessed);
        Ok(id)
    }

    fn answer(&mut self, stage: usize, tool: &ToolName, call: &EventId) -> Result<(), Stop> {
        let agent = self.agent(stage);
        let stage = self.stages.get_mut(stage).ok_or_else(Stop::unknown)?;
        let event = stage.answer(tool, call)?;
        self.witness.push(Witnessed { agent, event });
        Ok(())
    }

    fn say(&mut self, stage: usize, id: &str, body: EventBody) -> Result<(), Stop> {
        let agent = self.agent(stage);
        let stage = self.stages.get_mut(stage).ok_or_else(Stop::unknown)?;
        let event = event(id.into(), body);
        stage.engine.permits(&event)?;
        self.witness.push(Witnessed { agent, event });
        Ok(())
    }
}

impl Stage {
    fn new(policy: &Arc<Policy>) -> Self {
        let mut engine = Engine::new(Arc::clone(policy));
        let start = EventBody::Start { tags: BTreeMap::new() };
        engine.decide(&event("start".into(), start));
        Self { policy: Arc::clone(policy), engine }
    }

    /// The events that lead to a permitted call of the tool, the call last.
    fn call(&mut self, tool: &ToolName) -> Result<Vec<Event>, Stop> {
        let mut first = None;
        let clues = self.clues(EventName::Call, tool);
        let before = self.before(tool, &clues);
        for args in offered(&self.policy, &clues, tool) {
            for before in before.iter().map(|before| before.about(&args)) {
                let mut engine = self.engine.fork();
                let called = EventBody::Call {
                    tool: tool.clone(),
                    args: args.clone().into(),
                    retry_of: None,
                    cost: None,
                };
                let events = self.numbered(tool, before.into_iter().chain([called]).collect());
                match events.iter().try_for_each(|event| engine.permits(event)) {
                    Ok(()) => {
                        self.engine = engine;
                        return Ok(events);
                    }
                    Err(stop) => drop(first.get_or_insert(stop)),
                }
            }
        }
        Err(first.unwrap_or_else(Stop::unknown))
    }

    /// The answer of a permitted call that passes the rules about results.
    fn answer(&mut self, tool: &ToolName, call: &EventId) -> Result<Event, Stop> {
        let mut first = None;
        for result in self.contents(tool) {
            let mut engine = self.engine.fork();
            let answered =
                EventBody::Result { call: call.clone(), ok: true, result, labels: Vec::new() };
            let event = event(format!("{call}-result").into(), answered);
            match engine.permits(&event) {
                Ok(()) => {
                    self.engine = engine;
                    return Ok(event);
                }
                Err(stop) => drop(first.get_or_insert(stop)),
            }
        }
        Err(first.unwrap_or_else(Stop::unknown))
    }

    fn contents(&self, tool: &ToolName) -> Vec<Json> {
        let own = self.clues(EventName::Result, tool).into_iter();
        let compared = own.flat_map(|clues| clues.values("result"));
        [Json::from(ANY_TEXT)].into_iter().chain(compared.take(MOST_ANSWERS)).collect()
    }

    /// What may have to happen before a call, nothing first.
    fn before(&self, tool: &ToolName, clues: &[Clues]) -> Vec<Before> {
        let mut all = vec![Before::default()];
        for clues in clues {
            let terms = clues.terms.iter().filter_map(|term| self.policy.terms.get(*term));
            let facts = &self.policy.bundle().facts;
            let facts = clues.facts.iter().filter_map(|name| facts.get(name)?.key.as_ref());
            let keys: Rc<[_]> = keys(terms, facts).into();
            let prefixes = clues.prefixes(&self.policy, std::slice::from_ref(tool), 1);
            let prefixes = prefixes.into_iter().take(MOST_BEFORE);
            all.extend(prefixes.map(|bodies| Before { bodies, keys: Rc::clone(&keys) }));
        }
        all
    }

    fn clues(&self, event: EventName, tool: &ToolName) -> Vec<Clues> {
        let rules = self.policy.rules_for(event, Some(tool)).iter();
        let rules = rules.filter_map(|index| self.policy.rules.get(*index));
        rules.map(|rule| Clues::of(&self.policy, rule)).collect()
    }

    /// The bodies as events: results answer the call before them.
    fn numbered(&self, tool: &ToolName, bodies: Vec<EventBody>) -> Vec<Event> {
        let mut latest = EventId::from("");
        let last = bodies.len().saturating_sub(1);
        let bodies = bodies.into_iter().enumerate();
        bodies
            .map(|(index, mut body)| {
                let id = if index == last { tool.to_string() } else { format!("{tool}-{index}") };
                let id = EventId::from(id);
                match &mut body {
                    EventBody::Call { .. } => latest.clone_from(&id),
                    EventBody::Result { call, .. } => call.clone_from(&latest),
                    _ => {}
                }
                event(id, body)
            })
            .collect()
    }
}

impl Before {
    /// The same about what the present call is about.
    fn about(&self, args: &Json) -> Vec<EventBody> {
        self.bodies.iter().map(|body| about_the_same(body.clone(), &self.keys, args)).collect()
    }
}

impl Engine {
    /// Decides an event that has to be permitted.
    fn permits(&mut self, event: &Event) -> Result<(), Stop> {
        let decision = self.decide(event).decision;
        if decision.verdict.permits() { Ok(()) } else { Err(Stop::of(decision)) }
    }
}

impl Stop {
    fn of(decision: Decision) -> Self {
        let acting = decision.rules.into_iter().filter(|rule| !rule.shadow && !rule.granted);
        Self { reason: decision.reason, by: acting.map(|rule| rule.id).collect() }
    }

    /// A call that cannot even be made up.
    fn unknown() -> Self {
        Self { reason: Reason::Malformed, by: Vec::new() }
    }

    fn at(self, tool: &ToolName) -> Standing {
        Standing::Stopped { at: tool.clone(), reason: self.reason, by: self.by }
    }
}

fn event(id: EventId, body: EventBody) -> Event {
    Event {
        id,
        session: SESSION.into(),
        principal: Some("somebody".into()),
        at: Some(Timestamp::UNIX_EPOCH),
        body,
    }
}
