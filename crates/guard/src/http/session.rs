//! The sessions of an endpoint: a proxy each, with the requests that wait for
//! its answers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use bounden_mcp::{Body, Id, Message};
use bounden_policy::PrincipalId;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::HttpPoint;
use super::refusal::Refusal;
use crate::owner::protocol::Opening;
use crate::point::Point;
use crate::proxy::{Proxy, QUEUE};
use crate::upstream::Upstream;

/// Sessions that an endpoint has at most.
const MOST: usize = 256;
/// A session that nobody has used for so long is ended.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// What servers say by themselves is kept so long as no stream is open; the oldest goes first.
const BACKLOG: usize = 64;

#[derive(Default)]
pub(super) struct Sessions(Mutex<BTreeMap<String, Arc<Session>>>);

pub(super) struct Session {
    id: String,
    principal: PrincipalId,
    point: Point,
    state: Mutex<State>,
}

struct State {
    /// `None` once the session is over.
    proxy: Option<mpsc::Sender<Message>>,
    version: Option<String>,
    waiting: BTreeMap<Id, oneshot::Sender<Message>>,
    stream: Option<mpsc::Sender<Message>>,
    backlog: VecDeque<Message>,
    used: Instant,
}

impl Sessions {
    pub(super) fn find(&self, id: &str, principal: &PrincipalId) -> Option<Arc<Session>> {
        self.all().get(id).filter(|session| session.principal == *principal).cloned()
    }

    /// Ends a session: its servers end, and the owner is told.
    pub(super) async fn end(&self, session: &Session) {
        let ended = self.all().remove(&session.id);
        session.state().proxy = None;
        if ended.is_some() {
            session.point.end().await;
        }
    }

    /// Ends the sessions that nobody uses, for ever.
    pub(super) async fn end_idle(self: Arc<Self>) {
        loop {
            sleep(IDLE / 30).await;
            let idle: Vec<_> =
                self.all().values().filter(|session| session.is_idle()).cloned().collect();
            for session in idle {
                self.end(&session).await;
            }
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Session>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// Begins a session: its servers are started, its proxy runs.
    pub(super) async fn begin(
        at: &HttpPoint,
        principal: PrincipalId,
        sessions: &Arc<Sessions>,
    ) -> Result<Arc<Self>, Refusal> {
        if sessions.all().len() >= MOST {
            let why = "there are too many sessions";
            return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why));
        }
        let id = random_id().map_err(|error| {
            Refusal::internal(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
        })?;
        let opening =
            Opening { route: "mcp-http".to_owned(), key: id.clone(), principal: principal.clone() };
        let point = Point::open(at.link.clone(), opening).await?;
        let Upstream { endpoints, messages, children } = Upstream::start(&at.naming, &at.servers)?;
        let (client, told) = mpsc::channel(QUEUE);
        let (says, from_client) = mpsc::channel(QUEUE);
        let (naming, report) = (at.naming.clone(), Arc::clone(&at.report));
        let proxy = Proxy::new(point.clone(), None, naming, client, endpoints, report).await?;
        let state = Mutex::new(State {
            proxy: Some(says),
            version: None,
            waiting: BTreeMap::new(),
            stream: None,
            backlog: VecDeque::new(),
            used: Instant::now(),
        });
        let session = Arc::new(Self { id: id.clone(), principal, point, state });
        sessions.all().insert(id, Arc::clone(&session));
        tokio::spawn(Arc::clone(&session).hand_out(told));
        let (sessions, ending) = (Arc::clone(sessions), Arc::clone(&session));
        tokio::spawn(async move {
            proxy.run(from_client, messages).await;
            children.end().await;
            sessions.end(&ending).await;
        });
        Ok(session)
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn speak(&self, version: String) {
        self.state().version = Some(version);
    }

    pub(super) fn speaks(&self, version: &str) -> bool {
        self.state().version.as_deref() == Some(version)
    }

    /// Passes a message on.
    pub(super) async fn tell(&self, message: Message) -> Result<(), Refusal> {
        let over = || Refusal::new(StatusCode::NOT_FOUND, "the session is over");
        let proxy = {
            let mut state = self.state();
            state.used = Instant::now();
            state.proxy.clone().ok_or_else(over)?
        };
        proxy.send(message).await.map_err(|_| over())
    }

    /// Passes a request on and waits for its answer.
    pub(super) async fn ask(&self, message: Message, id: Id) -> Result<Message, Refusal> {
        let (reply, answer) = oneshot::channel();
        {
            let mut state = self.state();
            if state.waiting.contains_key(&id) {
                let why = "a request with this id is under way";
                return Err(Refusal::new(StatusCode::BAD_REQUEST, why));
            }
            state.waiting.insert(id, reply);
        }
        self.tell(message).await?;
        answer.await.map_err(|_| Refusal::new(StatusCode::NOT_FOUND, "the session is over"))
    }

    /// Opens the stream of what the servers say by themselves.
    pub(super) fn listen(&self) -> Result<mpsc::Receiver<Message>, Refusal> {
        let mut state = self.state();
        if state.stream.as_ref().is_some_and(|stream| !stream.is_closed()) {
            return Err(Refusal::new(StatusCode::CONFLICT, "the stream is open already"));
        }
        let (stream, messages) = mpsc::channel(BACKLOG);
        for message in std::mem::take(&mut state.backlog) {
            // The queue has room for the whole backlog.
            let _ = stream.try_send(message);
        }
        state.stream = Some(stream);
        Ok(messages)
    }

    /// Hands out what the proxy tells the client: answers to whoever waits for
    /// them, everything else to the stream.
    async fn hand_out(self: Arc<Self>, mut told: mpsc::Receiver<Message>) {
        while let Some(message) = told.recv().await {
            let answered = match message.body() {
                Body::Response(response) => response.id.clone(),
                _ => None,
            };
            let mut state = self.state();
            match answered {
                None => state.stream_out(message),
                Some(id) => {
                    if let Some(reply) = state.waiting.remove(&id) {
                        // Where the client has hung up, nobody waits for it.
                        let _ = reply.send(message);
                    }
                }
            }
        }
        let mut state = self.state();
        state.waiting.clear();
        state.stream = None;
    }

    fn is_idle(&self) -> bool {
        let state = self.state();
        let listened = state.stream.as_ref().is_some_and(|stream| !stream.is_closed());
        !listened && state.waiting.is_empty() && state.used.elapsed() > IDLE
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn stream_out(&mut self, message: Message) {
        let unsent = match &self.stream {
            Some(stream) => match stream.try_send(message) {
                Ok(()) => return,
                Err(error) => error.into_inner(),
            },
            None => message,
        };
        self.backlog.push_back(unsent);
        if self.backlog.len() > BACKLOG {
            self.backlog.pop_front();
        }
    }
}

/// The version that an answer to `initialize` agrees on; `None` for a refusal.
pub(super) fn version(answer: &Message) -> Option<String> {
    let Body::Response(response) = answer.body() else { return None };
    let result = response.outcome.as_ref().ok()?;
    Some(result.get("protocolVersion")?.as_str()?.to_owned())
}

/// 128 bits of entropy: not to be guessed, not to be chosen.
fn random_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
