//! Spans with GenAI attributes become runs: OpenTelemetry's semantic
//! conventions (current names and those up to 1.36), OpenLLMetry's indexed
//! prompts, Google ADK's attributes and OpenInference.
//!
//! A conversation is all traces that name the same `gen_ai.conversation.id`
//! (`session.id` in OpenInference), else one trace. A call failed if its
//! `execute_tool` span has an `error.type`, an error status, or a result that
//! says `isError`; where only a later message tells of the result, success is
//! not known.

mod ancestry;
mod assemble;
mod content;
mod history;
mod span;
mod turn;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::Payload;

use super::SkipReason;
use super::reader::Reader;

pub(super) use span::{Attribute, Log, Span};

use span::Kind;

/// A span of any trace. Its own id comes first: in a trace all spans share the other.
type SpanKey<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The parent of each span, also of spans that were left out.
type Parents<'a> = BTreeMap<SpanKey<'a>, Option<Cow<'a, str>>>;

/// All spans of a file.
#[derive(Default)]
pub(super) struct Trace<'a> {
    resources: Vec<Vec<Attribute<'a>>>,
    spans: Vec<Span<'a>>,
    parents: Parents<'a>,
    /// The conversation that each trace names first.
    conversations: BTreeMap<Cow<'a, str>, String>,
    logs: Vec<Log<'a>>,
}

impl<'a> Trace<'a> {
    /// Notes a resource; the number stands for it in [`Span::resource`].
    pub(super) fn resource(&mut self, attributes: Vec<Attribute<'a>>) -> usize {
        self.resources.push(attributes);
        self.resources.len() - 1
    }

    /// Takes a span; one that has nothing to do with an agent is counted and left out.
    pub(super) fn push(&mut self, mut span: Span<'a>, reader: &mut Reader<'a, '_>) {
        reader.count();
        match self.parents.entry(span.key()) {
            Entry::Vacant(place) => drop(place.insert(span.parent.clone())),
            Entry::Occupied(_) => {
                let message = "the same span stands earlier in the file";
                return reader.skip(span.offset, SkipReason::Duplicate, message);
            }
        }
        if let Some(conversation) = span.conversation() {
            let first = self.conversations.entry(span.trace.clone());
            first.or_insert_with(|| conversation.into_owned());
        }
        if span.kind() == Kind::Other {
            let message = format!("the span `{}` is of no agent, model or tool", span.name);
            return reader.skip(span.offset, SkipReason::Unrelated, message);
        }
        span.keep_known();
        self.spans.push(span);
    }

    /// Takes a log record, which carries content up to version 1.36 of the conventions.
    pub(super) fn log(&mut self, log: Log<'a>, reader: &mut Reader<'a, '_>) {
        reader.count();
        if log.name.starts_with("gen_ai.") && log.span.is_some() {
            self.logs.push(log);
        } else {
            let message = "the log record is of no model call";
            reader.skip(log.offset, SkipReason::Unrelated, message);
        }
    }

    /// Hands on a run for each conversation, in the order of the file.
    pub(super) fn finish(mut self, reader: &mut Reader<'a, '_>) {
        self.attach_logs(reader);
        let mut order: Vec<String> = Vec::new();
        let mut groups: BTreeMap<String, Vec<Span<'a>>> = BTreeMap::new();
        for span in std::mem::take(&mut self.spans) {
            let key = self.conversation_of(&span);
            let group = groups.entry(key.clone()).or_default();
            if group.is_empty() {
                order.push(key);
            }
            group.push(span);
        }
        for id in order {
            let spans = groups.remove(&id).unwrap_or_default();
            let (run, damaged) = assemble::run(id, spans, &self.parents, &self.resources);
            for offset in damaged {
                let message = "the messages of this span are cut off or not readable";
                reader.part(offset, SkipReason::Malformed, message);
            }
            reader.run(run);
        }
    }

    /// The conversation that the span, the nearest of its ancestors or its trace names.
    fn conversation_of(&self, span: &Span<'a>) -> String {
        let own = span.conversation().map(Cow::into_owned);
        own.or_else(|| self.conversations.get(&span.trace).cloned())
            .unwrap_or_else(|| span.trace.to_string())
    }

    fn attach_logs(&mut self, reader: &mut Reader<'a, '_>) {
        for log in std::mem::take(&mut self.logs) {
            let mut spans = self.spans.iter_mut();
            let owner = spans.find(|span| {
                log.span.as_ref() == Some(&span.id)
                    && log.trace.as_ref().is_none_or(|trace| *trace == span.trace)
            });
            match owner {
                Some(span) => span.logs.push(log),
                None => {
                    let message = "the log record belongs to a span that is not in the file";
                    reader.skip(log.offset, SkipReason::Unrelated, message);
                }
            }
        }
    }
}

/// The decoded text of a payload, for names and ids.
fn owned_text<'a>(payload: &Payload<'a>) -> Cow<'a, str> {
    Cow::Owned(payload.text().into_owned())
}
