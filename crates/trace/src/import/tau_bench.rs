//! τ-bench results (github.com/sierra-research/tau-bench): a list of
//! `{task_id, reward, trial, info: {task: {actions, outputs}}, traj}`.
//!
//! A call failed if its answer begins with `Error:` or `Unknown action`; that
//! is how the benchmark's environment reports a tool's exception or a name
//! that it does not know.

use std::borrow::Cow;

use bounden_base::Json;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::chat::{Conversation, Message};
use super::field::{Name, payload};
use super::reader::Reader;
use crate::run::{Action, Actor, Expected};
use crate::scan::Slice;
use crate::{Payload, Run};

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    task_id: Name<'a>,
    #[serde(borrow, default)]
    trial: Option<Name<'a>>,
    #[serde(borrow, default)]
    reward: Option<&'a RawValue>,
    #[serde(borrow, default)]
    info: Option<Info<'a>>,
    #[serde(borrow)]
    traj: Option<Vec<Message<'a>>>,
}

#[derive(Deserialize)]
struct Info<'a> {
    #[serde(borrow, default)]
    task: Option<Task<'a>>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Task<'a> {
    #[serde(borrow, default)]
    user_id: Option<Name<'a>>,
    #[serde(borrow, default)]
    actions: Vec<TaskAction<'a>>,
    #[serde(borrow, default)]
    outputs: Vec<Name<'a>>,
}

#[derive(Deserialize)]
struct TaskAction<'a> {
    #[serde(borrow)]
    name: Name<'a>,
    #[serde(borrow, default)]
    kwargs: Option<&'a RawValue>,
}

pub(super) fn read<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    reader.run_records(file.records(), convert);
}

fn convert<'a>(reader: &mut Reader<'a, '_>, record: Record<'a>, slice: Slice<'a>) {
    let trial = record.trial.map_or(Cow::Borrowed("0"), |name| name.0);
    let mut run = Run::new(format!("{}/{trial}", record.task_id.0), slice.offset);
    run.case = Some(record.task_id.0);
    if let Some(reward) = record.reward.and_then(|raw| Json::parse(raw.get().as_bytes()).ok()) {
        run.labels.insert("reward", reward);
    }
    if let Some(info) = record.info {
        run.ended = info.error.map(|_| Cow::Borrowed("error"));
        if let Some(task) = info.task {
            run.principal = task.user_id.map(|name| name.0);
            let actions = task.actions.into_iter().map(|action| Action {
                tool: action.name.0,
                arguments: action.kwargs.and_then(payload).unwrap_or(Payload::from_text("{}")),
                actor: Actor::Agent,
            });
            let outputs = task.outputs.into_iter().map(|name| name.0);
            run.expected =
                Some(Expected { actions: actions.collect(), outputs: outputs.collect() });
        }
    }
    let mut conversation = Conversation::new(run, success);
    for message in record.traj.into_iter().flatten() {
        conversation.push(message, reader);
    }
    conversation.finish(reader);
}

fn success(content: Option<&str>, _: Option<&str>) -> Option<bool> {
    let content = content?;
    Some(!content.starts_with("\"Error:") && !content.starts_with("\"Unknown action"))
}
