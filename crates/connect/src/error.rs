//! Why a server could not be reached or understood.

use std::io;
use std::time::Duration;

use bounden_mcp::sse::EventTooLong;
use bounden_mcp::{LineError, MessageError, RpcError};
use bounden_policy::ContractsError;

/// A server could not be reached or understood.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// A command without a program.
    #[error("the command to start the server is empty")]
    NoCommand,
    /// The program does not start.
    #[error("`{0}` cannot be started: {1}")]
    Start(String, io::Error),
    /// The server process ended; the last that it said on stderr.
    #[error("the server has ended{}", said(.0))]
    Ended(String),
    /// No answer in time.
    #[error("the server did not answer `{method}` within {} seconds{}", .limit.as_secs_f64(), said(.stderr))]
    Timeout {
        /// The method that was asked.
        method: String,
        /// How long was waited.
        limit: Duration,
        /// The last that the server said on stderr.
        stderr: String,
    },
    /// The pipe to or from the server broke.
    #[error("the connection to the server broke: {0}")]
    Io(#[from] io::Error),
    /// A line of the server was lost.
    #[error("the server's output cannot be read: {0}")]
    Line(#[from] LineError),
    /// An event of a streamed answer is too long.
    #[error("the server's stream cannot be read: {0}")]
    Event(#[from] EventTooLong),
    /// What the server sent is no message.
    #[error("the server sent something that is no message: {0}")]
    Message(#[from] MessageError),
    /// The server refused.
    #[error("the server refused `{0}`: {1}")]
    Refused(String, RpcError),
    /// The server's result has another shape than the method's.
    #[error("the server's result of `{0}` is not what the protocol says")]
    Shape(&'static str),
    /// The server's lists go on for ever, or list one name twice.
    #[error("the server's list of tools {0}")]
    Listing(String),
    /// A definition cannot be pinned.
    #[error(transparent)]
    Contract(#[from] ContractsError),
    /// One of several servers.
    #[error("server `{0}`: {1}")]
    Server(String, Box<ConnectError>),
    /// An address that is not `http://` or `https://`.
    #[error("`{0}` is not an http or https address")]
    Address(String),
    /// The HTTP connection failed.
    #[error("{0} cannot be reached: {1}")]
    Http(String, String),
    /// The HTTP answer is no answer of an MCP server.
    #[error("{url} answered with status {status}{}", said(.body))]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The start of the body.
        body: String,
    },
}

fn said(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { String::new() } else { format!("; it said: {text}") }
}
