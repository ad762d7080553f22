//! A recorded run as the events that the engine reads.
//!
//! An event's id is `e` and its place in the run. What a recording does not
//! tell is left out: a call of unknown outcome stays in flight.

use std::collections::BTreeMap;

use bounden_base::{Json, Timestamp};
use bounden_policy::{Event, EventBody, EventId, SessionId, ToolName};

use super::names::Names;
use crate::run::{Actor, Call, EventKind, ToolResult};
use crate::{Payload, Run};

/// The events of one run; see the module.
pub(crate) struct Events<'r> {
    run: &'r Run<'r>,
    names: &'r Names,
    /// Whether anybody reads what a tool answers.
    is_read: &'r dyn Fn(&ToolName) -> bool,
    session: SessionId,
    /// The time of the event before; times that run backwards are not passed on.
    last: Option<Timestamp>,
    /// Places of calls by the ids of the recording.
    calls: BTreeMap<&'r str, usize>,
}

impl<'r> Events<'r> {
    pub(crate) fn of(
        run: &'r Run<'r>,
        names: &'r Names,
        start: Option<Timestamp>,
        is_read: &'r dyn Fn(&ToolName) -> bool,
    ) -> Self {
        let first = run.events.iter().find_map(|event| event.at);
        let session = SessionId::from(run.id.as_str());
        Self { run, names, is_read, session, last: first.or(start), calls: BTreeMap::new() }
    }

    pub(crate) fn start(&self) -> Event {
        let tags = self.run.tags.iter();
        let tags = tags.map(|(name, value)| (name.to_string(), value.to_string())).collect();
        self.wrap("start".into(), EventBody::Start { tags })
    }

    pub(crate) fn end(&self) -> Event {
        self.wrap("end".into(), EventBody::End)
    }

    /// The event at `index`; `None` where it is none of the engine's business.
    pub(crate) fn event(&mut self, index: usize) -> Option<Event> {
        let recorded = self.run.events.get(index)?;
        self.last = self.last.max(recorded.at);
        let body = match &recorded.kind {
            EventKind::Request(words) => EventBody::Request { text: words.text().into_owned() },
            EventKind::Output(words) => EventBody::Output { text: words.text().into_owned() },
            EventKind::Message(_) | EventKind::Handover(_) => return None,
            EventKind::Call(call) => self.call(index, call)?,
            EventKind::Result(result) => self.result(result)?,
            EventKind::Control(json) => self.control(json)?,
        };
        let body = match (body, recorded.cost) {
            (EventBody::Call { tool, args, retry_of, .. }, cost) => {
                EventBody::Call { tool, args, retry_of, cost }
            }
            (other, _) => other,
        };
        Some(self.wrap(id(index), body))
    }

    fn call(&mut self, index: usize, call: &'r Call<'r>) -> Option<EventBody> {
        if call.actor != Actor::Agent {
            return None;
        }
        // An earlier submission is meant by `retry_of`, whatever came under its id before.
        let retried = call.retry_of.as_deref().and_then(|id| self.calls.get(id));
        let retry_of = retried.filter(|_| self.run.is_guarded()).map(|index| id(*index));
        if let Some(id) = call.id.as_deref() {
            self.calls.insert(id, index);
        }
        let args = call.arguments.as_ref().and_then(|arguments| arguments.arguments().ok());
        let tool = self.names.resolve(&call.tool);
        let args = args.unwrap_or(Json::Null).into();
        Some(EventBody::Call { tool, args, retry_of, cost: None })
    }

    fn result(&self, result: &ToolResult<'_>) -> Option<EventBody> {
        let call = result.call?;
        let kind = self.run.events.get(call).map(|event| &event.kind);
        let Some(EventKind::Call(Call { actor: Actor::Agent, tool, .. })) = kind else {
            return None;
        };
        let content = result.content.as_ref().filter(|_| (self.is_read)(&self.names.resolve(tool)));
        let value = content.map(Payload::value).and_then(Result::ok);
        let labels = result.labels.iter().map(|label| label.to_string()).collect();
        Some(EventBody::Result {
            call: id(call),
            ok: result.ok?,
            result: value.unwrap_or(Json::Null),
            labels,
        })
    }

    /// An event of Bounden's own.
    fn control(&self, json: &str) -> Option<EventBody> {
        let event = Event::from_json(&Json::parse(json.as_bytes()).ok()?).ok()?;
        Some(match event.body {
            EventBody::Approve { role, call, by } => {
                EventBody::Approve { role, call: id(*self.calls.get(call.as_str())?), by }
            }
            other => other,
        })
    }

    fn wrap(&self, id: EventId, body: EventBody) -> Event {
        let principal = self.run.principal.as_deref().map(Into::into);
        Event { id, session: self.session.clone(), principal, at: self.last, body }
    }
}

fn id(index: usize) -> EventId {
    EventId::from(format!("e{index}"))
}
