//! A proxy between a client that is nobody's and servers that are a stage.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bounden_base::Json;
use bounden_mcp::{Body, Call, CallResult, Id, Incoming, Message};
use bounden_policy::{Bundle, Decision, Event, EventBody, EventId, SessionId};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::link::{Link, LinkError};
use crate::log_filter::{LOG_ROUTE, filtered};
use crate::owner::protocol::{Request, Response};
use crate::point::Point;
use crate::proxy::{Endpoint, FromServer, Naming, Proxy, QUEUE};

/// How long anything on the stage may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Stage {
    link: Link,
    session: SessionId,
    point: Point,
    client: mpsc::Sender<Message>,
    answers: mpsc::Receiver<Message>,
    forwarded: mpsc::Receiver<(usize, Message)>,
    servers: mpsc::Sender<FromServer>,
    running: JoinHandle<()>,
    scene: Scene,
}

/// What could be seen from outside of the guard.
#[derive(Default)]
pub(super) struct Scene {
    calls: BTreeMap<EventId, Played>,
    last: Option<(EventId, EventBody)>,
    /// What a log line became.
    written: Option<String>,
    /// What the owner decided, in order.
    pub(super) decisions: Vec<Decision>,
}

/// One call as it was seen from outside.
struct Played {
    id: Id,
    /// What reached the server, and which.
    forwarded: Option<(usize, Json)>,
    /// What the client was told.
    answer: Option<Message>,
}

impl Stage {
    pub(super) async fn open(bundle: &Bundle, link: &Link) -> Result<Self, LinkError> {
        let session = match link.ask(Request::Rehearse).await? {
            Response::Session(session) => session,
            other => return Err(LinkError::unexpected(&other)),
        };
        let point = Point::in_session(link.clone(), super::POINT, session.clone());
        let mut names: Vec<&str> =
            bundle.tools.keys().map(bounden_policy::ToolName::server).collect();
        names.dedup();
        let (reached, forwarded) = mpsc::channel(QUEUE);
        let endpoints = names.iter().enumerate().map(|(index, name)| {
            let (to, mut inbox) = mpsc::channel(QUEUE);
            let reached = reached.clone();
            tokio::spawn(async move {
                while let Some(message) = inbox.recv().await {
                    // Where the stage is closed, nobody looks any more.
                    let _ = reached.send((index, message)).await;
                }
            });
            Endpoint { name: (*name).to_owned(), to }
        });
        let (told, answers) = mpsc::channel(QUEUE);
        let (client, from_client) = mpsc::channel(QUEUE);
        let (servers, from_servers) = mpsc::channel(QUEUE);
        let quiet = Arc::new(|_: &str| ());
        let proxy =
            Proxy::new(point.clone(), None, Naming::Dotted, told, endpoints.collect(), quiet);
        let running = tokio::spawn(proxy.await?.after_handshake().run(from_client, from_servers));
        let (link, scene) = (link.clone(), Scene::default());
        Ok(Self { link, session, point, client, answers, forwarded, servers, running, scene })
    }

    /// Lets an event happen the way it would.
    pub(super) async fn play(&mut self, event: &Event) -> Result<(), String> {
        self.scene.last = Some((event.id.clone(), event.body.clone()));
        match &event.body {
            EventBody::Call { tool, args, .. } => {
                self.call(&event.id, tool.as_str(), args.value_or_null()).await
            }
            EventBody::Result { call, ok, result, .. } => self.answer(call, *ok, result).await,
            // The owner begins a session by itself, and these two come to it
            // by other ways than through a proxy.
            EventBody::Start { .. } => Ok(()),
            EventBody::Approve { .. } | EventBody::Window { .. } => self.tell_owner(event).await,
            EventBody::End => {
                self.point.end().await;
                Ok(())
            }
            EventBody::Log { record } => self.write(record).await,
            EventBody::Request { .. } | EventBody::Output { .. } => {
                Err(format!("no enforcement point of this guard sees `{}`", event.body.kind()))
            }
        }
    }

    /// Closes the stage; what was seen and decided.
    pub(super) async fn end(mut self) -> Result<Scene, String> {
        let decided = self.link.ask(Request::Rehearsed { session: self.session }).await;
        self.scene.decisions = match decided {
            Ok(Response::Rehearsed(decisions)) => decisions,
            Ok(other) => return Err(LinkError::unexpected(&other).to_string()),
            Err(error) => return Err(error.to_string()),
        };
        drop((self.client, self.servers));
        self.running.abort();
        Ok(self.scene)
    }

    /// Calls a tool, and waits until the call comes out at either end.
    async fn call(&mut self, event: &EventId, tool: &str, args: &Json) -> Result<(), String> {
        let id = Id::text(event.as_str());
        let call = Call::new(tool, args.clone()).into_request(id.clone());
        self.client.send(call).await.map_err(|_| "the proxy has ended")?;
        let mut played = Played { id, forwarded: None, answer: None };
        let seen = async {
            tokio::select! {
                Some(answer) = self.answers.recv() => played.answer = Some(answer),
                Some((server, message)) = self.forwarded.recv() => {
                    played.forwarded = Some((server, arguments(&message)));
                }
            }
        };
        timeout(PATIENCE, seen).await.map_err(|_| "the proxy neither forwards nor answers")?;
        self.scene.calls.insert(event.clone(), played);
        Ok(())
    }

    /// Answers a call that was forwarded, and waits until the client has the answer.
    async fn answer(&mut self, call: &EventId, ok: bool, result: &Json) -> Result<(), String> {
        let played = self.scene.calls.get_mut(call).ok_or("a result without its call")?;
        let Some((server, _)) = &played.forwarded else {
            return Err("the call before the violation was not permitted".to_owned());
        };
        let result = match result {
            object @ Json::Object(_) if ok => CallResult::structured(object.clone()),
            Json::String(text) => CallResult::text(text, !ok),
            other => CallResult::text(&other.canonical(), !ok),
        };
        let message = Message::result(played.id.clone(), result.into_json());
        let incoming = Some(Incoming::Message(message));
        let sent = self.servers.send(FromServer { server: *server, incoming }).await;
        sent.map_err(|_| "the proxy has ended")?;
        let answer = timeout(PATIENCE, self.answers.recv()).await;
        played.answer = answer.map_err(|_| "the proxy does not answer")?;
        Ok(())
    }

    /// Writes a log line through the filter, where one is in use here.
    async fn write(&mut self, record: &Json) -> Result<(), String> {
        let status = self.link.ask(Request::Status).await.map_err(|error| error.to_string())?;
        let filters =
            matches!(status, Response::Status(status) if status.points.contains(LOG_ROUTE));
        if !filters {
            return Err("no enforcement point of this guard sees `log`".to_owned());
        }
        self.scene.written = Some(filtered(&self.point, &line(record)).await);
        Ok(())
    }

    async fn tell_owner(&self, event: &Event) -> Result<(), String> {
        let request = Request::Decide {
            point: super::POINT.to_owned(),
            session: self.session.clone(),
            principal: event.principal.clone(),
            body: event.body.clone(),
            withheld: None,
        };
        self.link.ask(request).await.map(drop).map_err(|error| error.to_string())
    }
}

impl Scene {
    /// Whether what was decided is also what could be seen.
    pub(super) fn was_kept_back(&self, decision: &Decision) -> Result<(), String> {
        let permits = decision.verdict.permits();
        match &self.last {
            Some((event, EventBody::Call { args, .. })) => {
                let forwarded = self.calls.get(event).and_then(|call| call.forwarded.as_ref());
                match forwarded {
                    Some(_) if !permits => Err("the call reached its server".to_owned()),
                    Some((_, arguments)) if arguments == args.value_or_null() => {
                        Err("the call reached its server as it was".to_owned())
                    }
                    _ => Ok(()),
                }
            }
            Some((_, EventBody::Result { call, result, .. })) => {
                let answer = self.calls.get(call).and_then(|call| call.answer.as_ref());
                let text = result.as_str().map_or_else(|| result.canonical(), str::to_owned);
                let escaped = Json::from(text.as_str()).canonical();
                let shown = answer.map(Message::text).unwrap_or_default();
                if answer.is_none() || shown.contains(&text) || shown.contains(&escaped) {
                    return Err("the result reached the client as it was".to_owned());
                }
                Ok(())
            }
            Some((_, EventBody::Log { record })) => match &self.written {
                Some(written) if *written != line(record) => Ok(()),
                _ => Err("the line was written as it was".to_owned()),
            },
            _ => Ok(()),
        }
    }
}

fn line(record: &Json) -> String {
    record.as_str().map_or_else(|| record.canonical(), str::to_owned)
}

fn arguments(message: &Message) -> Json {
    match message.body() {
        Body::Request(request) => {
            let call = Call::from_request(request).ok();
            call.and_then(|call| call.arguments.value().ok()).unwrap_or_default()
        }
        _ => Json::Null,
    }
}
