//! Messages with roles, as OpenAI and Anthropic log them and benchmarks store them.
//!
//! A user's words are a request. An assistant's words are output, unless the
//! same message calls tools: then nobody but the agent sees them.

use std::borrow::Cow;

use bounden_base::{Decimal, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::field::{Function, Name, payload};
use super::reader::{Reader, typed};
use super::{Skip, SkipReason};
use crate::run::{Actor, Call, Event, EventKind, ToolResult};
use crate::scan::Slice;
use crate::{Payload, Run};

/// One message of any of these dialects.
#[derive(Debug, Deserialize)]
pub(crate) struct Message<'a> {
    #[serde(borrow)]
    role: Name<'a>,
    #[serde(borrow, default)]
    content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    tool_calls: Option<Vec<ToolCall<'a>>>,
    #[serde(borrow, default)]
    tool_call_id: Option<Name<'a>>,
    #[serde(borrow, default)]
    id: Option<Name<'a>>,
    #[serde(borrow, default)]
    name: Option<Name<'a>>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    timestamp: Option<Name<'a>>,
    #[serde(borrow, default)]
    cost: Option<&'a RawValue>,
}

/// A call: of OpenAI (`function.name`), τ² (`name`) or AgentDojo (`function`, `args`).
#[derive(Debug, Deserialize)]
struct ToolCall<'a> {
    #[serde(borrow, default)]
    id: Option<Name<'a>>,
    #[serde(borrow, default)]
    name: Option<Name<'a>>,
    #[serde(borrow, default)]
    function: Option<Function<'a>>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
    #[serde(borrow, default)]
    args: Option<&'a RawValue>,
    #[serde(borrow, default)]
    requestor: Option<Name<'a>>,
}

/// A block of Anthropic's (and of OpenAI's multi-part) content.
#[derive(Debug, Deserialize)]
struct Block<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Option<Name<'a>>,
    #[serde(borrow, default)]
    text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    id: Option<Name<'a>>,
    #[serde(borrow, default)]
    name: Option<Name<'a>>,
    #[serde(borrow, default)]
    input: Option<&'a RawValue>,
    #[serde(borrow, default)]
    tool_use_id: Option<Name<'a>>,
    #[serde(default)]
    is_error: Option<bool>,
}

/// Whether a tool message tells of success: its content, raw, and its `error` field, raw.
pub(crate) type Success = fn(content: Option<&str>, error: Option<&str>) -> Option<bool>;

/// Turns messages into events of a run.
pub(crate) struct Conversation<'a> {
    run: Run<'a>,
    /// Calls that no result has answered yet, oldest first.
    pending: Vec<usize>,
    success: Success,
    skipped: Vec<Skip>,
}

impl<'a> Conversation<'a> {
    pub(crate) fn new(run: Run<'a>, success: Success) -> Self {
        Self { run, pending: Vec::new(), success, skipped: Vec::new() }
    }

    /// Hands the run on, with what could not be read of it.
    pub(crate) fn finish(self, reader: &mut Reader<'a, '_>) {
        for skip in self.skipped {
            reader.part(skip.offset, skip.reason, skip.message);
        }
        reader.run(self.run);
    }

    /// Appends the events of one message.
    pub(crate) fn push(&mut self, message: Message<'a>, reader: &Reader<'a, '_>) {
        let first = self.run.events.len();
        match &*message.role.0 {
            "user" => self.user(&message, reader),
            "assistant" => self.assistant(&message, reader),
            "tool" | "function" => self.tool(&message, reader),
            "system" | "developer" => {}
            role => {
                let offset = message.content.and_then(|raw| reader.offset_of(raw.get()));
                let text = format!("a message of the unknown role `{role}`");
                self.skip(offset.unwrap_or(self.run.source.offset), SkipReason::Shape, text);
            }
        }
        let at = message.timestamp.as_ref().and_then(|name| timestamp(&name.0));
        let cost = message.cost.and_then(|raw| raw.get().parse::<Decimal>().ok());
        let added = self.run.events.get_mut(first..).unwrap_or_default();
        for event in added.iter_mut() {
            event.at = at;
        }
        if let Some(event) = added.first_mut() {
            event.cost = cost;
        }
    }

    fn user(&mut self, message: &Message<'a>, reader: &Reader<'a, '_>) {
        self.content(message.content, reader, EventKind::Request);
        self.calls(message, Actor::User, reader);
    }

    fn assistant(&mut self, message: &Message<'a>, reader: &Reader<'a, '_>) {
        let calls = message.tool_calls.as_ref().is_some_and(|calls| !calls.is_empty())
            || message.content.is_some_and(|raw| {
                raw.get().starts_with('[') && raw.get().contains("\"tool_use\"")
            });
        let words = if calls { EventKind::Message } else { EventKind::Output };
        self.content(message.content, reader, words);
        self.calls(message, Actor::Agent, reader);
    }

    fn tool(&mut self, message: &Message<'a>, reader: &Reader<'a, '_>) {
        let id = message.tool_call_id.as_ref().or(message.id.as_ref());
        let tool = message.name.as_ref();
        let call = self.answered(id.map(|name| &*name.0), tool.map(|name| &*name.0));
        let raw = message.content.map(RawValue::get);
        let ok = (self.success)(raw, message.error.map(RawValue::get));
        let content = message.content.and_then(payload);
        self.event(raw, reader, EventKind::Result(ToolResult::new(call, ok, content)));
    }

    /// The words and the tool blocks of a message's content.
    fn content(
        &mut self,
        content: Option<&'a RawValue>,
        reader: &Reader<'a, '_>,
        words: fn(Payload<'a>) -> EventKind<'a>,
    ) {
        let Some(raw) = content else { return };
        if !raw.get().starts_with('[') {
            if !matches!(raw.get(), "\"\"" | "null") {
                self.event(Some(raw.get()), reader, words(Payload::Json(Cow::Borrowed(raw.get()))));
            }
            return;
        }
        let offset = reader.offset_of(raw.get()).unwrap_or_default();
        let list = Slice { offset, bytes: raw.get().as_bytes(), truncated: false };
        for item in list.items().exact() {
            match typed::<Block<'a>>(item) {
                Ok(block) => self.block(block, reader, words),
                Err(skip) => self.skipped.push(skip),
            }
        }
    }

    fn block(
        &mut self,
        block: Block<'a>,
        reader: &Reader<'a, '_>,
        words: fn(Payload<'a>) -> EventKind<'a>,
    ) {
        let kind = block.kind.as_ref().map_or("text", |name| &*name.0);
        match kind {
            "tool_use" => {
                let arguments = block.input.and_then(payload);
                let tool = block.name.map_or(Cow::Borrowed(""), |name| name.0);
                let id = block.id.map(|name| name.0);
                let raw = block.input.map(RawValue::get);
                self.call(Call::by_agent(id, tool, arguments), raw, reader);
            }
            "tool_result" => {
                let call = self.answered(block.tool_use_id.as_ref().map(|name| &*name.0), None);
                let ok = Some(!block.is_error.unwrap_or(false));
                let content = block.content.and_then(payload);
                let raw = block.content.map(RawValue::get);
                self.event(raw, reader, EventKind::Result(ToolResult::new(call, ok, content)));
            }
            _ => {
                if let Some(raw) = block.text.or(block.content) {
                    let text = Payload::Json(Cow::Borrowed(raw.get()));
                    self.event(Some(raw.get()), reader, words(text));
                }
            }
        }
    }

    fn calls(&mut self, message: &Message<'a>, actor: Actor, reader: &Reader<'a, '_>) {
        for call in message.tool_calls.iter().flatten() {
            let function = call.function.clone().unwrap_or_default().0;
            let name = call.name.clone().or(function.name);
            let raw = call.arguments.or(call.args).or(function.arguments);
            let requestor = call.requestor.as_ref().map(|name| &*name.0);
            let actor = if requestor == Some("user") { Actor::User } else { actor };
            let call = Call {
                id: call.id.clone().map(|name| name.0),
                tool: name.map_or(Cow::Borrowed(""), |name| name.0),
                arguments: raw.and_then(payload),
                actor,
                retry_of: None,
            };
            self.call(call, raw.map(RawValue::get), reader);
        }
    }

    fn call(&mut self, call: Call<'a>, raw: Option<&'a str>, reader: &Reader<'a, '_>) {
        self.pending.push(self.run.events.len());
        self.event(raw, reader, EventKind::Call(call));
    }

    fn event(&mut self, raw: Option<&str>, reader: &Reader<'a, '_>, kind: EventKind<'a>) {
        let offset = raw.and_then(|raw| reader.offset_of(raw)).unwrap_or(self.run.source.offset);
        self.run.events.push(Event::new(offset, kind));
    }

    fn skip(&mut self, offset: usize, reason: SkipReason, message: String) {
        self.skipped.push(Skip { offset, reason, message });
    }

    /// The call that a result answers: by id; without one the oldest open call of the tool.
    fn answered(&mut self, id: Option<&str>, tool: Option<&str>) -> Option<usize> {
        let call = |index: usize| match self.run.events.get(index).map(|event| &event.kind) {
            Some(EventKind::Call(call)) => Some(call),
            _ => None,
        };
        let matches = |index: usize| {
            call(index).is_some_and(|call| match (id, tool) {
                (Some(id), _) => call.id.as_deref() == Some(id),
                (None, Some(tool)) => call.tool == tool,
                (None, None) => true,
            })
        };
        if let Some(place) = self.pending.iter().position(|index| matches(*index)) {
            return Some(self.pending.remove(place));
        }
        // A second answer to the same call; the first one counts.
        id.and_then(|_| (0..self.run.events.len()).rev().find(|index| matches(*index)))
    }
}

/// A time of RFC 3339; without an offset it is read as UTC.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })
}
