//! One JSON-RPC message: its bytes, and what they say.

use bounden_base::Json;
use bounden_base::json::{JsonText, Limits, Members};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::method::TOOLS_CALL;
use crate::rpc::{Id, MessageError, Refusal, RpcError};

/// A message that was read strictly; it keeps the text it was read from.
#[derive(Clone, Debug)]
pub struct Message {
    text: String,
    body: Body,
}

/// The three kinds of message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Wants an answer.
    Request(Request),
    /// Wants none.
    Notification(Notification),
    /// Is one.
    Response(Response),
}

/// A method call that wants an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The id that the answer repeats.
    pub id: Id,
    /// The method's name.
    pub method: String,
    /// An object, where given.
    pub params: Option<Json>,
    /// The `arguments` of a tool call, as they came: they are no part of `params`.
    pub arguments: Option<JsonText>,
}

/// A method call that wants no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The method's name.
    pub method: String,
    /// An object, where given.
    pub params: Option<Json>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The request's id; absent only where an error could not tell.
    pub id: Option<Id>,
    /// The result, or why there is none.
    pub outcome: Result<Json, RpcError>,
}

/// Members that decide what a message is. A reader that ignores case would let
/// `Method` stand in for `method`, so look-alikes are refused.
const MEMBERS: [&str; 6] = ["jsonrpc", "id", "method", "params", "result", "error"];

/// The parameter of a tool call that rules are about.
const ARGUMENTS: &str = "arguments";

impl Message {
    /// Reads one message within `limits`.
    ///
    /// # Errors
    /// Says why the bytes may not be acted on; see [`Refusal`].
    pub fn parse(bytes: &[u8], limits: Limits) -> Result<Self, MessageError> {
        let refuse = |refusal| MessageError { refusal, id: None };
        let (value, arguments) = Json::parse_but(bytes, limits, &["params", ARGUMENTS])
            .map_err(|error| refuse(Refusal::Json(Box::new(error))))?;
        let text = String::from_utf8_lossy(bytes).into_owned();
        let members = match value {
            Json::Object(members) => members,
            Json::Array(_) => return Err(refuse(Refusal::Batch)),
            other => return Err(refuse(Refusal::NotAnObject(other.type_name()))),
        };
        let id = members.get("id").and_then(|id| Id::from_json(id, &raw_id(&text)?));
        match body(members, arguments, id.clone()) {
            Ok(body) => Ok(Self { text, body }),
            Err(refusal) => Err(MessageError { refusal, id }),
        }
    }

    /// A request; a tool call is made by [`crate::Call`].
    #[must_use]
    pub fn request(id: Id, method: &str, params: Option<Json>) -> Self {
        Request { id, method: method.to_owned(), params, arguments: None }.into_message()
    }

    /// A notification.
    #[must_use]
    pub fn notification(method: &str, params: Option<Json>) -> Self {
        let text = written(None, &call_members(method, params.as_ref(), None));
        let method = method.to_owned();
        Self { text, body: Body::Notification(Notification { method, params }) }
    }

    /// The answer to the request `id`.
    #[must_use]
    pub fn result(id: Id, result: Json) -> Self {
        let text = written(Some(&id), &[("result", result.canonical())]);
        Self { text, body: Body::Response(Response { id: Some(id), outcome: Ok(result) }) }
    }

    /// The refusal of the request `id`, or of bytes that gave none.
    #[must_use]
    pub fn error(id: Option<Id>, error: RpcError) -> Self {
        let mut text = written(id.as_ref(), &[("error", error.to_json().canonical())]);
        if id.is_none() {
            // JSON-RPC 2.0, section 5: null where the id could not be read.
            text = text.replacen('{', "{\"id\":null,", 1);
        }
        Self { text, body: Body::Response(Response { id, outcome: Err(error) }) }
    }

    /// What the message says.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// What the message says, without its text.
    #[must_use]
    pub fn into_body(self) -> Body {
        self.body
    }

    /// The text as it was received or built.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text on one line, with a line feed at its end: the stdio transport's form.
    #[must_use]
    pub fn to_line(&self) -> String {
        // A string cannot hold a raw line break, so every one is mere space.
        let mut line = self.text.replace(['\n', '\r'], " ");
        line.push('\n');
        line
    }
}

impl Request {
    /// The message that carries it.
    #[must_use]
    pub fn into_message(self) -> Message {
        let Self { id, method, params, arguments } = &self;
        let text = written(Some(id), &call_members(method, params.as_ref(), arguments.as_ref()));
        Message { text, body: Body::Request(self) }
    }
}

fn body(
    mut members: Members,
    arguments: Option<JsonText>,
    id: Option<Id>,
) -> Result<Body, Refusal> {
    refuse_look_alikes(&members, &MEMBERS)?;
    if members.get("jsonrpc").and_then(Json::as_str) != Some("2.0") {
        return Err(Refusal::Version);
    }
    let has_id = members.contains_key("id");
    match (members.remove("method"), members.remove("result"), members.remove("error")) {
        (Some(method), None, None) => {
            let Json::String(method) = method else { return Err(Refusal::Method) };
            let params = params(members.remove("params"))?;
            let is_call = id.is_some() && method == TOOLS_CALL;
            let (params, arguments) = apart(params, arguments, is_call)?;
            match id {
                Some(id) => Ok(Body::Request(Request { id, method, params, arguments })),
                None if has_id => Err(Refusal::Id),
                None => Ok(Body::Notification(Notification { method, params })),
            }
        }
        (None, Some(result), None) => match id {
            Some(id) => Ok(Body::Response(Response { id: Some(id), outcome: Ok(result) })),
            None => Err(if has_id { Refusal::Id } else { Refusal::NoId }),
        },
        (None, None, Some(error)) => {
            let nameless = matches!(members.get("id"), None | Some(Json::Null));
            if id.is_none() && !nameless {
                return Err(Refusal::Id);
            }
            Ok(Body::Response(Response { id, outcome: Err(rpc_error(&error)?) }))
        }
        _ => Err(Refusal::Kind),
    }
}

/// Parameters by name; `null` is how some writers spell "none".
fn params(value: Option<Json>) -> Result<Option<Json>, Refusal> {
    match value {
        None | Some(Json::Null) => Ok(None),
        Some(object @ Json::Object(_)) => Ok(Some(object)),
        Some(_) => Err(Refusal::Params),
    }
}

/// Takes the arguments of a tool call out of its parameters, where a null stands
/// for them; to other methods they are a parameter as any other.
fn apart(
    params: Option<Json>,
    arguments: Option<JsonText>,
    is_call: bool,
) -> Result<(Option<Json>, Option<JsonText>), Refusal> {
    let (Some(Json::Object(mut members)), Some(text)) = (params.clone(), arguments) else {
        return Ok((params, None));
    };
    if is_call {
        members.remove(ARGUMENTS);
        return Ok((Some(members.into()), Some(text)));
    }
    let value = text.value().map_err(|error| Refusal::Json(Box::new(error)))?;
    members.insert(ARGUMENTS.to_owned(), value);
    Ok((Some(members.into()), None))
}

fn rpc_error(value: &Json) -> Result<RpcError, Refusal> {
    let code = value.get("code").and_then(Json::as_decimal);
    let code = code.and_then(|code| code.to_string().parse().ok());
    let message = value.get("message").and_then(Json::as_str);
    let (Some(code), Some(message)) = (code, message) else { return Err(Refusal::Error) };
    Ok(RpcError { code, message: message.to_owned(), data: value.get("data").cloned() })
}

/// Refuses members that equal one of `known` but for case.
pub(crate) fn refuse_look_alikes(members: &Members, known: &[&'static str]) -> Result<(), Refusal> {
    for key in members.keys().filter(|key| !known.contains(&key.as_str())) {
        // By way of upper case, since ſ and K fold to s and k only there.
        let folded = key.to_uppercase().to_lowercase();
        if let Some(name) = known.iter().find(|name| name.to_lowercase() == folded) {
            return Err(Refusal::LookAlike(key.clone(), name));
        }
    }
    Ok(())
}

/// The text of the id, which may differ from its value's canonical form.
fn raw_id(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct WithId<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    let message: WithId<'_> = serde_json::from_str(text).ok()?;
    Some(message.id.get().to_owned())
}

fn call_members(
    method: &str,
    params: Option<&Json>,
    arguments: Option<&JsonText>,
) -> Vec<(&'static str, String)> {
    let method = ("method", Json::from(method).canonical());
    let mut params = params.map(Json::canonical);
    if let Some(arguments) = arguments {
        let others = params.as_deref().and_then(|text| text.strip_prefix('{')).unwrap_or("}");
        let comma = if others == "}" { "" } else { "," };
        params = Some(format!("{{\"{ARGUMENTS}\":{arguments}{comma}{others}"));
    }
    std::iter::once(method).chain(params.map(|params| ("params", params))).collect()
}

fn written(id: Option<&Id>, members: &[(&str, String)]) -> String {
    let mut text = String::from("{");
    if let Some(id) = id {
        text.push_str(&format!("\"id\":{},", id.raw()));
    }
    text.push_str("\"jsonrpc\":\"2.0\"");
    for (name, value) in members {
        text.push_str(&format!(",\"{name}\":{value}"));
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests;
