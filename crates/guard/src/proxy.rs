//! The proxy between one client and the MCP servers behind it: messages in,
//! messages out, whatever carries them.

mod answers;
mod catalogue;
mod client;
mod flight;
mod listing;
mod names;
mod server;

use std::sync::Arc;

use bounden_base::{Digest, Json};
use bounden_mcp::{Call, CallResult, Id, Incoming, Message, Request};
use bounden_policy::{Decision, ToolName};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::catalogue::Catalogue;
use self::client::Asked;
use self::flight::{Flights, Purpose};
use crate::link::LinkError;
use crate::owner::protocol::Surface;
use crate::point::{Answer, Point};

pub use names::Naming;

/// Messages that may wait for their receiver.
pub(crate) const QUEUE: usize = 64;

/// Tells the operator what the client is not told.
pub type Report = Arc<dyn Fn(&str) + Send + Sync>;

/// A server behind the proxy.
#[derive(Debug)]
pub struct Endpoint {
    /// What the policy calls it.
    pub name: String,
    /// What is sent here reaches it.
    pub to: mpsc::Sender<Message>,
}

/// What comes from one of the servers.
#[derive(Debug)]
pub struct FromServer {
    /// Its place among the endpoints.
    pub server: usize,
    /// What it said; `None` where it says nothing more.
    pub incoming: Option<Incoming>,
}

/// One client's way to its servers.
pub struct Proxy {
    point: Point,
    surface: Surface,
    naming: Naming,
    report: Report,
    /// `None` once the client has left.
    client: Option<mpsc::Sender<Message>>,
    servers: Vec<Server>,
    handshake: Handshake,
    flights: Flights,
    /// Requests of servers that the client has not answered yet.
    asked: Asked,
    decisions: JoinSet<Settled>,
    /// Requests for the list of tools, and calls, that wait for the list.
    waiting: Vec<Request>,
}

struct Server {
    name: String,
    /// `None` once the server has ended, or will get nothing more.
    to: Option<mpsc::Sender<Message>>,
    has_tools: bool,
    /// `None` while the server is asked for its tools.
    catalogue: Option<Catalogue>,
    listing: listing::Listing,
}

enum Handshake {
    /// The client has said nothing yet.
    Awaited,
    /// The servers are asked; the answers so far.
    Underway { client: Id, answers: Vec<Option<bounden_mcp::InitializeResult>> },
    /// Client and servers know one another.
    Done,
}

/// An answer of the owner, and what it is about.
enum Settled {
    Call { id: Id, call: Call, server: Option<usize>, answer: Answer },
    Result { id: Id, answer: Box<Message>, decision: Box<Decision> },
}

impl Proxy {
    /// A proxy at `point`, between the client that reads what is sent to
    /// `client`, and the servers; the owner has to enforce `lock`, if given.
    ///
    /// # Errors
    /// The owner cannot be reached, or enforces another lock.
    pub async fn new(
        point: Point,
        lock: Option<Digest>,
        naming: Naming,
        client: mpsc::Sender<Message>,
        servers: Vec<Endpoint>,
        report: Report,
    ) -> Result<Self, LinkError> {
        let surface = point.surface(lock).await?;
        let servers = servers.into_iter().map(|endpoint| Server {
            name: endpoint.name,
            to: Some(endpoint.to),
            has_tools: false,
            catalogue: None,
            listing: listing::Listing::default(),
        });
        Ok(Self {
            point,
            surface,
            naming,
            report,
            client: Some(client),
            servers: servers.collect(),
            handshake: Handshake::Awaited,
            flights: Flights::new(),
            asked: Asked::default(),
            decisions: JoinSet::new(),
            waiting: Vec::new(),
        })
    }

    /// The proxy as it is when client and servers know one another and all
    /// tools are as they were pinned.
    pub(crate) fn after_handshake(mut self) -> Self {
        self.handshake = Handshake::Done;
        self.servers.iter_mut().for_each(|server| server.catalogue = Some(Catalogue::default()));
        self
    }

    /// Carries messages until the servers have ended, which they do soon
    /// after the client has left.
    pub async fn run(
        mut self,
        mut from_client: mpsc::Receiver<Message>,
        mut from_servers: mpsc::Receiver<FromServer>,
    ) {
        let mut running = self.servers.len();
        while running > 0 || !self.decisions.is_empty() {
            tokio::select! {
                message = from_client.recv(), if self.client.is_some() => match message {
                    Some(message) => self.hear_client(message).await,
                    None => self.client_left(),
                },
                event = from_servers.recv(), if running > 0 => match event {
                    Some(event) => {
                        running -= usize::from(event.incoming.is_none());
                        self.hear_server(event).await;
                    }
                    None => running = 0,
                },
                Some(settled) = self.decisions.join_next() => match settled {
                    Ok(settled) => self.settled(settled).await,
                    Err(error) => self.say(&format!("a decision was lost: {error}")),
                },
            }
        }
    }

    /// Closes every server's input, so that the servers end as well.
    fn client_left(&mut self) {
        self.client = None;
        self.servers.iter_mut().for_each(|server| server.to = None);
    }

    async fn settled(&mut self, settled: Settled) {
        match settled {
            Settled::Call { id, call, server, answer } => match answer {
                Answer::Denied(decision) => {
                    self.flights.land(&id);
                    self.tell_client(answers::refused_call(id, &call.name, &decision)).await;
                }
                Answer::Permitted(passage) => self.forward(id, call, server, passage).await,
            },
            Settled::Result { id, answer, decision } => {
                self.flights.land(&id);
                let answer = if decision.verdict.permits() {
                    answers::released(*answer, &decision)
                } else {
                    answers::withheld_result(id, &decision)
                };
                self.tell_client(answer).await;
            }
        }
    }

    /// Sends a permitted call on its way; nothing else reaches a tool.
    async fn forward(
        &mut self,
        id: Id,
        mut call: Call,
        server: Option<usize>,
        passage: crate::point::Passage,
    ) {
        let event = passage.call().clone();
        if self.flights.is_cancelled(&id) {
            self.flights.land(&id);
            // The call never ran, so what it had reserved is given back.
            let nothing = self.point.result(&event, false, Json::from("cancelled"));
            tokio::spawn(nothing);
            return;
        }
        call.name = passage.tool().tool().to_owned();
        call.arguments = passage.into_arguments();
        let sent = match server {
            Some(index) => {
                self.flights.depart(&id, index, Purpose::Call(event));
                self.tell_server(index, call.into_request(id.clone())).await
            }
            None => false,
        };
        if !sent {
            self.flights.land(&id);
            let error = CallResult::text("the server of this tool has ended", true);
            self.tell_client(Message::result(id, error.into_json())).await;
        }
    }

    async fn tell_client(&mut self, message: Message) {
        if let Some(client) = &self.client
            && client.send(message).await.is_err()
        {
            self.client_left();
        }
    }

    /// Whether the server was still there to be sent something.
    async fn tell_server(&mut self, index: usize, message: Message) -> bool {
        let Some(server) = self.servers.get_mut(index) else { return false };
        let Some(to) = &server.to else { return false };
        let sent = to.send(message).await.is_ok();
        if !sent {
            server.to = None;
        }
        sent
    }

    fn server_of(&self, tool: &ToolName) -> Option<usize> {
        self.servers.iter().position(|server| server.name == tool.server())
    }

    fn say(&self, text: &str) {
        (self.report)(text);
    }
}
