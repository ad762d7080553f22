//! A server at an address: streamable HTTP of the legacy era.

use std::collections::VecDeque;
use std::time::Duration;

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
use tokio::time::timeout;

use crate::ConnectError;

/// Largest answer, in bytes.
const BODY_LIMIT: usize = 16 << 20;
/// How much of an unexpected body is shown, in bytes.
const BODY_SHOWN: usize = 500;

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

pub(crate) struct Endpoint {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
    session: Option<HeaderValue>,
    version: Option<HeaderValue>,
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
        Ok(Self { client, uri, session: None, version: None, ready: VecDeque::new(), stream: None })
    }

    /// The version that later requests state.
    pub(crate) fn speak(&mut self, version: &str) {
        self.version = HeaderValue::from_str(version).ok();
    }

    /// Posts a message; what the server answers is there to [`Endpoint::receive`].
    pub(crate) async fn send(&mut self, message: &Message) -> Result<(), ConnectError> {
        let response = self.ask(Method::POST, message.text().to_owned()).await?;
        if let Some(session) = response.headers().get(SESSION) {
            self.session = Some(session.clone());
        }
        let wants_answer = matches!(message.body(), Body::Request(_));
        match (response.status(), kind(response.headers())) {
            (StatusCode::OK, Some("text/event-stream")) => {
                self.stream = Some((response.into_body(), Events::new(BODY_LIMIT)));
                Ok(())
            }
            (_, Some("application/json")) if wants_answer => {
                let status = response.status();
                let body = self.whole(response.into_body()).await?;
                match Message::parse(&body, Limits::default()) {
                    Ok(message) => self.ready.push_back(message),
                    Err(error) if status.is_success() => return Err(error.into()),
                    Err(_) => return Err(self.unexpected(status, &body)),
                }
                Ok(())
            }
            (status, _) if status.is_success() && !wants_answer => Ok(()),
            (status, _) => {
                let body = self.whole(response.into_body()).await?;
                Err(self.unexpected(status, &body))
            }
        }
    }

    pub(crate) async fn receive(&mut self) -> Result<Message, ConnectError> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Ok(message);
            }
            let Some((body, events)) = &mut self.stream else {
                return Err(ConnectError::Ended(String::new()));
            };
            match body.frame().await {
                None => self.stream = None,
                Some(Err(error)) => return Err(self.failed(&error)),
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

    /// Ends the session, where there is one; a server may refuse that.
    pub(crate) async fn close(mut self, grace: Duration) {
        self.stream = None;
        if self.session.is_some() {
            let _ = timeout(grace, self.ask(Method::DELETE, String::new())).await;
        }
    }

    async fn ask(&self, method: Method, body: String) -> Result<Response<Incoming>, ConnectError> {
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let both = HeaderValue::from_static("application/json, text/event-stream");
        headers.insert(ACCEPT, both);
        for (name, value) in [(SESSION, &self.session), (VERSION, &self.version)] {
            if let Some(value) = value {
                headers.insert(name, value.clone());
            }
        }
        self.client.request(request).await.map_err(|error| self.failed(&error))
    }

    async fn whole(&self, mut body: Incoming) -> Result<Vec<u8>, ConnectError> {
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| self.failed(&error))?;
            bytes.extend_from_slice(frame.data_ref().map(AsRef::as_ref).unwrap_or_default());
            if bytes.len() > BODY_LIMIT {
                let message = format!("its answer is longer than {BODY_LIMIT} bytes");
                return Err(ConnectError::Http(self.uri.to_string(), message));
            }
        }
        Ok(bytes)
    }

    fn failed(&self, error: &dyn std::error::Error) -> ConnectError {
        // The outer message is mostly "client error"; the cause says why.
        let causes = std::iter::successors(Some(error), |error| error.source());
        let message = causes.last().map(ToString::to_string).unwrap_or_default();
        ConnectError::Http(self.uri.to_string(), message)
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

fn kind(headers: &HeaderMap) -> Option<&str> {
    Some(headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim())
}
