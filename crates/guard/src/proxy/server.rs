//! What the servers say.

use bounden_base::Json;
use bounden_mcp::{
    Body, CallResult, Id, Incoming, InitializeResult, LEGACY_VERSIONS, Message, Notification,
    Request, Response, RpcError, code, method,
};
use bounden_policy::EventId;

use super::flight::Purpose;
use super::{FromServer, Handshake, Proxy, Settled};

impl Proxy {
    pub(super) async fn hear_server(&mut self, event: FromServer) {
        let FromServer { server, incoming } = event;
        match incoming {
            Some(Incoming::Message(message)) => match message.body().clone() {
                Body::Response(response) => self.answer(server, message, response).await,
                Body::Request(request) => self.asks(server, message, request).await,
                Body::Notification(told) => self.tells(server, message, told).await,
            },
            Some(Incoming::Noise(why)) => self.say(&format!("{}: {why}", self.name(server))),
            // In both cases calls stay counted: they may well have run.
            Some(Incoming::Lost(id, why)) => {
                self.say(&format!("{}: {why}", self.name(server)));
                self.lose(server, &id, &why).await;
            }
            Some(Incoming::Unreadable(why)) => {
                self.say(&format!("{}: {why}", self.name(server)));
                self.strand(server, &why).await;
            }
            None => {
                if let Some(ended) = self.servers.get_mut(server) {
                    ended.to = None;
                }
                self.strand(server, "the server has ended").await;
                self.fail_handshake(server, "the server has ended").await;
                self.lose_tools(server).await;
            }
        }
    }

    /// The answer to one request will never come.
    async fn lose(&mut self, server: usize, id: &Id, why: &str) {
        let refused = || Err(RpcError::new(code::INTERNAL_ERROR, why));
        match self.flights.answered(id, server) {
            Some(Purpose::Handshake) => self.greeted(server, refused()).await,
            Some(Purpose::Listing) => self.listed(server, refused()).await,
            Some(Purpose::Call(_) | Purpose::Passing) => {
                self.flights.land(id);
                let error = RpcError::new(code::INTERNAL_ERROR, why);
                self.tell_client(Message::error(Some(id.clone()), error)).await;
            }
            None => {}
        }
    }

    async fn answer(&mut self, server: usize, message: Message, response: Response) {
        let purpose = response.id.as_ref().and_then(|id| self.flights.answered(id, server));
        let (Some(id), Some(purpose)) = (response.id, purpose) else {
            return self.say(&format!("{} answered what nobody asked", self.name(server)));
        };
        match purpose {
            Purpose::Passing => self.tell_client(message).await,
            Purpose::Handshake => self.greeted(server, response.outcome).await,
            Purpose::Listing => self.listed(server, response.outcome).await,
            Purpose::Call(call) => self.returned(id, &call, message, response.outcome),
        }
    }

    /// A tool has answered; the agent sees it only after the rules have.
    fn returned(
        &mut self,
        id: Id,
        call: &EventId,
        mut answer: Message,
        outcome: Result<Json, RpcError>,
    ) {
        let (ok, result) = match outcome {
            Ok(result) => match CallResult::from_json(result.clone()) {
                Some(result) => {
                    // What no rule has read does not pass where rules decide by reading.
                    let reduced = result.reduced().filter(|_| self.surface.judges_results);
                    if let Some(reduced) = reduced {
                        answer = Message::result(id.clone(), reduced.into_json());
                    }
                    (!result.is_error(), result.value())
                }
                None => (true, result),
            },
            Err(error) => (false, error.to_json()),
        };
        let decision = self.point.result(call, ok, result);
        self.decisions.spawn(async move {
            Settled::Result { id, answer: Box::new(answer), decision: Box::new(decision.await) }
        });
    }

    async fn greeted(&mut self, server: usize, outcome: Result<Json, RpcError>) {
        let answer = outcome.map_err(|error| error.to_string()).and_then(|result| {
            InitializeResult::from_json(result)
                .filter(|answer| LEGACY_VERSIONS.contains(&answer.protocol_version()))
                .ok_or_else(|| "its `initialize` answer is not what the protocol says".to_owned())
        });
        let answer = match answer {
            Ok(answer) => answer,
            Err(why) => return self.fail_handshake(server, &why).await,
        };
        if let Some(known) = self.servers.get_mut(server) {
            known.has_tools = answer.has_capability("tools");
        }
        let Handshake::Underway { client, answers } = &mut self.handshake else { return };
        if let Some(slot) = answers.get_mut(server) {
            *slot = Some(answer);
        }
        let Some(answers) = answers.iter().cloned().collect::<Option<Vec<_>>>() else { return };
        let client = client.clone();
        self.handshake = Handshake::Done;
        self.tell_client(Message::result(client, greeting(answers))).await;
    }

    async fn fail_handshake(&mut self, server: usize, why: &str) {
        let Handshake::Underway { client, .. } = &self.handshake else { return };
        let client = client.clone();
        self.handshake = Handshake::Awaited;
        let message = format!("{}: {why}", self.name(server));
        let error = RpcError::new(code::INTERNAL_ERROR, message);
        self.tell_client(Message::error(Some(client), error)).await;
    }

    /// A server wants something of the client.
    async fn asks(&mut self, server: usize, message: Message, request: Request) {
        if self.servers.len() == 1 {
            self.asked.insert(request.id.clone(), (server, request.id));
            return self.tell_client(message).await;
        }
        // Two servers may choose the same id.
        let id = self.flights.own_id();
        self.asked.insert(id.clone(), (server, request.id.clone()));
        self.tell_client(Request { id, ..request }.into_message()).await;
    }

    async fn tells(&mut self, server: usize, message: Message, told: Notification) {
        match told.method.as_str() {
            method::TOOLS_CHANGED => {
                self.tell_client(message).await;
                self.list_tools(server).await;
            }
            // Both can carry pieces of a result past the rules about results.
            method::PROGRESS if self.surface.filters_results => {
                let params = told.params.map(|params| without(params, "message"));
                self.tell_client(Message::notification(method::PROGRESS, params)).await;
            }
            "notifications/message" if self.surface.filters_results => {}
            _ => self.tell_client(message).await,
        }
    }

    /// Answers the client's requests that a server will not.
    async fn strand(&mut self, server: usize, why: &str) {
        for id in self.flights.stranded(server) {
            let error = RpcError::new(code::INTERNAL_ERROR, why);
            self.tell_client(Message::error(Some(id), error)).await;
        }
    }

    pub(super) fn name(&self, server: usize) -> &str {
        self.servers.get(server).map_or("a server", |server| server.name.as_str())
    }
}

/// What the client is told of the servers: of a single one everything, of
/// several that there are tools.
fn greeting(answers: Vec<InitializeResult>) -> Json {
    let oldest = answers.iter().map(InitializeResult::protocol_version).min().unwrap_or_default();
    if let [_] = answers.as_slice() {
        let own = answers.into_iter().next();
        return own.map_or(Json::Null, |own| own.without_capability("tasks").into_json());
    }
    let tools = Json::object([("listChanged", Json::from(true))]);
    let info =
        [("name", Json::from("bounden")), ("version", Json::from(env!("CARGO_PKG_VERSION")))];
    InitializeResult::new(oldest, Json::object([("tools", tools)]), Json::object(info)).into_json()
}

fn without(params: Json, member: &str) -> Json {
    let Json::Object(mut members) = params else { return params };
    members.remove(member);
    Json::Object(members)
}
