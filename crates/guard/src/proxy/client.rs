//! What the client says.

use std::collections::BTreeMap;

use bounden_base::Json;
use bounden_mcp::{
    Body, Call, Id, InitializeParams, Message, Notification, Request, Response, RpcError, code,
    method,
};

use super::flight::Purpose;
use super::{Handshake, Proxy, Server, Settled};

/// Requests of servers to the client: the id that the client knows, the
/// server, and the server's own id.
pub(super) type Asked = BTreeMap<Id, (usize, Id)>;

impl Proxy {
    pub(super) async fn hear_client(&mut self, message: Message) {
        match message.body().clone() {
            Body::Request(request) => self.request(message, request).await,
            Body::Notification(notification) => self.notification(message, notification).await,
            Body::Response(response) => self.response(message, response).await,
        }
    }

    async fn request(&mut self, message: Message, request: Request) {
        let refusal = if self.flights.is_known(&request.id) {
            Some(RpcError::new(code::INVALID_REQUEST, "a request with this id is under way"))
        } else if matches!(self.handshake, Handshake::Done) || is_first(&request.method) {
            None
        } else {
            Some(RpcError::new(code::INVALID_REQUEST, "the first request is `initialize`"))
        };
        if let Some(refusal) = refusal {
            return self.tell_client(Message::error(Some(request.id), refusal)).await;
        }
        match request.method.as_str() {
            method::TOOLS_CALL => self.call(request).await,
            method::TOOLS_LIST => self.list(request).await,
            method::INITIALIZE => self.initialize(request).await,
            // The results of tasks would arrive where no rule sees them.
            other if other.starts_with("tasks/") || other == "server/discover" => {
                self.unknown_method(request).await;
            }
            method::PING if self.servers.len() > 1 => {
                let alive = Json::object::<&str>([]);
                self.tell_client(Message::result(request.id, alive)).await;
            }
            _ if self.servers.len() == 1 => self.pass(message, request.id).await,
            _ => self.unknown_method(request).await,
        }
    }

    async fn initialize(&mut self, request: Request) {
        let offer = request.params.as_ref().and_then(InitializeParams::from_json);
        let refusal = match (&self.handshake, offer) {
            (Handshake::Awaited, Some(_)) => None,
            (Handshake::Awaited, None) => Some("`initialize` lacks a required member"),
            _ => Some("`initialize` comes once"),
        };
        if let Some(refusal) = refusal {
            let error = RpcError::new(code::INVALID_PARAMS, refusal);
            return self.tell_client(Message::error(Some(request.id), error)).await;
        }
        let answers = self.servers.iter().map(|_| None).collect();
        self.handshake = Handshake::Underway { client: request.id, answers };
        for index in 0..self.servers.len() {
            let params = request.params.clone();
            self.ask(index, Purpose::Handshake, method::INITIALIZE, params).await;
        }
    }

    async fn call(&mut self, request: Request) {
        if self.servers.iter().any(|server| server.catalogue.is_none()) {
            return self.wait_for_tools(request).await;
        }
        let call = match Call::from_request(&request) {
            Ok(call) if !call.is_task() => call,
            Ok(_) => {
                let error = RpcError::new(code::INVALID_PARAMS, "tools do not run as tasks here");
                return self.refuse(request.id, error).await;
            }
            Err(error) => return self.refuse(request.id, error).await,
        };
        let tool = self.naming.meant(&call.name);
        let server = self.server_of(&tool);
        let withheld = match server.and_then(|index| self.servers.get(index)) {
            Some(server) => server.withheld(&tool).map(|doubt| doubt.to_string()),
            None if self.surface.tools.contains_key(&tool) => {
                Some("its server is not behind this guard".to_owned())
            }
            None => None,
        };
        let id = request.id;
        self.flights.hold(&id);
        let answer = self.point.call(tool, call.arguments.clone().into(), withheld);
        self.decisions
            .spawn(async move { Settled::Call { id, call, server, answer: answer.await } });
    }

    async fn refuse(&mut self, id: Id, error: RpcError) {
        self.flights.land(&id);
        self.tell_client(Message::error(Some(id), error)).await;
    }

    /// Keeps a call until the tools are compared with what was pinned.
    async fn wait_for_tools(&mut self, request: Request) {
        self.flights.hold(&request.id);
        self.waiting.push(request);
        for index in 0..self.servers.len() {
            let unasked = |server: &Server| server.catalogue.is_none() && !server.is_listing();
            if self.servers.get(index).is_some_and(unasked) {
                self.list_tools(index).await;
            }
        }
    }

    /// The tools are known by now.
    pub(super) async fn resume(&mut self) {
        for request in std::mem::take(&mut self.waiting) {
            if self.flights.is_cancelled(&request.id) {
                self.flights.land(&request.id);
            } else if request.method == method::TOOLS_LIST {
                self.flights.land(&request.id);
                let page = self.page();
                self.tell_client(Message::result(request.id, page)).await;
            } else {
                self.call(request).await;
            }
        }
    }

    async fn pass(&mut self, message: Message, id: Id) {
        self.flights.depart(&id, 0, Purpose::Passing);
        if !self.tell_server(0, message).await {
            let error = RpcError::new(code::INTERNAL_ERROR, "the server has ended");
            self.refuse(id, error).await;
        }
    }

    async fn unknown_method(&mut self, request: Request) {
        let message = format!("there is no method `{}` here", request.method);
        let error = RpcError::new(code::METHOD_NOT_FOUND, message);
        self.tell_client(Message::error(Some(request.id), error)).await;
    }

    async fn notification(&mut self, message: Message, notification: Notification) {
        match notification.method.as_str() {
            method::CANCELLED => {
                let id = notification.params.as_ref().and_then(|params| {
                    let id = params.get("requestId")?;
                    Id::from_json(id, &id.canonical())
                });
                if let Some(server) = id.and_then(|id| self.flights.cancel(&id)) {
                    self.tell_server(server, message).await;
                }
            }
            method::INITIALIZED => {
                for index in 0..self.servers.len() {
                    self.tell_server(index, message.clone()).await;
                    self.list_tools(index).await;
                }
            }
            // A server may run a `tools/call` that asks for no answer.
            other if !other.starts_with("notifications/") => {}
            _ => {
                for index in 0..self.servers.len() {
                    self.tell_server(index, message.clone()).await;
                }
            }
        }
    }

    /// The client's answer to what a server asked.
    async fn response(&mut self, message: Message, response: Response) {
        let asked = response.id.as_ref().and_then(|id| self.asked.remove(id));
        let Some((server, id)) = asked else { return };
        let message = match (response.id == Some(id.clone()), response.outcome) {
            (true, _) => message,
            (false, Ok(result)) => Message::result(id, result),
            (false, Err(error)) => Message::error(Some(id), error),
        };
        self.tell_server(server, message).await;
    }

    /// Asks a server in the guard's own name.
    pub(super) async fn ask(
        &mut self,
        server: usize,
        purpose: Purpose,
        method: &str,
        params: Option<Json>,
    ) -> bool {
        let id = self.flights.own_id();
        self.flights.depart(&id, server, purpose);
        self.tell_server(server, Message::request(id, method, params)).await
    }
}

fn is_first(method: &str) -> bool {
    matches!(method, method::INITIALIZE | method::PING | "server/discover")
}
