//! The desk's side of the protocol, legacy era.

use std::io;

use bounden_base::Json;
use bounden_base::json::Limits;
use bounden_mcp::{
    Body, Call, CallResult, InitializeParams, InitializeResult, LineError, Message, Request,
    RpcError, ToolPage, code, method, negotiate,
};

use super::catalogue::{self, Part};
use super::data::Shop;
use super::journal::Journal;
use super::tools;

/// The version that the servers of the desk report.
const VERSION: &str = "2.1.0";

pub(super) struct Server {
    parts: Vec<Part>,
    shop: Shop,
    journal: Journal,
}

impl Server {
    /// A server of one part, or of the whole desk.
    pub(super) fn new(part: Option<Part>, journal: Journal) -> Self {
        let parts = part.map_or_else(|| Part::ALL.to_vec(), |part| vec![part]);
        Self { parts, shop: Shop::new(), journal }
    }

    /// The answer to one line, where it wants one.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(super) fn answer(
        &mut self,
        line: Result<Vec<u8>, LineError>,
    ) -> io::Result<Option<Message>> {
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
            method::TOOLS_LIST => Ok(self.list()),
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
        let name = match self.parts.as_slice() {
            [part] => part.name(),
            _ => "acme-support",
        };
        let answer = InitializeResult::new(
            negotiate(&offer.protocol_version),
            Json::object([("tools", Json::object::<&str>([]))]),
            Json::object([("name", Json::from(name)), ("version", Json::from(VERSION))]),
        );
        Ok(answer.into_json())
    }

    fn list(&self) -> Result<Json, RpcError> {
        let tools = catalogue::tools(&self.parts);
        let tools =
            tools.map_err(|error| RpcError::new(code::INTERNAL_ERROR, error.to_string()))?;
        Ok(ToolPage::of(tools).into_json())
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
        let Some(outcome) = self.run(&call.name, &arguments) else {
            let message = format!("there is no tool `{}`", call.name);
            return Ok(Err(RpcError::new(code::INVALID_PARAMS, message)));
        };
        self.journal.append(&call.name, arguments, outcome.is_ok())?;
        let result = match outcome {
            Ok(value) => CallResult::structured(value),
            Err(reason) => CallResult::text(&reason, true),
        };
        Ok(Ok(result.into_json()))
    }

    fn run(&mut self, tool: &str, arguments: &Json) -> Option<tools::Outcome> {
        let offered = catalogue::tools(&self.parts).ok()?;
        offered.iter().find(|offer| offer.name() == tool)?;
        tools::run(&mut self.shop, tool, arguments)
    }
}
