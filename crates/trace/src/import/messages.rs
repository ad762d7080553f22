//! Plain message logs as the APIs of OpenAI and Anthropic take and give them:
//! a list of messages is one run; objects with `messages` are a run each, one
//! or one a line, the answer after them under `choices`, `response` or, at
//! Anthropic, as the object itself.
//!
//! OpenAI's tool messages do not say whether the tool succeeded, so it is not
//! known; Anthropic's `tool_result` blocks have `is_error`.

use serde::Deserialize;

use super::chat::{Conversation, Message};
use super::field::Name;
use super::reader::Reader;
use crate::Run;
use crate::scan::Slice;

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default, alias = "conversation_id", alias = "session_id", alias = "run_id")]
    id: Option<Name<'a>>,
    #[serde(borrow, default)]
    model: Option<Name<'a>>,
    #[serde(borrow)]
    messages: Vec<Message<'a>>,
    #[serde(borrow, default)]
    choices: Vec<Choice<'a>>,
    #[serde(borrow, default)]
    response: Option<Message<'a>>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    message: Message<'a>,
}

pub(super) fn read<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    let first = file.records().exact().next();
    if first.is_some_and(|record| record.member("role").is_some()) {
        return single(file, reader);
    }
    let mut count = 0_usize;
    reader.run_records(file.records(), |reader, record: Record<'a>, slice| {
        count += 1;
        let id = record.id.map_or_else(|| count.to_string(), |name| name.0.into_owned());
        let mut run = Run::new(id, slice.offset);
        run.agent = record.model.map(|name| name.0);
        let mut conversation = Conversation::new(run, success);
        // One choice is the answer; others are what might have been said.
        let answer = record.choices.into_iter().map(|choice| choice.message).next();
        for message in record.messages.into_iter().chain(answer).chain(record.response) {
            conversation.push(message, reader);
        }
        conversation.finish(reader);
    });
}

/// A file that holds the messages of one run. A record is a message here.
fn single<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    let mut conversation = Conversation::new(Run::new("1".to_owned(), file.offset), success);
    let mut read = 0_usize;
    reader.each(file.records(), |reader, message: Message<'a>, _| {
        read += 1;
        conversation.push(message, reader);
    });
    if read > 0 {
        conversation.finish(reader);
    }
}

fn success(_: Option<&str>, error: Option<&str>) -> Option<bool> {
    error.map(|error| matches!(error, "null" | "false" | "\"\""))
}
