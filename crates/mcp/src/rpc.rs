//! Ids and errors of JSON-RPC 2.0.

use std::cmp::Ordering;
use std::fmt;

use bounden_base::{Decimal, Json, JsonError};

/// Error codes of JSON-RPC 2.0, section 5.1.
pub mod code {
    /// The bytes are not JSON.
    pub const PARSE_ERROR: i64 = -32700;
    /// The JSON is not a message.
    pub const INVALID_REQUEST: i64 = -32600;
    /// The receiver does not know the method.
    pub const METHOD_NOT_FOUND: i64 = -32601;
    /// The parameters do not fit the method.
    pub const INVALID_PARAMS: i64 = -32602;
    /// The receiver failed.
    pub const INTERNAL_ERROR: i64 = -32603;
}

/// The id of a request: a string or a number, echoed with the digits it came in.
///
/// Two ids are equal where their values are: `1` answers `1.0`.
#[derive(Clone, Debug)]
pub struct Id {
    value: IdValue,
    raw: Box<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum IdValue {
    Number(Decimal),
    Text(String),
}

/// The error member of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcError {
    /// One of [`code`], or a code of the method's own.
    pub code: i64,
    /// One sentence.
    pub message: String,
    /// Whatever else the sender says.
    pub data: Option<Json>,
}

/// Bytes are not a message that may be acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageError {
    /// What is wrong.
    pub refusal: Refusal,
    /// The id to answer to, where the bytes still gave one.
    pub id: Option<Id>,
}

/// Why bytes are not a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not strict JSON: syntax, size, depth, duplicate keys, UTF-8, a second value.
    #[error("the message is not valid JSON: {0}")]
    Json(Box<JsonError>),
    /// A list of messages.
    #[error("batches of messages are not accepted; send one message at a time")]
    Batch,
    /// Neither an object nor a list.
    #[error("a message is a JSON object, not {0}")]
    NotAnObject(&'static str),
    /// Another version of JSON-RPC, or none.
    #[error("`jsonrpc` has to be \"2.0\"")]
    Version,
    /// An id that is neither a string nor a number.
    #[error("`id` has to be a string or a number")]
    Id,
    /// A method that is not a string.
    #[error("`method` has to be a string")]
    Method,
    /// Parameters that are not an object.
    #[error("`params` has to be an object")]
    Params,
    /// A message without method, result and error, or with several of them.
    #[error("a message has exactly one of `method`, `result` and `error`")]
    Kind,
    /// A result without the id of its request.
    #[error("a response needs the `id` of its request")]
    NoId,
    /// An error member of another shape.
    #[error("`error` has to be an object with an integer `code` and a string `message`")]
    Error,
    /// A member that a lenient reader would take for another one.
    #[error("`{0}` could be mistaken for `{1}`")]
    LookAlike(String, &'static str),
}

impl Id {
    /// The id with the value `number`.
    #[must_use]
    pub fn number(number: i64) -> Self {
        let number = Decimal::from(number);
        Self { raw: number.to_string().into(), value: IdValue::Number(number) }
    }

    /// The id with the value `text`.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self { raw: Json::from(text).canonical().into(), value: IdValue::Text(text.to_owned()) }
    }

    /// The id that `value` is, written as `raw`; `None` for other types.
    #[must_use]
    pub fn from_json(value: &Json, raw: &str) -> Option<Self> {
        let value = match value {
            Json::Number(number) => IdValue::Number(*number),
            Json::String(text) => IdValue::Text(text.clone()),
            _ => return None,
        };
        Some(Self { value, raw: raw.into() })
    }

    /// The JSON text, as it was received.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The value, with its type.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match &self.value {
            IdValue::Number(number) => Json::Number(*number),
            IdValue::Text(text) => Json::from(text.as_str()),
        }
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Id {}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.value, &other.value) {
            (IdValue::Number(a), IdValue::Number(b)) => a.cmp(b),
            (IdValue::Text(a), IdValue::Text(b)) => a.cmp(b),
            (IdValue::Number(_), IdValue::Text(_)) => Ordering::Less,
            (IdValue::Text(_), IdValue::Number(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.raw)
    }
}

impl RpcError {
    /// An error without data.
    #[must_use]
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// The member `error` of a response.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let head = [("code", Json::from(self.code)), ("message", self.message.as_str().into())];
        Json::object(head.into_iter().chain(self.data.clone().map(|data| ("data", data))))
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for RpcError {}

impl MessageError {
    /// What the sender is told.
    #[must_use]
    pub fn to_rpc(&self) -> RpcError {
        let code = match self.refusal {
            Refusal::Json(_) => code::PARSE_ERROR,
            Refusal::Params => code::INVALID_PARAMS,
            _ => code::INVALID_REQUEST,
        };
        RpcError::new(code, self.refusal.to_string())
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl std::error::Error for MessageError {}
