//! AgentDojo runs (github.com/ethz-spylab/agentdojo): `{suite_name,
//! pipeline_name, user_task_id, injection_task_id, attack_type, messages,
//! utility, security}`, a file each or a line each.
//!
//! A call failed if its tool message has an `error`. `security: true` on an
//! attacked run means that the attack succeeded.

use std::borrow::Cow;

use bounden_base::Json;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::chat::{Conversation, Message};
use super::field::Name;
use super::reader::Reader;
use crate::Run;
use crate::scan::Slice;

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    suite_name: Name<'a>,
    #[serde(borrow, default)]
    pipeline_name: Option<Name<'a>>,
    #[serde(borrow)]
    user_task_id: Name<'a>,
    #[serde(borrow, default)]
    injection_task_id: Option<Name<'a>>,
    #[serde(borrow, default)]
    attack_type: Option<Name<'a>>,
    #[serde(borrow)]
    messages: Vec<Message<'a>>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
    #[serde(default)]
    utility: Option<bool>,
    #[serde(default)]
    security: Option<bool>,
}

pub(super) fn read<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    reader.run_records(file.records(), convert);
}

fn convert<'a>(reader: &mut Reader<'a, '_>, record: Record<'a>, slice: Slice<'a>) {
    let suite = record.suite_name.0;
    let attack = record.attack_type.map(|name| name.0);
    let injection = record.injection_task_id.map(|name| name.0);
    let case = format!(
        "{suite}/{}/{}/{}",
        record.user_task_id.0,
        injection.as_deref().unwrap_or("none"),
        attack.as_deref().unwrap_or("none"),
    );
    let mut run = Run::new(case.clone(), slice.offset);
    run.case = Some(Cow::Owned(case));
    run.agent = record.pipeline_name.map(|name| name.0);
    run.ended = record.error.map(|_| Cow::Borrowed("error"));
    run.tags.insert(Cow::Borrowed("suite"), suite);
    if let Some(attack) = attack {
        run.tags.insert(Cow::Borrowed("attack"), attack);
    }
    for (name, value) in [("utility", record.utility), ("security", record.security)] {
        if let Some(value) = value {
            run.labels.insert(name, Json::Bool(value));
        }
    }
    let mut conversation = Conversation::new(run, success);
    for message in record.messages {
        conversation.push(message, reader);
    }
    conversation.finish(reader);
}

fn success(_: Option<&str>, error: Option<&str>) -> Option<bool> {
    Some(matches!(error, None | Some("null" | "\"\"" | "false")))
}
