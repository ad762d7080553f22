//! A server at an address: streamable HTTP of the legacy era.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bounden_base::json::Limits;
use bounden_mcp::sse::Events;
use bounden_mcp::{Body, Message};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::ConnectError;

/// Largest answer, in bytes.
const BODY_LIMIT: usize = 16 << 20;
/// How much of an unexpected body is shown, in bytes.
const BODY_SHOWN: usize = 500;

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

/// An address, and the session there.
pub(crate) struct Endpoint {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
    known: Mutex<Known>,
}

/// What every request after the handshake states.
#[derive(Clone, Default)]
struct Known {
    session: Option<HeaderValue>,
    version: Option<HeaderValue>,
}

/// The messages of one HTTP answer.
#[derive(Default)]
pub(crate) struct Reply {
    uri: Uri,
    ready: VecDeque<Message>,
    stream: Option<(Incoming, Events)>,
}

impl Endpoint {
    pub(crate) fn new(url: &str) -> Result<Self, ConnectError> {
        let uri: Uri = url.parse().map_err(|_| ConnectError::Address(url.to_owned()))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none() {
            return Err(ConnectError::Address(url.to_owned()));
        }
        let connector = HttpsConnectorBuilder::new().with_webpki_roots();
        let client = Client::builder(TokioExecutor::new())
            .build(connector.https_or_http().enable_http1().build());
        Ok(Self { client, uri, known: Mutex::default() })
    }

    /// The version that later requests state.
    pub(crate) fn speak(&self, version: &str) {
        self.known().version = HeaderValue::from_str(version).ok();
    }

    /// Posts a message; the reply is empty where none is wanted.
    pub(crate) async fn post(&self, message: &Message) -> Result<Reply, ConnectError> {
        let response = self.ask(Method::POST, message.text().to_owned()).await?;
        if let Some(session) = response.headers().get(SESSION) {
            self.known().session = Some(session.clone());
        }
        let wants_answer = matches!(message.body(), Body::Request(_));
        match (response.status(), kind(response.headers())) {
            (StatusCode::OK, Some("text/event-stream")) => Ok(self.streamed(response)),
            (status, Some("application/json")) if wants_answer => {
                let body = self.whole(response.into_body()).await?;
                match Message::parse(&body, Limits::default()) {
                    Ok(message) => Ok(self.reply([message].into(), None)),
                    Err(error) if status.is_success() => Err(error.into()),
                    Err(_) => Err(self.unexpected(status, &body)),
                }
            }
            (status, _) if status.is_success() && !wants_answer => {
                Ok(self.reply(VecDeque::new(), None))
            }
            (status, _) => {
                let body = self.whole(response.into_body()).await?;
                Err(self.unexpected(status, &body))
            }
        }
    }

    /// Opens the stream of what the server says by itself; `None` where it has none.
    pub(crate) async fn listen(&self) -> Result<Option<Reply>, ConnectError> {
        let response = self.ask(Method::GET, String::new()).await?;
        let streams = kind(response.headers()) == Some("text/event-stream");
        Ok((response.status().is_success() && streams).then(|| self.streamed(response)))
    }

    /// Ends the session, where there is one; a server may refuse that.
    pub(crate) async fn close(&self) -> Result<(), ConnectError> {
        if self.known().session.is_some() {
            self.ask(Method::DELETE, String::new()).await?;
        }
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn streamed(&self, response: Response<Incoming>) -> Reply {
        let stream = (response.into_body(), Events::new(BODY_LIMIT));
        self.reply(VecDeque::new(), Some(stream))
    }

    fn reply(&self, ready: VecDeque<Message>, stream: Option<(Incoming, Events)>) -> Reply {
        Reply { uri: self.uri.clone(), ready, stream }
    }

    async fn ask(&self, method: Method, body: String) -> Result<Response<Incoming>, ConnectError> {
        let mut request = Request::new(Full::from(body));
        let accepted = if method == Method::GET {
            "text/event-stream"
        } else {
            "application/json, text/event-stream"
        };
        *request.method_mut() = method;
        *request.uri_mut() = self.uri.clone();
        let Known { session, version } = self.known().clone();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static(accepted));
        for (name, value) in [(SESSION, session), (VERSION, version)] {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        }
        self.client.request(request).await.map_err(|error| failed(&self.uri, &error))
    }

    async fn whole(&self, mut body: Incoming) -> Result<Vec<u8>, ConnectError> {
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| failed(&self.uri, &error))?;
            bytes.extend_from_slice(frame.data_ref().map(AsRef::as_ref).unwrap_or_default());
            if bytes.len() > BODY_LIMIT {
                let message = format!("its answer is longer than {BODY_LIMIT} bytes");
                return Err(ConnectError::Http(self.uri.to_string(), message));
            }
        }
        Ok(bytes)
    }

    fn unexpected(&self, status: StatusCode, body: &[u8]) -> ConnectError {
        let shown = body.get(..BODY_SHOWN).unwrap_or(body);
        ConnectError::Status {
            url: self.uri.to_string(),
            status: status.as_u16(),
            body: String::from_utf8_lossy(shown).into_owned(),
        }
    }
}

impl Reply {
    /// The next message; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Message>, ConnectError> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Ok(Some(message));
            }
            let Some((body, events)) = &mut self.stream else { return Ok(None) };
            match body.frame().await {
                None => self.stream = None,
                Some(Err(error)) => return Err(failed(&self.uri, &error)),
                Some(Ok(frame)) => {
                    events.push(frame.data_ref().map(AsRef::as_ref).unwrap_or_default())?;
                    while let Some(event) = events.pop() {
                        if !event.data.is_empty() {
                            self.ready.push_back(Message::parse(&event.data, Limits::default())?);
                        }
                    }
                }
            }
        }
    }
}

fn failed(uri: &Uri, error: &dyn std::error::Error) -> ConnectError {
    // The outer message is mostly "client error"; the cause says why.
    let causes = std::iter::successors(Some(error), |error| error.source());
    let message = causes.last().map(ToString::to_string).unwrap_or_default();
    ConnectError::Http(uri.to_string(), message)
}

fn kind(headers: &HeaderMap) -> Option<&str> {
    Some(headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim())
}
