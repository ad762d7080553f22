//! The proxy over streamable HTTP, legacy era: one endpoint, a session and a
//! proxy of its own for each client.

mod access;
mod refusal;
mod session;

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use bounden_base::Digest;
use bounden_base::json::Limits;
use bounden_mcp::{Body as Said, LEGACY_VERSIONS, Message, Request, method};
use bounden_policy::PrincipalId;
use tokio::net::TcpListener;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use self::refusal::Refusal;
use self::session::{Session, Sessions};
use crate::link::Link;
use crate::proxy::{Naming, Report};
use crate::upstream::Server;

pub use access::Access;

/// A guarded endpoint.
pub struct HttpPoint {
    /// To the owner of the state.
    pub link: Link,
    /// The lock that the owner has to enforce at the start, if it matters.
    /// Later sessions take whatever is in force.
    pub lock: Option<Digest>,
    /// How the tools are named.
    pub naming: Naming,
    /// The servers, started or reached anew for each session.
    pub servers: Vec<Server>,
    /// Who may speak to it.
    pub access: Access,
    /// Tells the operator what no client is told.
    pub report: Report,
}

/// Largest request, in bytes.
const BODY_LIMIT: usize = 4 << 20;
/// A sign of life on an idle stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

struct Served {
    point: HttpPoint,
    sessions: Arc<Sessions>,
}

type Answer = Result<Response, Refusal>;

/// Serves `/mcp` on this listener, for ever.
///
/// # Errors
/// The owner cannot be reached or enforces another lock; the listener fails.
pub async fn serve_http(listener: TcpListener, point: HttpPoint) -> io::Result<()> {
    point.link.surface(point.lock).await.map_err(io::Error::other)?;
    let sessions = Arc::new(Sessions::default());
    tokio::spawn(Arc::clone(&sessions).end_idle());
    let served = Arc::new(Served { point, sessions });
    let endpoint = post(hear).get(stream).delete(end);
    let router = Router::new()
        .route("/mcp", endpoint)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(served);
    axum::serve(listener, router).await
}

async fn hear(
    State(served): State<Arc<Served>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let principal = served.point.access.admit(&headers)?;
    if !names(&headers, &header::CONTENT_TYPE, "application/json") {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json"));
    }
    let accepts = |kind| names(&headers, &header::ACCEPT, kind);
    if !accepts("application/json") || !accepts("text/event-stream") {
        let why = "accept application/json and text/event-stream";
        return Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, why));
    }
    let message = Message::parse(&body?, Limits::default())?;
    match message.body().clone() {
        Said::Request(request) if !headers.contains_key(SESSION) => {
            served.begin(&headers, principal, message, request).await
        }
        Said::Request(request) => {
            let session = served.session(&headers, &principal)?;
            let answer = session.ask(message, request.id).await?;
            Ok(json(answer))
        }
        Said::Notification(_) | Said::Response(_) => {
            served.session(&headers, &principal)?.tell(message).await?;
            Ok(StatusCode::ACCEPTED.into_response())
        }
    }
}

/// The stream of what the servers say by themselves.
async fn stream(State(served): State<Arc<Served>>, headers: HeaderMap) -> Answer {
    let principal = served.point.access.admit(&headers)?;
    if !names(&headers, &header::ACCEPT, "text/event-stream") {
        return Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, "accept text/event-stream"));
    }
    let messages = served.session(&headers, &principal)?.listen()?;
    let events = ReceiverStream::new(messages).map(|message| {
        let event = Event::default().event("message").data(message.to_line().trim_end());
        Ok::<_, Infallible>(event)
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

async fn end(State(served): State<Arc<Served>>, headers: HeaderMap) -> Answer {
    let principal = served.point.access.admit(&headers)?;
    let session = served.session(&headers, &principal)?;
    served.sessions.end(&session).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}

impl Served {
    /// The first request of a client begins its session.
    async fn begin(
        &self,
        headers: &HeaderMap,
        principal: PrincipalId,
        message: Message,
        request: Request,
    ) -> Answer {
        if request.method != method::INITIALIZE {
            let stated = headers.get(VERSION).and_then(|version| version.to_str().ok());
            return Err(match stated.filter(|version| !LEGACY_VERSIONS.contains(version)) {
                Some(version) => Refusal::version(request.id, version),
                None => Refusal::new(StatusCode::BAD_REQUEST, "the first request is `initialize`"),
            });
        }
        let session = Session::begin(&self.point, principal, &self.sessions).await?;
        let answer = session.ask(message, request.id).await?;
        let Some(version) = session::version(&answer) else {
            self.sessions.end(&session).await;
            return Ok(json(answer));
        };
        session.speak(version);
        let mut response = json(answer);
        let unnamed = |_| Refusal::internal(StatusCode::INTERNAL_SERVER_ERROR, "no name");
        let id = session.id().parse().map_err(unnamed)?;
        response.headers_mut().insert(SESSION, id);
        Ok(response)
    }

    /// The session that a request names, if it is its client's own.
    fn session(
        &self,
        headers: &HeaderMap,
        principal: &PrincipalId,
    ) -> Result<Arc<Session>, Refusal> {
        let Some(id) = headers.get(SESSION) else {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "name your session"));
        };
        let session = id.to_str().ok().and_then(|id| self.sessions.find(id, principal));
        let session = session
            .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "there is no such session"))?;
        match headers.get(VERSION).map(|version| version.to_str()) {
            None => Ok(session),
            Some(Ok(version)) if session.speaks(version) => Ok(session),
            Some(_) => {
                let why = "the version is not the one that was agreed on";
                Err(Refusal::new(StatusCode::BAD_REQUEST, why))
            }
        }
    }
}

fn json(message: Message) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, message.text().to_owned()).into_response()
}

/// Whether a header lists this media type.
fn names(headers: &HeaderMap, header: &HeaderName, kind: &str) -> bool {
    let values = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    let listed = |value: &str| {
        value.split(',').any(|item| item.split(';').next().unwrap_or_default().trim() == kind)
    };
    values.into_iter().any(listed)
}
