//! Inspect logs as JSON (github.com/UKGovernmentBEIS/inspect_ai): `{eval:
//! {task, model}, samples: [{id, epoch, messages, scores}]}`.
//!
//! A call failed if its tool message has an `error`. Where there is exactly
//! one scorer its value is the reward: a number, or C for 1, P for 0.5, and I
//! or N for 0.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bounden_base::Json;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::chat::{Conversation, Message};
use super::detect;
use super::field::Name;
use super::reader::{Reader, typed};
use crate::Run;
use crate::scan::Slice;

#[derive(Default, Deserialize)]
struct Eval<'a> {
    #[serde(borrow, default)]
    task: Option<Name<'a>>,
    #[serde(borrow, default)]
    model: Option<Name<'a>>,
}

#[derive(Deserialize)]
struct Sample<'a> {
    #[serde(borrow)]
    id: Name<'a>,
    #[serde(borrow, default)]
    epoch: Option<Name<'a>>,
    #[serde(borrow)]
    messages: Vec<Message<'a>>,
    #[serde(borrow, default)]
    scores: Option<BTreeMap<String, Score<'a>>>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Score<'a> {
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

pub(super) fn read<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    let eval: Eval<'a> = match file.member("eval").map(|eval| typed(eval.exact())) {
        Some(Ok(eval)) => eval,
        Some(Err(skip)) => {
            reader.part(skip.offset, skip.reason, skip.message);
            Eval::default()
        }
        None => Eval::default(),
    };
    let Some(samples) = file.member("samples") else { return detect::reject(file, reader) };
    reader.run_records(samples.items(), |reader, sample, slice| {
        convert(reader, &eval, sample, slice);
    });
}

fn convert<'a>(reader: &mut Reader<'a, '_>, eval: &Eval<'a>, sample: Sample<'a>, slice: Slice<'a>) {
    let epoch = sample.epoch.map_or(Cow::Borrowed("1"), |name| name.0);
    let mut run = Run::new(format!("{}/{epoch}", sample.id.0), slice.offset);
    run.case = Some(sample.id.0);
    run.agent = eval.model.as_ref().map(|name| name.0.clone());
    run.ended = sample.error.map(|_| Cow::Borrowed("error"));
    if let Some(task) = &eval.task {
        run.tags.insert(Cow::Borrowed("task"), task.0.clone());
    }
    let mut scores = sample.scores.into_iter().flatten();
    if let (Some((_, score)), None) = (scores.next(), scores.next())
        && let Some(reward) = score.value.and_then(reward)
    {
        run.labels.insert("reward", reward);
    }
    let mut conversation = Conversation::new(run, success);
    for message in sample.messages {
        conversation.push(message, reader);
    }
    conversation.finish(reader);
}

fn reward(value: &RawValue) -> Option<Json> {
    let text = match value.get() {
        "\"C\"" => "1",
        "\"P\"" => "0.5",
        "\"I\"" | "\"N\"" => "0",
        other => other,
    };
    Json::parse(text.as_bytes()).ok().filter(|value| value.as_decimal().is_some())
}

fn success(_: Option<&str>, error: Option<&str>) -> Option<bool> {
    Some(matches!(error, None | Some("null")))
}
