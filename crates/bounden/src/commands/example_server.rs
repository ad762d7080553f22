//! An MCP server over stdio for examples: the protocol's side of it, legacy era.

use std::io;

use bounden_base::Json;
use bounden_base::json::Limits;
use bounden_mcp::{
    Body, Call, CallResult, InitializeParams, InitializeResult, LineError, Lines, Message, Request,
    RpcError, Tool, ToolPage, code, method, negotiate,
};

/// What became of a call: data, or why it failed.
pub(crate) type Outcome = Result<Json, String>;

/// What a server offers.
pub(crate) trait Offer {
    /// Who the server says it is: name and version.
    fn identity(&self) -> (&str, &str);

    /// Its tools, in its order.
    fn tools(&self) -> Vec<Tool>;

    /// Runs a tool that is offered.
    ///
    /// # Errors
    /// What the server keeps of its calls cannot be written.
    fn call(&mut self, tool: &str, arguments: Json) -> io::Result<Outcome>;
}

/// Longest line that a client may send, in bytes.
const LINE_LIMIT: usize = 1 << 20;

/// Answers one line after the other until the client closes its end.
///
/// # Errors
/// The client is gone, or [`Offer::call`] fails.
pub(crate) fn serve(
    offer: &mut impl Offer,
    mut input: impl io::Read,
    mut output: impl io::Write,
) -> io::Result<()> {
    let mut server = Server { offer };
    let mut lines = Lines::new(LINE_LIMIT);
    let mut chunk = [0; 8192];
    loop {
        let read = input.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        lines.push(chunk.get(..read).unwrap_or_default());
        while let Some(line) = lines.pop() {
            if let Some(answer) = server.answer(line)? {
                output.write_all(answer.to_line().as_bytes())?;
                output.flush()?;
            }
        }
    }
}

struct Server<'o, O> {
    offer: &'o mut O,
}

impl<O: Offer> Server<'_, O> {
    /// The answer to one line, where it wants one.
    ///
    /// # Errors
    /// As [`Offer::call`].
    fn answer(&mut self, line: Result<Vec<u8>, LineError>) -> io::Result<Option<Message>> {
        let line = match line {
            Ok(line) => line,
            Err(lost) => {
                let error = RpcError::new(code::PARSE_ERROR, lost.to_string());
                return Ok(Some(Message::error(None, error)));
            }
        };
        let message = match Message::parse(&line, Limits::default()) {
            Ok(message) => message,
            Err(error) => {
                let told = error.to_rpc();
                return Ok(Some(Message::error(error.id, told)));
            }
        };
        let Body::Request(request) = message.into_body() else { return Ok(None) };
        let answer = match self.handle(&request)? {
            Ok(result) => Message::result(request.id, result),
            Err(error) => Message::error(Some(request.id), error),
        };
        Ok(Some(answer))
    }

    fn handle(&mut self, request: &Request) -> io::Result<Result<Json, RpcError>> {
        match request.method.as_str() {
            method::TOOLS_CALL => self.call(request),
            method::TOOLS_LIST => Ok(Ok(self.list())),
            method::INITIALIZE => Ok(self.initialize(request)),
            method::PING => Ok(Ok(Json::object::<&str>([]))),
            other => {
                let message = format!("there is no method `{other}`");
                Ok(Err(RpcError::new(code::METHOD_NOT_FOUND, message)))
            }
        }
    }

    fn initialize(&self, request: &Request) -> Result<Json, RpcError> {
        let offer = request.params.as_ref().and_then(InitializeParams::from_json);
        let offer = offer.ok_or_else(|| {
            RpcError::new(
                code::INVALID_PARAMS,
                "`initialize` needs `protocolVersion`, `capabilities` and `clientInfo`",
            )
        })?;
        let (name, version) = self.offer.identity();
        let answer = InitializeResult::new(
            negotiate(&offer.protocol_version),
            Json::object([("tools", Json::object::<&str>([]))]),
            Json::object([("name", Json::from(name)), ("version", Json::from(version))]),
        );
        Ok(answer.into_json())
    }

    fn list(&self) -> Json {
        ToolPage::of(self.offer.tools()).into_json()
    }

    fn call(&mut self, request: &Request) -> io::Result<Result<Json, RpcError>> {
        let call = match Call::from_request(request) {
            Ok(call) => call,
            Err(error) => return Ok(Err(error)),
        };
        let arguments = match call.arguments.value() {
            Ok(arguments) => arguments,
            Err(error) => {
                return Ok(Err(RpcError::new(code::INVALID_PARAMS, error.to_string())));
            }
        };
        if self.offer.tools().iter().all(|tool| tool.name() != call.name) {
            let message = format!("there is no tool `{}`", call.name);
            return Ok(Err(RpcError::new(code::INVALID_PARAMS, message)));
        }
        let result = match self.offer.call(&call.name, arguments)? {
            Ok(value) => CallResult::structured(value),
            Err(reason) => CallResult::text(&reason, true),
        };
        Ok(Ok(result.into_json()))
    }
}
