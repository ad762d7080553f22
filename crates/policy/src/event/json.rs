//! Events as JSON objects, one a line, for `bounden decide` and journals.

use std::collections::BTreeMap;

use bounden_base::json::{Limits, Members};
use bounden_base::{Decimal, Json, JsonError, Timestamp};

use super::{Event, EventBody};
use crate::Arguments;

/// A line is not an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not JSON that can be trusted.
    #[error("{}, in column {}", .0.kind, .0.position.1)]
    Json(#[from] JsonError),
    /// Not an object.
    #[error("an event is a JSON object, not {0}")]
    NotAnObject(&'static str),
    /// A member is missing.
    #[error("the event has no `{0}`")]
    Missing(&'static str),
    /// A member has another type.
    #[error("`{0}` of the event is {1}")]
    WrongType(&'static str, &'static str),
    /// Two members that exclude one another.
    #[error("an event has `{0}` or `{1}`, not both")]
    Both(&'static str, &'static str),
    /// `event` names no kind of event.
    #[error(
        "`{0}` is no kind of event; there are call, result, request, output, log, start, end, window and approve"
    )]
    UnknownKind(String),
    /// A member that this kind of event does not have.
    #[error("an event of kind {1} has no member `{0}`")]
    UnknownMember(String, String),
}

type Read<T> = Result<T, EventError>;

const COMMON: [&str; 5] = ["id", "session", "principal", "event", "at"];

impl Event {
    /// Reads a line in the form of `bounden decide`. The arguments of a call are
    /// read as strictly as the rest, and stay text.
    ///
    /// # Errors
    /// The line is no JSON; else as [`Event::from_json`].
    pub fn parse(line: &[u8]) -> Result<Self, EventError> {
        let (value, args) = Json::parse_but(line, Limits::default(), &["args"])?;
        Self::read(&value, args.map(Arguments::from))
    }

    /// Reads an event in the form of `bounden decide`.
    ///
    /// # Errors
    /// Names the member that is missing, of the wrong type or unknown.
    pub fn from_json(value: &Json) -> Result<Self, EventError> {
        Self::read(value, value.get("args").cloned().map(Arguments::from))
    }

    fn read(value: &Json, args: Option<Arguments>) -> Result<Self, EventError> {
        let members = value.as_object().ok_or(EventError::NotAnObject(value.type_name()))?;
        let kind = text(members, "event")?;
        let body = body(kind, members, args)?;
        Ok(Self {
            id: text(members, "id")?.into(),
            session: text(members, "session")?.into(),
            principal: optional_text(members, "principal")?.map(Into::into),
            at: optional_text(members, "at")?.map(|text| parse(text, "at")).transpose()?,
            body,
        })
    }

    /// The event in the form that [`Event::from_json`] reads.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut members = body_members(&self.body);
        members.insert("id".into(), self.id.as_str().into());
        members.insert("session".into(), self.session.as_str().into());
        members.insert("event".into(), self.body.kind().into());
        if let Some(principal) = &self.principal {
            members.insert("principal".into(), principal.as_str().into());
        }
        if let Some(at) = self.at {
            members.insert("at".into(), at.to_string().into());
        }
        members.into()
    }
}

impl EventBody {
    /// The name of the kind, as in the member `event`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::End => "end",
            Self::Request { .. } => "request",
            Self::Output { .. } => "output",
            Self::Log { .. } => "log",
            Self::Call { .. } => "call",
            Self::Result { .. } => "result",
            Self::Approve { .. } => "approve",
            Self::Window { .. } => "window",
        }
    }
}

fn body(kind: &str, members: &Members, args: Option<Arguments>) -> Read<EventBody> {
    let (body, own): (_, &[&str]) = match kind {
        "start" => (EventBody::Start { tags: tags(members)? }, &["tags"]),
        "end" => (EventBody::End, &[]),
        "request" => (EventBody::Request { text: text(members, "text")?.to_owned() }, &["text"]),
        "output" => (EventBody::Output { text: text(members, "text")?.to_owned() }, &["text"]),
        "log" => (EventBody::Log { record: record(members)? }, &["text", "record"]),
        "call" => (call(members, args)?, &["tool", "args", "retry_of", "cost"]),
        "result" => (result(members)?, &["call", "ok", "result", "labels"]),
        "approve" => (approve(members)?, &["role", "for", "by"]),
        "window" => (window(members)?, &["name", "open"]),
        other => return Err(EventError::UnknownKind(other.to_owned())),
    };
    let unknown =
        members.keys().find(|key| !COMMON.contains(&key.as_str()) && !own.contains(&key.as_str()));
    match unknown {
        Some(key) => Err(EventError::UnknownMember(key.clone(), kind.to_owned())),
        None => Ok(body),
    }
}

fn call(members: &Members, args: Option<Arguments>) -> Read<EventBody> {
    Ok(EventBody::Call {
        tool: text(members, "tool")?.into(),
        args: args.ok_or(EventError::Missing("args"))?,
        retry_of: optional_text(members, "retry_of")?.map(Into::into),
        cost: optional(members, "cost", "a number", Json::as_decimal)?,
    })
}

fn result(members: &Members) -> Read<EventBody> {
    let labels = optional(members, "labels", "a list", Json::as_array)?.unwrap_or_default();
    let labels = labels.iter().map(|label| label.as_str().map(str::to_owned));
    let labels: Option<Vec<String>> = labels.collect();
    Ok(EventBody::Result {
        call: text(members, "call")?.into(),
        ok: optional(members, "ok", "a boolean", Json::as_bool)?
            .ok_or(EventError::Missing("ok"))?,
        result: members.get("result").cloned().unwrap_or(Json::Null),
        labels: labels.ok_or(EventError::WrongType("labels", "not a list of strings"))?,
    })
}

fn approve(members: &Members) -> Read<EventBody> {
    Ok(EventBody::Approve {
        role: text(members, "role")?.to_owned(),
        call: text(members, "for")?.into(),
        by: optional_text(members, "by")?.map(str::to_owned),
    })
}

fn window(members: &Members) -> Read<EventBody> {
    Ok(EventBody::Window {
        name: text(members, "name")?.to_owned(),
        open: optional(members, "open", "a boolean", Json::as_bool)?
            .ok_or(EventError::Missing("open"))?,
    })
}

fn record(members: &Members) -> Read<Json> {
    match (members.get("record"), members.get("text")) {
        (Some(_), Some(_)) => Err(EventError::Both("record", "text")),
        (record, text) => record.or(text).cloned().ok_or(EventError::Missing("record")),
    }
}

fn tags(members: &Members) -> Read<BTreeMap<String, String>> {
    let tags = optional(members, "tags", "an object", Json::as_object)?;
    let pairs = tags
        .into_iter()
        .flatten()
        .map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    pairs.collect::<Option<_>>().ok_or(EventError::WrongType("tags", "not an object of strings"))
}

fn text<'m>(members: &'m Members, name: &'static str) -> Read<&'m str> {
    optional_text(members, name)?.ok_or(EventError::Missing(name))
}

fn optional_text<'m>(members: &'m Members, name: &'static str) -> Read<Option<&'m str>> {
    optional(members, name, "a string", Json::as_str)
}

fn optional<'m, T>(
    members: &'m Members,
    name: &'static str,
    wanted: &'static str,
    read: impl Fn(&'m Json) -> Option<T>,
) -> Read<Option<T>> {
    let wrong = match wanted {
        "a string" => "not a string",
        "a number" => "not a number",
        "a boolean" => "not a boolean",
        "a list" => "not a list",
        _ => "not an object",
    };
    members.get(name).map(|value| read(value).ok_or(EventError::WrongType(name, wrong))).transpose()
}

fn parse(text: &str, name: &'static str) -> Read<Timestamp> {
    text.parse().map_err(|_| EventError::WrongType(name, "not a time as RFC 3339 writes it"))
}

fn body_members(body: &EventBody) -> Members {
    let mut members = Members::new();
    let mut put = |key: &str, value: Json| members.insert(key.to_owned(), value);
    match body {
        EventBody::Start { tags } => {
            let tags = tags.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
            put("tags", Json::object(tags));
        }
        EventBody::End => {}
        EventBody::Request { text } | EventBody::Output { text } => {
            put("text", text.as_str().into());
        }
        EventBody::Log { record } => {
            put("record", record.clone());
        }
        EventBody::Call { tool, args, retry_of, cost } => {
            put("tool", tool.as_str().into());
            put("args", args.value_or_null().clone());
            optional_member(&mut put, "retry_of", retry_of.as_ref().map(|id| id.as_str().into()));
            optional_member(&mut put, "cost", cost.map(Decimal::into));
        }
        EventBody::Result { call, ok, result, labels } => {
            put("call", call.as_str().into());
            put("ok", (*ok).into());
            put("result", result.clone());
            put("labels", labels.iter().map(|label| Json::from(label.as_str())).collect());
        }
        EventBody::Approve { role, call, by } => {
            put("role", role.as_str().into());
            put("for", call.as_str().into());
            optional_member(&mut put, "by", by.as_deref().map(Json::from));
        }
        EventBody::Window { name, open } => {
            put("name", name.as_str().into());
            put("open", (*open).into());
        }
    }
    members
}

fn optional_member(
    put: &mut impl FnMut(&str, Json) -> Option<Json>,
    key: &str,
    value: Option<Json>,
) {
    if let Some(value) = value {
        put(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Event, EventError> {
        Event::from_json(&Json::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn every_kind_survives_a_round_trip() {
        for text in [
            r#"{"event":"start","id":"e","session":"s","tags":{"a":"b"}}"#,
            r#"{"event":"end","id":"e","session":"s"}"#,
            r#"{"event":"request","id":"e","session":"s","text":"hello"}"#,
            r#"{"event":"log","id":"e","record":{"a":1},"session":"s"}"#,
            r#"{"args":{"n":9007199254740993},"at":"2026-01-02T03:04:05Z","cost":0.01,"event":"call","id":"e","retry_of":"d","session":"s","tool":"a.b"}"#,
            r#"{"call":"c","event":"result","id":"e","labels":["x"],"ok":true,"result":null,"session":"s"}"#,
            r#"{"by":"ann","event":"approve","for":"c","id":"e","role":"lead","session":"s"}"#,
            r#"{"event":"window","id":"e","name":"freeze","open":true,"session":"s"}"#,
        ] {
            assert_eq!(read(text).unwrap().to_json().canonical(), text);
        }
    }

    #[test]
    fn what_is_no_event_says_why() {
        let said = |text| read(text).unwrap_err().to_string();
        assert_eq!(said("[]"), "an event is a JSON object, not array");
        assert_eq!(said(r#"{"event":"call","id":"e","session":"s"}"#), "the event has no `tool`");
        assert_eq!(
            said(r#"{"event":"end","id":"e","session":7}"#),
            "`session` of the event is not a string"
        );
        assert_eq!(
            said(r#"{"event":"log","id":"e","session":"s","record":{},"text":"a"}"#),
            "an event has `record` or `text`, not both"
        );
        assert_eq!(
            said(r#"{"event":"end","id":"e","session":"s","x":1}"#),
            "an event of kind end has no member `x`"
        );
        assert_eq!(
            said(r#"{"event":"end","id":"e","session":"s","at":"noon"}"#),
            "`at` of the event is not a time as RFC 3339 writes it"
        );
    }
}
