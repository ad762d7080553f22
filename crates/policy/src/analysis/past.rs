//! What may have to come before a call for a witness, made up and tried.

use bounden_base::Json;

use super::budget::Budget;
use super::kinds::Kinds;
use super::model::Model;
use super::space::{Space, Thing};
use super::trial::{self, event_id, values};
use super::witness::{Setting, time};
use crate::canary::clues::Clues;
use crate::event::EventBody;
use crate::policy::CompiledRule;
use crate::{Policy, ToolName};

/// Most sequences of earlier events that are tried for one model.
const MOST_PREFIXES: usize = 200;
/// Most arguments that are tried after each of them.
const MOST_ARGUMENTS: usize = 12;
/// Most earlier calls in a sequence.
const MOST_EARLIER: usize = 64;
/// Most earlier calls that are all alike.
const MOST_ALIKE: usize = 32;
/// So many events, or values in them, are made up in one step.
const PER_STEP: usize = 16;
/// Whom a made-up session acts for.
const SOMEBODY: &str = "a";

/// What a call of this model is made in, without earlier calls.
pub(super) fn setting(space: &Space<'_>, model: &Model) -> Setting {
    let mut setting = Setting::default();
    let tags = trial::tags(space, model);
    if !tags.is_empty() {
        setting.earlier.push(EventBody::Start { tags });
    }
    for (variable, thing) in space.variables() {
        let kind = model.kinds.get(&variable);
        let text = || model.texts.get(&variable).cloned();
        match thing {
            Thing::Principal if kind == Some(&Kinds::TEXT) => {
                setting.principal = Some(text().unwrap_or_else(|| SOMEBODY.to_owned()));
            }
            Thing::SessionId => setting.session = text().or(setting.session),
            Thing::Now => setting.at = model.numbers.get(&variable).and_then(time),
            Thing::Flag(name) if kind == Some(&Kinds::TRUE) => {
                setting.earlier.extend(window(space, model, name));
            }
            _ => {}
        }
    }
    setting
}

/// The event by which somebody says whether a window is open.
fn window(space: &Space<'_>, model: &Model, flag: &str) -> Option<EventBody> {
    let name = flag.strip_prefix("window ")?.strip_suffix(" said")?;
    let open = space.find(&Thing::Flag(format!("window {name} open")))?;
    let open = model.kinds.get(&open) == Some(&Kinds::TRUE);
    Some(EventBody::Window { name: name.to_owned(), open })
}

/// Whether anything was spoken of that only earlier events can bring about.
pub(super) fn is_asked(space: &Space<'_>) -> bool {
    space.variables().any(|(_, thing)| match thing {
        Thing::Past { .. } | Thing::Field(_) => true,
        Thing::Place(place) => {
            !matches!(place.origin, super::space::Origin::Arguments | super::space::Origin::Tag(_))
        }
        Thing::Label(_) => true,
        Thing::Flag(name) => name == "approved",
        _ => false,
    })
}

/// Settings with earlier calls, and arguments to try in each.
pub(super) fn settings<'s>(
    setting: &'s Setting,
    args: &Json,
    tool: &'s ToolName,
    rules: &[(&Policy, &CompiledRule)],
    budget: &Budget,
) -> impl Iterator<Item = (Setting, Json)> + use<'s> {
    let mut prefixes: Vec<Vec<EventBody>> = Vec::new();
    let mut arguments = vec![args.clone()];
    for (policy, rule) in rules {
        let clues = Clues::of(policy, rule);
        for prefix in clues.prefixes(policy, std::slice::from_ref(tool), MOST_EARLIER) {
            if !budget.spend(1 + prefix.len() / PER_STEP) {
                break;
            }
            prefixes.push(prefix);
        }
        arguments.extend(clues.arguments(policy, tool));
    }
    arguments.truncate(MOST_ARGUMENTS);
    // Earlier calls like the one that is looked for, in growing number.
    for count in 1..=MOST_ALIKE {
        if !budget.spend(1 + count * values(args) / PER_STEP) {
            break;
        }
        let mut bodies = Vec::new();
        for _ in 0..count {
            bodies.push(trial::call(tool, args.clone()));
            bodies.push(super::witness::succeeded_call(bodies.len() - 1));
        }
        prefixes.push(bodies);
    }
    shortest(prefixes).into_iter().flat_map(move |prefix| {
        let setting = Setting {
            earlier: setting.earlier.iter().cloned().chain(renumbered(prefix, setting)).collect(),
            principal: setting.principal.clone().or_else(|| Some(SOMEBODY.to_owned())),
            ..setting.clone()
        };
        arguments.clone().into_iter().map(move |args| (setting.clone(), args))
    })
}

/// The shortest sequences, each once.
fn shortest(mut prefixes: Vec<Vec<EventBody>>) -> Vec<Vec<EventBody>> {
    prefixes.sort_by_key(Vec::len);
    let mut kept: Vec<Vec<EventBody>> = Vec::new();
    for prefix in prefixes {
        let mut as_long = kept.iter().rev().take_while(|other| other.len() == prefix.len());
        if kept.len() < MOST_PREFIXES && !as_long.any(|other| *other == prefix) {
            kept.push(prefix);
        }
    }
    kept
}

/// Results refer to calls by the number of the event.
fn renumbered(prefix: Vec<EventBody>, setting: &Setting) -> impl Iterator<Item = EventBody> {
    let before = setting.earlier.len();
    prefix.into_iter().map(move |body| match body {
        EventBody::Result { call, ok, result, labels } => {
            let digits = call.as_str().trim_start_matches(|c: char| !c.is_ascii_digit());
            let index: usize = digits.parse().unwrap_or(0);
            EventBody::Result { call: event_id(before + index).into(), ok, result, labels }
        }
        other => other,
    })
}
