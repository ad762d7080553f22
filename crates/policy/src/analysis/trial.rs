//! Calls that are made from a model and decided by the engine under both policies.

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::Json;

use super::budget::Budget;
use super::identity::Sides;
use super::kinds::Kinds;
use super::model::Model;
use super::number::decimal;
use super::rules::implies;
use super::schema;
use super::space::{Origin, Place, Space, Thing, Variable};
use super::witness::Setting;
use crate::bundle::Approval;
use crate::canary::arguments::sample;
use crate::core::Step;
use crate::decision::{Decision, Verdict};
use crate::engine::Engine;
use crate::event::{Event, EventBody};
use crate::policy::CompiledAction;
use crate::{Policy, PrincipalId, SessionId, ToolName};

/// Two policies that decide the same events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trial<'p> {
    pub(super) before: &'p Arc<Policy>,
    pub(super) after: &'p Arc<Policy>,
    /// What is left for the search that wants to know.
    pub(super) budget: &'p Budget,
}

/// What both decided about the last of some events.
#[derive(Clone, Debug)]
pub(super) struct Verdicts {
    pub(super) before: Decision,
    pub(super) after: Decision,
}

/// Most items of a list that is made up: more than a predicate looks at.
const MOST_ITEMS: usize = 20_000;
/// Steps for an engine that is made, for each event that it decides, and for
/// each value that an event carries.
const PER_ENGINE: usize = 20;
const PER_EVENT: usize = 10;
const PER_VALUE: usize = 2;
/// The one session of made-up events.
const SESSION: &str = "proof";

impl<'p> Trial<'p> {
    pub(super) fn sides(&self) -> Sides<'p> {
        Sides { before: self.before, after: self.after }
    }

    /// Decides the events from an empty state under both policies; nothing
    /// where they part before the last event, or where too much was decided before.
    pub(super) fn run(&self, events: &[Event]) -> Option<Verdicts> {
        let sides = [self.before, self.after];
        let cost: usize = sides.iter().map(|policy| cost(policy, events)).sum();
        if !self.budget.spend(cost) {
            return None;
        }
        let mut before = Engine::new(Arc::clone(self.before));
        let mut after = Engine::new(Arc::clone(self.after));
        let (last, earlier) = events.split_last()?;
        for event in earlier {
            let (one, other) = (before.decide(event).decision, after.decide(event).decision);
            if (one.verdict, &one.args) != (other.verdict, &other.args) {
                return None;
            }
        }
        Some(Verdicts { before: before.decide(last).decision, after: after.decide(last).decision })
    }

    /// Whether what is to run is milder than what runs.
    pub(super) fn is_wider(&self, verdicts: &Verdicts) -> bool {
        let (before, after) = (verdicts.before.verdict, verdicts.after.verdict);
        after < before
            || (before == Verdict::RequireApproval && after == before && self.asks_less(verdicts))
    }

    /// Whether somebody may approve who might not before.
    fn asks_less(&self, verdicts: &Verdicts) -> bool {
        let now = approvals(self.after, &verdicts.after);
        let was = approvals(self.before, &verdicts.before);
        was.iter().any(|wanted| !now.iter().any(|own| implies(own, wanted)))
    }
}

/// How many steps it takes to decide events: every rule may look at all of them.
fn cost(policy: &Policy, events: &[Event]) -> usize {
    let values: usize = events.iter().map(size).sum();
    PER_ENGINE + events.len() * PER_EVENT + values * PER_VALUE + events.len() * policy.rules.len()
}

/// How many values an event carries.
fn size(event: &Event) -> usize {
    match &event.body {
        EventBody::Call { args, .. } => values(args.value_or_null()),
        EventBody::Request { text } => text.len(),
        _ => 1,
    }
}

/// How many values there are: this one and all that it holds.
pub(super) fn values(json: &Json) -> usize {
    1 + match json {
        Json::Object(members) => members.iter().map(|(_, member)| values(member)).sum(),
        Json::Array(items) => items.iter().map(values).sum(),
        Json::String(text) => text.len() / 16,
        _ => 0,
    }
}

/// What is decided about the last of some events, from an empty state.
pub(super) fn ruled(policy: &Arc<Policy>, events: &[Event], budget: &Budget) -> Option<Decision> {
    if !budget.spend(cost(policy, events)) {
        return None;
    }
    let mut engine = Engine::new(Arc::clone(policy));
    events.iter().map(|event| engine.decide(event).decision).last()
}

/// What the rules that fired ask of an approval.
fn approvals<'p>(policy: &'p Policy, decision: &Decision) -> Vec<&'p Approval> {
    let acting = decision.rules.iter().filter(|fired| !fired.shadow && fired.doubt.is_none());
    let asked = acting.filter_map(|fired| {
        let rule = policy.rules.iter().find(|rule| rule.id == fired.id)?;
        match &rule.action {
            CompiledAction::RequireApproval(approval) => Some(approval),
            _ => None,
        }
    });
    asked.collect()
}

/// Events of one session, numbered, at one time.
pub(super) fn events(bodies: impl IntoIterator<Item = EventBody>, setting: &Setting) -> Vec<Event> {
    let session = SessionId::from(setting.session.as_deref().unwrap_or(SESSION));
    let numbered = bodies.into_iter().enumerate().map(|(index, body)| Event {
        id: event_id(index).into(),
        session: session.clone(),
        principal: setting.principal.as_deref().map(PrincipalId::from),
        at: setting.at,
        body,
    });
    numbered.collect()
}

/// The id of the event at this place.
pub(super) fn event_id(index: usize) -> String {
    format!("e{index}")
}

/// A call of a tool.
pub(super) fn call(tool: &ToolName, args: Json) -> EventBody {
    EventBody::Call { tool: tool.clone(), args: args.into(), retry_of: None, cost: None }
}

/// The arguments of a model: what the schema demands, with the values of the
/// model in their places.
pub(super) fn arguments(space: &Space<'_>, model: &Model, schema: Option<&Json>) -> Json {
    let empty = || Json::object::<String>([]);
    let mut args = schema.map_or_else(empty, |schema| sample(schema, schema, 0));
    if args.as_object().is_none() {
        args = empty();
    }
    let mut places: Vec<(&Place, Standing)> = Vec::new();
    for (variable, thing) in space.variables() {
        if let Thing::Place(place) = thing
            && place.origin == Origin::Arguments
            && !place.steps.is_empty()
        {
            places.push((place, standing(space, model, schema, variable, place)));
        }
    }
    // What lies outside before what lies inside of it.
    places.sort_by_key(|(place, _)| place.steps.len());
    for (place, standing) in places {
        match standing {
            Standing::Nothing => take(&mut args, &place.steps),
            Standing::Text => put(&mut args, &place.steps, Json::from("a"), true),
            Standing::Value(value) => put(&mut args, &place.steps, value, false),
        }
    }
    args
}

/// What stands at a place in a model.
enum Standing {
    Nothing,
    /// Any text.
    Text,
    Value(Json),
}

fn standing(
    space: &Space<'_>,
    model: &Model,
    schema: Option<&Json>,
    variable: Variable,
    place: &Place,
) -> Standing {
    let kind = model.kinds.get(&variable).copied().unwrap_or(Kinds::MISSING);
    let number = |variable| model.numbers.get(&variable).and_then(decimal);
    if kind == Kinds::MISSING {
        return Standing::Nothing;
    }
    Standing::Value(if kind == Kinds::NUMBER {
        Json::Number(number(variable).unwrap_or_default())
    } else if kind == Kinds::TEXT {
        let Some(text) = model.texts.get(&variable) else { return Standing::Text };
        Json::from(text.as_str())
    } else if kind == Kinds::LIST {
        let length = space.find(&Thing::Length(variable)).and_then(number);
        let length = length.and_then(|length| usize::try_from(length.to_i64()?).ok());
        let items = schema::at(schema, &place.steps).and_then(|node| node.get("items"));
        let item = match (items, schema) {
            (Some(items), Some(document)) => sample(items, document, 0),
            _ => Json::from("a"),
        };
        (0..length.unwrap_or(0).min(MOST_ITEMS)).map(|_| item.clone()).collect()
    } else if kind == Kinds::OBJECT {
        let made = schema::at(schema, &place.steps).zip(schema);
        let made = made.map(|(node, document)| sample(node, document, 0));
        made.filter(|made| made.as_object().is_some()).unwrap_or_else(|| Json::object::<String>([]))
    } else if kind.meets(Kinds::BOOL) {
        Json::Bool(kind == Kinds::TRUE)
    } else {
        Json::Null
    })
}

/// Puts a value in its place; an object that stands there stays, and so does
/// a text where any is as good.
fn put(json: &mut Json, steps: &[Step], value: Json, any_text: bool) {
    let Some((first, rest)) = steps.split_first() else {
        let keeps = matches!((&*json, &value), (Json::Object(_), Json::Object(_)))
            || (any_text && json.as_str().is_some());
        if !keeps {
            *json = value;
        }
        return;
    };
    match (json, first) {
        (Json::Object(members), Step::Member(name)) => {
            if !members.contains_key(name) {
                members.insert(name.clone(), Json::Null);
            }
            if let Some(member) = members.get_mut(name) {
                put(member, rest, value, any_text);
            }
        }
        (Json::Array(items), Step::Item(index)) => {
            if let Some(item) = items.get_mut(*index) {
                put(item, rest, value, any_text);
            }
        }
        _ => {}
    }
}

fn take(json: &mut Json, steps: &[Step]) {
    match (json, steps) {
        (Json::Object(members), [Step::Member(name)]) => drop(members.remove(name)),
        (Json::Object(members), [Step::Member(name), rest @ ..]) => {
            if let Some(member) = members.get_mut(name) {
                take(member, rest);
            }
        }
        (Json::Array(items), [Step::Item(index), rest @ ..]) => {
            if let Some(item) = items.get_mut(*index) {
                take(item, rest);
            }
        }
        _ => {}
    }
}

/// What a session is started with, where predicates ask for it.
pub(super) fn tags(space: &Space<'_>, model: &Model) -> BTreeMap<String, String> {
    let tags = space.variables().filter_map(|(variable, thing)| match thing {
        Thing::Place(place) => match &place.origin {
            Origin::Tag(name) if model.kinds.get(&variable) == Some(&Kinds::TEXT) => {
                Some((name.clone(), model.texts.get(&variable)?.clone()))
            }
            _ => None,
        },
        _ => None,
    });
    tags.collect()
}
