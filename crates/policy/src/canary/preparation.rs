//! What other invariants want before a call: a look, a proof, arguments that
//! they let through. A violation of a bound takes calls that are permitted.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::Json;

use super::clues::Clues;
use super::offers::{about_the_same, offered};
use super::places::{keys, with_other};
use super::{answering, call, first_event};
use crate::bundle::EventName;
use crate::decision::Decision;
use crate::engine::Engine;
use crate::event::{Event, EventBody};
use crate::policy::{CompiledRule, Policy};
use crate::{EventId, RuleId, ToolName};

/// Most steps that one call is prepared by.
const MOST_STEPS: usize = 6;
/// Most sequences that are tried for one step.
const MOST_BEFORE: usize = 24;

/// Looks for what comes before the calls that lead to a violation of one rule.
pub(super) struct Preparation<'p> {
    policy: &'p Arc<Policy>,
    rule: &'p CompiledRule,
}

/// An engine, and what happened in it.
struct Scene {
    engine: Engine,
    bodies: Vec<EventBody>,
    /// The latest call, if it was permitted.
    permitted: Option<EventId>,
    /// Calls that were let through only with other arguments, and these.
    replaced: Vec<(EventBody, Json)>,
}

impl<'p> Preparation<'p> {
    pub(super) fn new(policy: &'p Arc<Policy>, rule: &'p CompiledRule) -> Self {
        Self { policy, rule }
    }

    /// What may have to come before: what the clues say, then the same about
    /// something else, then each time about something else again.
    pub(super) fn prefixes(
        &self,
        clues: &Clues,
        tools: &[ToolName],
        most: usize,
    ) -> Vec<Vec<EventBody>> {
        let plain = clues.prefixes(self.policy, tools, most);
        let about_another = plain.iter().flat_map(|bodies| about_others(bodies, |_| 1));
        let about_many = plain.iter().flat_map(|bodies| about_others(bodies, |before| before + 1));
        let others: Vec<_> = about_another.chain(about_many).collect();
        plain.into_iter().chain(others).collect()
    }

    /// The plainest arguments of a tool.
    pub(super) fn simplest(&self, tool: &ToolName) -> Json {
        Clues::default().arguments(self.policy, tool).next().unwrap_or_default()
    }

    /// The bodies, each call after what it needs; the last one stays as it is,
    /// whether it is permitted or not.
    pub(super) fn of(&self, bodies: Vec<EventBody>) -> Vec<EventBody> {
        let mut scene = Scene {
            engine: Engine::new(Arc::clone(self.policy)),
            bodies: Vec::new(),
            permitted: None,
            replaced: Vec::new(),
        };
        let last = bodies.len().saturating_sub(1);
        for (index, body) in bodies.into_iter().enumerate() {
            let before = scene.replaced.iter().find(|(known, _)| *known == body);
            let body = match (&body, before) {
                (EventBody::Call { tool, .. }, Some((_, args))) => call(tool.clone(), args.clone()),
                _ => body,
            };
            let body = self.prepare(&mut scene, body, index == last);
            scene.play(body);
        }
        scene.bodies
    }

    /// Plays what a call needs; the call as it is permitted, if that was found.
    fn prepare(&self, scene: &mut Scene, body: EventBody, is_last: bool) -> EventBody {
        let EventBody::Call { tool, args, .. } = &body else { return body };
        let args = args.value_or_null();
        self.lead(scene, tool, args);
        if is_last || scene.permits(tool, args) {
            return body;
        }
        let clues: Vec<Clues> = self.rules(tool).map(|rule| self.clues(rule)).collect();
        for other in offered(self.policy, &clues, tool) {
            let mut trial = scene.fork();
            self.lead(&mut trial, tool, &other);
            if trial.permits(tool, &other) {
                let instead = call(tool.clone(), other.clone());
                trial.replaced.push((body, other));
                *scene = trial;
                return instead;
            }
        }
        body
    }

    /// Plays, step by step, what makes fewer rules object to the call.
    fn lead(&self, scene: &mut Scene, tool: &ToolName, args: &Json) {
        for _ in 0..MOST_STEPS {
            let objecting = self.objecting(&scene.decide(tool, args));
            let steps = self.rules(tool).filter(|rule| objecting.contains(&rule.id));
            let steps = steps.flat_map(|rule| self.steps(rule, tool, args));
            let better = steps.into_iter().find_map(|step| {
                let mut trial = scene.fork();
                let permitted = step.into_iter().all(|body| trial.play(body));
                let left = self.objecting(&trial.decide(tool, args));
                (permitted && left.len() < objecting.len()).then_some(trial)
            });
            let Some(better) = better else { return };
            *scene = better;
        }
    }

    /// The rules that object, but for the one that is meant to.
    fn objecting(&self, decision: &Decision) -> BTreeSet<RuleId> {
        let rules = decision.rules.iter().filter(|fired| !fired.shadow && !fired.granted);
        let others = rules.filter(|fired| fired.id != self.rule.id || fired.doubt.is_some());
        others.map(|fired| fired.id.clone()).collect()
    }

    /// Sequences that a rule may want before a call about the same thing.
    fn steps(&self, rule: &CompiledRule, tool: &ToolName, args: &Json) -> Vec<Vec<EventBody>> {
        let clues = self.clues(rule);
        let terms = clues.terms.iter().filter_map(|term| self.policy.terms.get(*term));
        let facts = &self.policy.bundle().facts;
        let facts = clues.facts.iter().filter_map(|name| facts.get(name)?.key.as_ref());
        let keys = keys(terms, facts);
        let prefixes = clues.prefixes(self.policy, std::slice::from_ref(tool), 1);
        let about = |bodies: Vec<EventBody>| {
            bodies.into_iter().map(|body| about_the_same(body, &keys, args)).collect()
        };
        prefixes.into_iter().take(MOST_BEFORE).map(about).collect()
    }

    fn clues(&self, rule: &CompiledRule) -> Clues {
        Clues::thorough(self.policy, rule)
    }

    fn rules(&self, tool: &ToolName) -> impl Iterator<Item = &'p CompiledRule> + use<'p> {
        let policy: &'p Policy = self.policy;
        let rules = policy.rules_for(EventName::Call, Some(tool)).iter();
        rules.filter_map(|index| policy.rules.get(*index))
    }
}

impl Scene {
    fn fork(&self) -> Self {
        Self {
            engine: self.engine.fork(),
            bodies: self.bodies.clone(),
            permitted: self.permitted.clone(),
            replaced: self.replaced.clone(),
        }
    }

    /// Lets a body happen; whether it is permitted.
    fn play(&mut self, body: EventBody) -> bool {
        let Some(body) = answering(body, self.permitted.as_ref()) else { return false };
        let event = self.event(body);
        let permits = self.engine.decide(&event).decision.verdict.permits();
        if matches!(event.body, EventBody::Call { .. }) {
            self.permitted = permits.then(|| event.id.clone());
        }
        self.bodies.push(event.body);
        permits
    }

    /// What would be decided about a call now.
    fn decide(&self, tool: &ToolName, args: &Json) -> Decision {
        let event = self.event(call(tool.clone(), args.clone()));
        self.engine.fork().decide(&event).decision
    }

    fn permits(&self, tool: &ToolName, args: &Json) -> bool {
        self.decide(tool, args).verdict.permits()
    }

    fn event(&self, body: EventBody) -> Event {
        Event { id: format!("canary-{}", self.bodies.len()).into(), ..first_event(body) }
    }
}

/// The calls about something else: for each member of the arguments the
/// bodies with that member changed as often as `times` says of the calls before.
fn about_others(
    bodies: &[EventBody],
    times: fn(usize) -> usize,
) -> impl Iterator<Item = Vec<EventBody>> + use<'_> {
    let first = bodies.iter().find_map(|body| match body {
        EventBody::Call { args, .. } => Some(args.value_or_null()),
        _ => None,
    });
    let members = first.and_then(Json::as_object).into_iter().flat_map(|all| all.keys().cloned());
    members.map(move |member| {
        let mut before = 0;
        let changed = bodies.iter().cloned().map(|mut body| {
            if let EventBody::Call { args, .. } = &mut body {
                let mut value = args.value_or_null().clone();
                for _ in 0..times(before) {
                    value = with_other(&value, std::slice::from_ref(&member));
                }
                *args = value.into();
                before += 1;
            }
            body
        });
        changed.collect()
    })
}
