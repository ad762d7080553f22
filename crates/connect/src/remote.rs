//! A server at an address as two queues of messages, for whoever passes
//! messages on rather than asks.

use std::sync::Arc;
use std::time::Duration;

use bounden_mcp::{Body, Id, Incoming, Message, Response, method};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::ConnectError;
use crate::http::{Endpoint, Reply};

/// Messages that may wait for their receiver.
const QUEUE: usize = 64;
/// How long the server may take to end the session.
const GRACE: Duration = Duration::from_secs(2);

/// Opens the two queues. The session ends when the sender is dropped.
///
/// # Errors
/// The address is none.
pub fn dial(url: &str) -> Result<(mpsc::Sender<Message>, mpsc::Receiver<Incoming>), ConnectError> {
    let endpoint = Arc::new(Endpoint::new(url)?);
    let (to, outbox) = mpsc::channel(QUEUE);
    let (inbox, from) = mpsc::channel(QUEUE);
    tokio::spawn(carry(endpoint, outbox, inbox));
    Ok((to, from))
}

async fn carry(
    endpoint: Arc<Endpoint>,
    mut outbox: mpsc::Receiver<Message>,
    inbox: mpsc::Sender<Incoming>,
) {
    while let Some(message) = outbox.recv().await {
        let is = |name: &str| match message.body() {
            Body::Request(request) => request.method == name,
            Body::Notification(notification) => notification.method == name,
            Body::Response(_) => false,
        };
        if is(method::INITIALIZE) || is(method::INITIALIZED) {
            // What follows states the session and the version, so it waits.
            post(&endpoint, &message, &inbox).await;
            if is(method::INITIALIZED) {
                tokio::spawn(listen(Arc::clone(&endpoint), inbox.clone()));
            }
            continue;
        }
        let (endpoint, inbox) = (Arc::clone(&endpoint), inbox.clone());
        tokio::spawn(async move { post(&endpoint, &message, &inbox).await });
    }
    // A server that does not end its session in time will do so by itself.
    let _ = timeout(GRACE, endpoint.close()).await;
}

async fn post(endpoint: &Endpoint, message: &Message, inbox: &mpsc::Sender<Incoming>) {
    let asked = match message.body() {
        Body::Request(request) => Some(request),
        _ => None,
    };
    let id = asked.map(|request| &request.id);
    let outcome = match endpoint.post(message).await {
        Ok(reply) => pass_on(reply, id, inbox).await,
        Err(error) => Err(error),
    };
    let lost = match (outcome, id) {
        (Ok(None), None) => return,
        (Ok(Some(answer)), _) => {
            let greets = asked.is_some_and(|request| request.method == method::INITIALIZE);
            let version = answer.outcome.ok().filter(|_| greets);
            let version = version.as_ref().and_then(|hello| hello.get("protocolVersion")?.as_str());
            return version.into_iter().for_each(|version| endpoint.speak(version));
        }
        (Ok(None), Some(id)) => Incoming::Lost(id.clone(), "the answer never came".to_owned()),
        (Err(error), Some(id)) => Incoming::Lost(id.clone(), error.to_string()),
        (Err(error), None) => Incoming::Noise(error.to_string()),
    };
    // Where nobody listens any more, nobody misses it.
    let _ = inbox.send(lost).await;
}

/// Passes on a reply's messages; the answer to `asked`, if it was among them.
async fn pass_on(
    mut reply: Reply,
    asked: Option<&Id>,
    inbox: &mpsc::Sender<Incoming>,
) -> Result<Option<Response>, ConnectError> {
    let mut answer = None;
    while let Some(message) = reply.next().await? {
        if let Body::Response(response) = message.body()
            && response.id.as_ref() == asked
        {
            answer = Some(response.clone());
        }
        if inbox.send(Incoming::Message(message)).await.is_err() {
            break;
        }
    }
    Ok(answer)
}

/// Passes on what the server says by itself, as long as it does.
async fn listen(endpoint: Arc<Endpoint>, inbox: mpsc::Sender<Incoming>) {
    if let Ok(Some(reply)) = endpoint.listen().await
        && let Err(error) = pass_on(reply, None, &inbox).await
    {
        // Where nobody listens any more, nobody misses it.
        let _ = inbox.send(Incoming::Noise(error.to_string())).await;
    }
}
