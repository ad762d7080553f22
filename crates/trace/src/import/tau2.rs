//! τ²-bench results (github.com/sierra-research/tau2-bench): `{info, tasks:
//! [{id, evaluation_criteria}], simulations: [{task_id, trial, reward_info,
//! messages}]}`.
//!
//! A call failed if its tool message has `error: true`. The simulated user has
//! tools of its own; its calls carry [`Actor::User`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use bounden_base::Json;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::chat::{Conversation, Message};
use super::detect;
use super::field::{Name, payload};
use super::reader::{Reader, typed};
use crate::run::{Action, Actor, Expected};
use crate::scan::Slice;
use crate::{Payload, Run};

#[derive(Deserialize)]
struct Simulation<'a> {
    #[serde(borrow, default)]
    id: Option<Name<'a>>,
    #[serde(borrow)]
    task_id: Name<'a>,
    #[serde(borrow, default)]
    trial: Option<Name<'a>>,
    #[serde(borrow, default)]
    termination_reason: Option<Name<'a>>,
    #[serde(borrow, default)]
    reward_info: Option<RewardInfo<'a>>,
    #[serde(borrow)]
    messages: Vec<Message<'a>>,
}

#[derive(Deserialize)]
struct RewardInfo<'a> {
    #[serde(borrow, default)]
    reward: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Task<'a> {
    #[serde(borrow)]
    id: Name<'a>,
    #[serde(borrow, default)]
    evaluation_criteria: Option<Criteria<'a>>,
}

#[derive(Deserialize)]
struct Criteria<'a> {
    #[serde(borrow, default)]
    actions: Option<Vec<TaskAction<'a>>>,
    #[serde(borrow, default)]
    communicate_info: Option<Vec<Name<'a>>>,
}

#[derive(Deserialize)]
struct TaskAction<'a> {
    #[serde(borrow)]
    name: Name<'a>,
    #[serde(borrow, default)]
    requestor: Option<Name<'a>>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

pub(super) fn read<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    let tasks = file.member("tasks").map(|list| tasks(list, reader)).unwrap_or_default();
    let Some(simulations) = file.member("simulations") else {
        return detect::reject(file, reader);
    };
    reader.run_records(simulations.items(), |reader, simulation, slice| {
        convert(simulation, &tasks, slice.offset, reader);
    });
}

/// What each task expects, by task id.
fn tasks<'a>(list: Slice<'a>, reader: &mut Reader<'a, '_>) -> BTreeMap<String, Expected<'a>> {
    let mut tasks = BTreeMap::new();
    for slice in list.items().exact() {
        match typed::<Task<'a>>(slice) {
            Ok(task) => {
                let expected = task.evaluation_criteria.map(expected).unwrap_or_default();
                tasks.insert(task.id.0.into_owned(), expected);
            }
            Err(skip) => reader.part(skip.offset, skip.reason, skip.message),
        }
    }
    tasks
}

fn expected(criteria: Criteria<'_>) -> Expected<'_> {
    let actions = criteria.actions.into_iter().flatten().map(|action| Action {
        tool: action.name.0,
        arguments: action.arguments.and_then(payload).unwrap_or(Payload::from_text("{}")),
        actor: match action.requestor.as_ref().map(|name| &*name.0) {
            Some("user") => Actor::User,
            _ => Actor::Agent,
        },
    });
    let outputs = criteria.communicate_info.into_iter().flatten().map(|name| name.0);
    Expected { actions: actions.collect(), outputs: outputs.collect() }
}

fn convert<'a>(
    simulation: Simulation<'a>,
    tasks: &BTreeMap<String, Expected<'a>>,
    offset: usize,
    reader: &mut Reader<'a, '_>,
) {
    let trial = simulation.trial.map_or(Cow::Borrowed("0"), |name| name.0);
    let id = simulation.id.map(|name| name.0.into_owned());
    let task = simulation.task_id.0;
    let mut run = Run::new(id.unwrap_or_else(|| format!("{task}/{trial}")), offset);
    run.expected = tasks.get(&*task).cloned();
    run.case = Some(task);
    run.ended = simulation.termination_reason.map(|name| name.0);
    let reward = simulation.reward_info.and_then(|info| info.reward);
    if let Some(reward) = reward.and_then(|raw| Json::parse(raw.get().as_bytes()).ok()) {
        run.labels.insert("reward", reward);
    }
    let mut conversation = Conversation::new(run, success);
    for message in simulation.messages {
        conversation.push(message, reader);
    }
    conversation.finish(reader);
}

fn success(_: Option<&str>, error: Option<&str>) -> Option<bool> {
    match error {
        Some("true") => Some(false),
        Some("false") => Some(true),
        _ => None,
    }
}
