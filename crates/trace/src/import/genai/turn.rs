//! Messages as spans carry them, in all their dialects, as one kind of turn.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::span::{Attribute, Span};
use crate::Payload;
use crate::import::field::{Function, Name};
use crate::run::Call;

/// Who speaks in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    User,
    Assistant,
    Tool,
    System,
}

/// One message, owning what it says, since it was decoded out of an attribute.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) role: Role,
    pub(super) words: Vec<String>,
    pub(super) calls: Vec<TurnCall>,
    pub(super) answers: Vec<Answer>,
    /// The event of the last words that were left out of it, since they are known.
    pub(super) repeats: Option<usize>,
}

/// A call that the model asks for.
#[derive(Clone, Debug)]
pub(super) struct TurnCall {
    pub(super) id: Option<String>,
    pub(super) tool: String,
    pub(super) arguments: Option<Payload<'static>>,
}

/// A tool's answer as the model sees it.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) id: Option<String>,
    pub(super) tool: Option<String>,
    pub(super) content: Option<Payload<'static>>,
}

impl TurnCall {
    /// The call as an event has it.
    pub(super) fn call<'a>(self) -> Call<'a> {
        Call::by_agent(self.id.map(Cow::Owned), Cow::Owned(self.tool), self.arguments)
    }
}

/// A message of OpenTelemetry (`parts`), OpenAI (`content`, `tool_calls`) or Gemini (`parts`).
#[derive(Deserialize, Default)]
#[serde(default)]
struct RawMessage<'a> {
    #[serde(borrow)]
    role: Option<Name<'a>>,
    #[serde(borrow)]
    parts: Option<Vec<RawPart<'a>>>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_calls: Option<Vec<RawCall<'a>>>,
    #[serde(borrow)]
    tool_call_id: Option<Name<'a>>,
    #[serde(borrow)]
    id: Option<Name<'a>>,
    #[serde(borrow)]
    name: Option<Name<'a>>,
    /// `gen_ai.choice` wraps the message.
    #[serde(borrow)]
    message: Option<Box<RawMessage<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawPart<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Name<'a>>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<Name<'a>>,
    #[serde(borrow)]
    name: Option<Name<'a>>,
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
    #[serde(borrow, alias = "args")]
    input: Option<&'a RawValue>,
    #[serde(borrow, alias = "result")]
    response: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_use_id: Option<Name<'a>>,
    #[serde(borrow, alias = "functionCall")]
    function_call: Option<Box<RawPart<'a>>>,
    #[serde(borrow, alias = "functionResponse")]
    function_response: Option<Box<RawPart<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawCall<'a> {
    #[serde(borrow)]
    id: Option<Name<'a>>,
    #[serde(borrow)]
    name: Option<Name<'a>>,
    #[serde(borrow)]
    function: Option<Function<'a>>,
    #[serde(borrow, alias = "args")]
    arguments: Option<&'a RawValue>,
}

/// The messages of a JSON text: a list, or one message.
pub(super) fn turns(json: &str) -> Option<Vec<Turn>> {
    let json = json.trim();
    let messages: Vec<RawMessage<'_>> = match json.as_bytes().first()? {
        b'[' => serde_json::from_str(json).ok()?,
        b'{' => vec![serde_json::from_str(json).ok()?],
        _ => return None,
    };
    Some(messages.into_iter().map(RawMessage::turn).collect())
}

/// The messages of a Gemini request (`contents`) or response (`content`), as ADK records them.
pub(super) fn gemini_turns(json: &str) -> Option<Vec<Turn>> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow, default)]
        contents: Vec<RawMessage<'a>>,
        #[serde(borrow, default)]
        content: Option<RawMessage<'a>>,
    }
    let envelope: Envelope<'_> = serde_json::from_str(json).ok()?;
    Some(envelope.contents.into_iter().chain(envelope.content).map(RawMessage::turn).collect())
}

/// The message that an event of up to version 1.36 carries (`gen_ai.user.message`
/// and its like), given its name and its body.
pub(super) fn event_turn(name: &str, body: &str) -> Option<Turn> {
    let mut message: RawMessage<'_> = serde_json::from_str(body).ok()?;
    if let Some(inner) = message.message.take() {
        message = *inner;
    }
    let role = match name {
        "gen_ai.user.message" => Role::User,
        "gen_ai.tool.message" => Role::Tool,
        "gen_ai.system.message" => Role::System,
        "gen_ai.assistant.message" | "gen_ai.choice" => Role::Assistant,
        _ => return None,
    };
    Some(message.turn_of(role))
}

/// Messages that are spread over attributes `PREFIX.N.FIELD` (OpenLLMetry) or
/// `PREFIX.N.message.FIELD` (OpenInference), in the order of N.
pub(super) fn indexed_turns(span: &Span<'_>, prefix: &str) -> Vec<Turn> {
    let mut turns: Vec<(usize, Turn)> = Vec::new();
    for Attribute { key, value } in &span.attributes {
        let Some((index, field)) = indexed(key, prefix) else { continue };
        let field = field.strip_prefix("message.").unwrap_or(field);
        let place = match turns.iter().position(|(at, _)| *at == index) {
            Some(place) => place,
            None => {
                turns.push((index, Turn::empty(Role::User)));
                turns.len() - 1
            }
        };
        if let Some((_, turn)) = turns.get_mut(place) {
            turn.set(field, value);
        }
    }
    turns.sort_by_key(|(index, _)| *index);
    turns.into_iter().map(|(_, turn)| turn.settled()).collect()
}

/// `PREFIX.N.REST` as N and REST.
fn indexed<'k>(key: &'k str, prefix: &str) -> Option<(usize, &'k str)> {
    let (index, field) = key.strip_prefix(prefix)?.strip_prefix('.')?.split_once('.')?;
    Some((index.parse().ok()?, field))
}

impl Turn {
    fn empty(role: Role) -> Self {
        Self { role, words: Vec::new(), calls: Vec::new(), answers: Vec::new(), repeats: None }
    }

    /// Sets one field of a message that is spread over attributes.
    fn set(&mut self, field: &str, value: &Payload<'_>) {
        let text = || value.text().into_owned();
        match field {
            "role" => self.role = role(&value.text()),
            "content" => self.words.push(text()),
            "tool_call_id" => {
                let answer = Answer { id: Some(text()), tool: None, content: None };
                self.answers.push(answer);
            }
            _ => {
                let Some((index, field)) = indexed(field, "tool_calls") else { return };
                while self.calls.len() <= index && index < 1024 {
                    let tool = String::new();
                    self.calls.push(TurnCall { id: None, tool, arguments: None });
                }
                let Some(call) = self.calls.get_mut(index) else { return };
                match field.strip_prefix("tool_call.").unwrap_or(field) {
                    "id" => call.id = Some(text()),
                    "name" | "function.name" => call.tool = text(),
                    "arguments" | "function.arguments" => {
                        call.arguments = Some(value.clone().into_owned());
                    }
                    _ => {}
                }
            }
        }
    }

    /// A tool's message speaks the answer.
    fn settled(mut self) -> Self {
        if self.role == Role::Tool {
            let content = self.words.pop().map(Payload::from_text);
            match self.answers.first_mut() {
                Some(answer) => answer.content = content,
                None => self.answers.push(Answer { id: None, tool: None, content }),
            }
        }
        self
    }
}

impl RawMessage<'_> {
    fn turn(self) -> Turn {
        let role = self.role.as_ref().map_or(Role::User, |name| role(&name.0));
        self.turn_of(role)
    }

    fn turn_of(self, role: Role) -> Turn {
        let mut turn = Turn::empty(role);
        for part in self.parts.into_iter().flatten() {
            part.add_to(&mut turn);
        }
        if role == Role::Tool && turn.answers.is_empty() {
            let id = self.tool_call_id.or(self.id).map(|name| name.0.into_owned());
            let tool = self.name.map(|name| name.0.into_owned());
            let content = self.content.and_then(owned);
            turn.answers.push(Answer { id, tool, content });
        } else if let Some(content) = self.content {
            match serde_json::from_str::<Vec<RawPart<'_>>>(content.get()) {
                Ok(parts) => parts.into_iter().for_each(|part| part.add_to(&mut turn)),
                Err(_) => turn.say(content),
            }
        }
        for call in self.tool_calls.into_iter().flatten() {
            let function = call.function.unwrap_or_default().0;
            let tool = call.name.or(function.name).map(|name| name.0.into_owned());
            turn.calls.push(TurnCall {
                id: call.id.map(|name| name.0.into_owned()),
                tool: tool.unwrap_or_default(),
                arguments: call.arguments.or(function.arguments).and_then(owned),
            });
        }
        turn
    }
}

impl Turn {
    fn say(&mut self, raw: &RawValue) {
        let words = Payload::Json(Cow::Borrowed(raw.get())).text().into_owned();
        if !words.is_empty() && words != "null" {
            self.words.push(words);
        }
    }
}

impl RawPart<'_> {
    fn add_to(self, turn: &mut Turn) {
        if let Some(call) = self.function_call {
            turn.calls.push(call.call());
        } else if let Some(answer) = self.function_response {
            turn.answers.push(answer.answer());
        } else {
            match self.kind.as_ref().map_or("text", |kind| &*kind.0) {
                "tool_call" | "tool_use" => turn.calls.push(self.call()),
                "tool_call_response" | "tool_result" => turn.answers.push(self.answer()),
                "reasoning" | "thinking" => {}
                _ => {
                    if let Some(words) = self.content.or(self.text) {
                        turn.say(words);
                    }
                }
            }
        }
    }

    fn call(self) -> TurnCall {
        TurnCall {
            id: self.id.map(|name| name.0.into_owned()),
            tool: self.name.map(|name| name.0.into_owned()).unwrap_or_default(),
            arguments: self.arguments.or(self.input).and_then(owned),
        }
    }

    fn answer(self) -> Answer {
        Answer {
            id: self.id.or(self.tool_use_id).map(|name| name.0.into_owned()),
            tool: self.name.map(|name| name.0.into_owned()),
            content: self.response.or(self.content).and_then(owned),
        }
    }
}

fn owned(raw: &RawValue) -> Option<Payload<'static>> {
    (raw.get() != "null").then(|| Payload::Json(Cow::Owned(raw.get().to_owned())))
}

fn role(name: &str) -> Role {
    match name {
        "assistant" | "model" | "ai" => Role::Assistant,
        "tool" | "function" => Role::Tool,
        "system" | "developer" => Role::System,
        _ => Role::User,
    }
}
