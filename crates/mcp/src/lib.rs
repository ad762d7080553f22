//! Messages and framing of the Model Context Protocol.
//!
//! JSON-RPC 2.0 read strictly ([`Message`]), lines cut from a byte stream
//! ([`Lines`]), and typed views of the few methods that a guard looks at.
//! Whatever no view touches keeps its bytes. Nothing here does I/O or knows a
//! rule.

mod call;
mod incoming;
mod initialize;
mod lines;
mod message;
mod rpc;
pub mod sse;
mod tool;

pub use call::{Call, CallResult};
pub use incoming::Incoming;
pub use initialize::{InitializeParams, InitializeResult, LEGACY_VERSIONS, negotiate};
pub use lines::{LineError, Lines};
pub use message::{Body, Message, Notification, Request, Response};
pub use rpc::{Id, MessageError, Refusal, RpcError, code};
pub use tool::{Tool, ToolPage};

/// Methods of the protocol by name.
pub mod method {
    /// Request: the handshake of the legacy era.
    pub const INITIALIZE: &str = "initialize";
    /// Notification: the client has read the answer to [`INITIALIZE`].
    pub const INITIALIZED: &str = "notifications/initialized";
    /// Request: is the other side alive?
    pub const PING: &str = "ping";
    /// Request: one page of tool definitions.
    pub const TOOLS_LIST: &str = "tools/list";
    /// Request: run a tool.
    pub const TOOLS_CALL: &str = "tools/call";
    /// Notification: the list of tools is another one now.
    pub const TOOLS_CHANGED: &str = "notifications/tools/list_changed";
    /// Notification: the sender no longer waits for a request's answer.
    pub const CANCELLED: &str = "notifications/cancelled";
    /// Notification: how far a request has come.
    pub const PROGRESS: &str = "notifications/progress";
}
