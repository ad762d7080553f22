//! An MCP client of the legacy era: one request at a time.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use bounden_base::Json;
use bounden_mcp::{
    Body, Call, CallResult, Id, InitializeParams, InitializeResult, LEGACY_VERSIONS, Message,
    RpcError, Tool, ToolPage, code, method,
};
use tokio::time::timeout;

use crate::ConnectError;
use crate::http::{Endpoint, Reply};
use crate::stdio::Process;

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A program to start.
    Command {
        /// Program and arguments.
        command: Vec<String>,
        /// Where it runs; this process's own folder, if absent.
        directory: Option<PathBuf>,
        /// Variables that it gets beside those of this process.
        environment: BTreeMap<String, String>,
    },
    /// An http or https address.
    Url(String),
}

/// How long is waited for a server.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the answer to the handshake, the start of the program included.
    pub start: Duration,
    /// For each other answer.
    pub request: Duration,
    /// For its end after it was told to; a program is killed then.
    pub close: Duration,
}

/// A connection to one server, after the handshake.
pub struct Client {
    transport: Transport,
    timeouts: Timeouts,
    server: InitializeResult,
    last_id: i64,
}

enum Transport {
    Stdio(Box<Process>),
    Http(Box<Endpoint>, Box<Reply>),
}

/// Pages of tools after which a server is taken to go round in circles.
const PAGE_LIMIT: usize = 1000;

impl Default for Timeouts {
    /// 30 seconds to start, 60 to answer, 2 to end.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { start: seconds(30), request: seconds(60), close: seconds(2) }
    }
}

impl Client {
    /// Starts or reaches a server and shakes hands with it.
    ///
    /// # Errors
    /// The server cannot be reached or speaks no version of the legacy era.
    pub async fn connect(source: &Source, timeouts: Timeouts) -> Result<Self, ConnectError> {
        let transport = match source {
            Source::Command { command, directory, environment } => {
                let process = Process::start(command, directory.as_deref(), environment)?;
                Transport::Stdio(Box::new(process))
            }
            Source::Url(url) => Transport::Http(Box::new(Endpoint::new(url)?), Box::default()),
        };
        let nothing = Json::object::<&str>([]);
        let server = InitializeResult::new("", nothing.clone(), nothing);
        let mut client = Self { transport, timeouts, server, last_id: 0 };
        client.shake_hands().await?;
        Ok(client)
    }

    /// What the server said of itself in the handshake.
    #[must_use]
    pub fn server(&self) -> &InitializeResult {
        &self.server
    }

    /// Every tool of the server, in its order.
    ///
    /// # Errors
    /// As [`Client::request`]; a list without end, a name that is listed twice.
    pub async fn tools(&mut self) -> Result<Vec<Tool>, ConnectError> {
        let mut tools: Vec<Tool> = Vec::new();
        let mut params = None;
        for _ in 0..PAGE_LIMIT {
            let page = self.request(method::TOOLS_LIST, params).await?;
            let page = ToolPage::from_json(page).ok_or(ConnectError::Shape(method::TOOLS_LIST))?;
            for tool in page.tools {
                if tools.iter().any(|known| known.name() == tool.name()) {
                    return Err(ConnectError::Listing(format!("names `{}` twice", tool.name())));
                }
                tools.push(tool);
            }
            let Some(cursor) = page.next_cursor else { return Ok(tools) };
            params = Some(Json::object([("cursor", Json::from(cursor))]));
        }
        Err(ConnectError::Listing(format!("has more than {PAGE_LIMIT} pages")))
    }

    /// Calls a tool.
    ///
    /// # Errors
    /// As [`Client::request`]. A tool that fails is a result, not an error.
    pub async fn call(&mut self, tool: &str, arguments: Json) -> Result<CallResult, ConnectError> {
        let id = self.next_id();
        let result = self.exchange(Call::new(tool, arguments).into_request(id)).await?;
        CallResult::from_json(result).ok_or(ConnectError::Shape(method::TOOLS_CALL))
    }

    /// Asks for any method's result.
    ///
    /// # Errors
    /// The server refuses, does not answer in time, ends, or says what is no message.
    pub async fn request(
        &mut self,
        method: &str,
        params: Option<Json>,
    ) -> Result<Json, ConnectError> {
        let id = self.next_id();
        self.exchange(Message::request(id, method, params)).await
    }

    /// Ends the connection and the server's process.
    ///
    /// # Errors
    /// A process that cannot be killed.
    pub async fn close(self) -> Result<(), ConnectError> {
        match self.transport {
            Transport::Stdio(process) => process.close(self.timeouts.close).await,
            Transport::Http(endpoint, _) => {
                // A server that does not end its session will do so by itself.
                let _ = timeout(self.timeouts.close, endpoint.close()).await;
                Ok(())
            }
        }
    }

    async fn shake_hands(&mut self) -> Result<(), ConnectError> {
        let [.., newest] = LEGACY_VERSIONS;
        let offer = InitializeParams {
            protocol_version: newest.to_owned(),
            capabilities: Json::object::<&str>([]),
            client_info: Json::object([
                ("name", Json::from("bounden")),
                ("version", Json::from(env!("CARGO_PKG_VERSION"))),
            ]),
        };
        let usual = std::mem::replace(&mut self.timeouts.request, self.timeouts.start);
        let answer = self.request(method::INITIALIZE, Some(offer.to_json())).await;
        self.timeouts.request = usual;
        let answer = InitializeResult::from_json(answer?)
            .filter(|answer| LEGACY_VERSIONS.contains(&answer.protocol_version()));
        self.server = answer.ok_or(ConnectError::Shape(method::INITIALIZE))?;
        if let Transport::Http(endpoint, _) = &self.transport {
            endpoint.speak(self.server.protocol_version());
        }
        let ready = Message::notification(method::INITIALIZED, None);
        match timeout(self.timeouts.start, self.transport.send(&ready)).await {
            Err(_) => Err(self.late(method::INITIALIZED, self.timeouts.start)),
            Ok(sent) => sent,
        }
    }

    async fn exchange(&mut self, request: Message) -> Result<Json, ConnectError> {
        let (id, method) = match request.body() {
            Body::Request(request) => (request.id.clone(), request.method.clone()),
            _ => return Err(ConnectError::Shape("request")),
        };
        let limit = self.timeouts.request;
        match timeout(limit, self.transport.answer(&request, &id)).await {
            Err(_) => Err(ConnectError::Timeout { method, limit, stderr: self.transport.stderr() }),
            Ok(answer) => answer?.map_err(|error| ConnectError::Refused(method, error)),
        }
    }

    fn late(&self, method: &str, limit: Duration) -> ConnectError {
        ConnectError::Timeout { method: method.to_owned(), limit, stderr: self.transport.stderr() }
    }

    fn next_id(&mut self) -> Id {
        self.last_id += 1;
        Id::number(self.last_id)
    }
}

impl Transport {
    /// Sends a request and waits for its answer; answers what the server asks meanwhile.
    async fn answer(
        &mut self,
        request: &Message,
        id: &Id,
    ) -> Result<Result<Json, RpcError>, ConnectError> {
        self.send(request).await?;
        loop {
            match self.receive().await?.into_body() {
                Body::Response(response) if response.id.as_ref() == Some(id) => {
                    return Ok(response.outcome);
                }
                Body::Request(asked) => self.send(&reply(asked)).await?,
                Body::Notification(_) | Body::Response(_) => {}
            }
        }
    }

    async fn send(&mut self, message: &Message) -> Result<(), ConnectError> {
        match self {
            Self::Stdio(process) => process.send(message).await,
            Self::Http(endpoint, reply) => {
                let answer = endpoint.post(message).await?;
                // An answer to what the server asked must not replace the stream it came by.
                if matches!(message.body(), Body::Request(_)) {
                    **reply = answer;
                }
                Ok(())
            }
        }
    }

    async fn receive(&mut self) -> Result<Message, ConnectError> {
        match self {
            Self::Stdio(process) => process.receive().await,
            Self::Http(_, reply) => {
                reply.next().await?.ok_or_else(|| ConnectError::Ended(String::new()))
            }
        }
    }

    fn stderr(&self) -> String {
        match self {
            Self::Stdio(process) => process.stderr(),
            Self::Http(..) => String::new(),
        }
    }
}

/// This client offers no capability, so it answers pings and nothing else.
fn reply(asked: bounden_mcp::Request) -> Message {
    if asked.method == method::PING {
        return Message::result(asked.id, Json::object::<&str>([]));
    }
    let message = format!("this client has no `{}`", asked.method);
    Message::error(Some(asked.id), RpcError::new(code::METHOD_NOT_FOUND, message))
}
