//! Bounden's own events, one a line, as `bounden decide` reads them: `{id,
//! session, principal, event, at, …}`. Lines of one session make one run; the tag
//! `case` of its start names the case that it is a trial of.
//!
//! Whether a call succeeded stands in its result (`ok`). Lines that are equal
//! to the byte are one event recorded twice, since every event has its own id.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bounden_base::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::SkipReason;
use super::chat::timestamp;
use super::field::{Name, payload};
use super::reader::Reader;
use crate::run::{Call, Event, EventKind, ToolResult};
use crate::scan::Slice;
use crate::{Payload, Run};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    event: Name<'a>,
    #[serde(borrow)]
    session: Name<'a>,
    #[serde(borrow, default)]
    id: Option<Name<'a>>,
    #[serde(borrow, default)]
    principal: Option<Name<'a>>,
    #[serde(borrow, default)]
    at: Option<Name<'a>>,
    #[serde(borrow, default)]
    tool: Option<Name<'a>>,
    #[serde(borrow, default)]
    args: Option<&'a RawValue>,
    #[serde(borrow, default)]
    retry_of: Option<Name<'a>>,
    #[serde(borrow, default)]
    cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    call: Option<Name<'a>>,
    #[serde(default)]
    ok: Option<bool>,
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(borrow, default)]
    labels: Vec<Name<'a>>,
    #[serde(borrow, default)]
    text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    tags: BTreeMap<String, Name<'a>>,
}

/// A session under way, with the place of each call by its id.
struct Session<'a> {
    run: Run<'a>,
    calls: BTreeMap<String, usize>,
}

pub(super) fn read<'a>(file: Slice<'a>, reader: &mut Reader<'a, '_>) {
    let mut sessions: Vec<Session<'a>> = Vec::new();
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    reader.run_records(file.records(), |reader, line: Line<'a>, slice| {
        let id = line.session.0.to_string();
        let index = *by_id.entry(id.clone()).or_insert_with(|| {
            let run = Run::new(id, slice.offset);
            sessions.push(Session { run, calls: BTreeMap::new() });
            sessions.len() - 1
        });
        if let Some(session) = sessions.get_mut(index) {
            session.push(line, slice, reader);
        }
    });
    for session in sessions {
        reader.run(session.run);
    }
}

impl<'a> Session<'a> {
    fn push(&mut self, line: Line<'a>, slice: Slice<'a>, reader: &mut Reader<'a, '_>) {
        if self.run.principal.is_none() {
            self.run.principal = line.principal.as_ref().map(|name| name.0.clone());
        }
        let at = line.at.as_ref().and_then(|at| timestamp(&at.0));
        let cost = line.cost.and_then(|raw| raw.get().parse::<Decimal>().ok());
        match self.kind(line, slice) {
            Ok(Some(kind)) => {
                let event = Event { at, cost, ..Event::new(slice.offset, kind) };
                self.run.events.push(event);
            }
            Ok(None) => {}
            Err(message) => reader.skip(slice.offset, SkipReason::Shape, message),
        }
    }

    fn kind(&mut self, line: Line<'a>, slice: Slice<'a>) -> Result<Option<EventKind<'a>>, String> {
        let missing = |name: &str| format!("the event has no `{name}`");
        let text = |raw: Option<&'a RawValue>| {
            raw.map(|raw| Payload::Json(Cow::Borrowed(raw.get()))).ok_or_else(|| missing("text"))
        };
        Ok(Some(match &*line.event.0 {
            "start" => {
                let mut tags = line.tags;
                self.run.case = tags.remove("case").map(|name| name.0).or(self.run.case.take());
                let tags = tags.into_iter().map(|(key, value)| (Cow::Owned(key), value.0));
                self.run.tags.extend(tags);
                return Ok(None);
            }
            "end" => {
                self.run.ended = Some(Cow::Borrowed("end"));
                return Ok(None);
            }
            "request" => EventKind::Request(text(line.text)?),
            "output" => EventKind::Output(text(line.text)?),
            "call" => {
                let tool = line.tool.ok_or_else(|| missing("tool"))?.0;
                let id = line.id.ok_or_else(|| missing("id"))?.0;
                self.calls.insert(id.to_string(), self.run.events.len());
                let call = Call::by_agent(Some(id), tool, line.args.and_then(payload));
                EventKind::Call(Call { retry_of: line.retry_of.map(|name| name.0), ..call })
            }
            "result" => {
                let call = line.call.ok_or_else(|| missing("call"))?.0;
                let call = self.calls.get(&*call).copied();
                let result = ToolResult::new(call, line.ok, line.result.and_then(payload));
                let labels = line.labels.into_iter().map(|name| name.0).collect();
                EventKind::Result(ToolResult { labels, ..result })
            }
            "log" | "window" | "approve" => {
                EventKind::Control(String::from_utf8_lossy(slice.bytes))
            }
            other => return Err(format!("`{other}` is no kind of event")),
        }))
    }
}
