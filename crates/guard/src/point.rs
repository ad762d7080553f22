//! What an enforcement point asks about one session, and the one thing that
//! lets it forward a call.

use bounden_base::json::JsonText;
use bounden_base::{Digest, Json};
use bounden_policy::{
    Arguments, Decision, EventBody, EventId, PrincipalId, Reason, SessionId, ToolName,
};

use crate::link::{Link, LinkError};
use crate::owner::denial;
use crate::owner::protocol::{Opening, Request, Response, Surface};

/// An enforcement point, in one session.
#[derive(Clone, Debug)]
pub struct Point {
    link: Link,
    name: String,
    session: SessionId,
    principal: PrincipalId,
}

/// The right to forward one call, once.
///
/// Only the owner's answer makes one, and it cannot be copied.
#[derive(Debug)]
pub struct Passage {
    call: EventId,
    tool: ToolName,
    arguments: JsonText,
}

/// The owner's answer to a call.
#[derive(Debug)]
pub enum Answer {
    /// It may be forwarded.
    Permitted(Passage),
    /// It may not, and why.
    Denied(Box<Decision>),
}

impl Passage {
    /// The id that the call's result has to name.
    #[must_use]
    pub fn call(&self) -> &EventId {
        &self.call
    }

    /// The tool to call.
    #[must_use]
    pub fn tool(&self) -> &ToolName {
        &self.tool
    }

    /// The arguments to call it with, as they were decided on.
    #[must_use]
    pub fn into_arguments(self) -> JsonText {
        self.arguments
    }
}

impl Point {
    /// Opens a session at this point.
    ///
    /// # Errors
    /// The owner cannot be reached, or refuses.
    pub async fn open(link: Link, opening: Opening) -> Result<Self, LinkError> {
        let (name, principal) = (opening.route.clone(), opening.principal.clone());
        match link.ask(Request::Open(opening)).await? {
            Response::Session(session) => Ok(Self { link, name, session, principal }),
            other => Err(LinkError::unexpected(&other)),
        }
    }

    /// A point in a session that was opened before.
    pub(crate) fn in_session(link: Link, name: &str, session: SessionId) -> Self {
        Self { link, name: name.to_owned(), session, principal: "canary".into() }
    }

    /// What the policy has to do with tools.
    ///
    /// # Errors
    /// As [`Link::surface`].
    pub async fn surface(&self, lock: Option<Digest>) -> Result<Surface, LinkError> {
        self.link.surface(lock).await
    }

    /// May this tool be called with these arguments? Questions are decided in
    /// the order of these calls. A `withheld` tool may not, for that reason.
    pub fn call(
        &self,
        tool: ToolName,
        args: Arguments,
        withheld: Option<String>,
    ) -> impl Future<Output = Answer> + Send + use<> {
        let body = EventBody::Call { tool: tool.clone(), args, retry_of: None, cost: None };
        let answer = self.decide(body, withheld);
        async move {
            match answer.await {
                Response::Decided { decision, permitted: Some(arguments) } => {
                    Answer::Permitted(Passage { call: decision.id, tool, arguments })
                }
                other => Answer::Denied(Box::new(decision(other))),
            }
        }
    }

    /// May the agent see this result of a permitted call?
    pub fn result(
        &self,
        call: &EventId,
        ok: bool,
        result: Json,
    ) -> impl Future<Output = Decision> + Send + use<> {
        let body = EventBody::Result { call: call.clone(), ok, result, labels: Vec::new() };
        let answer = self.decide(body, None);
        async move { decision(answer.await) }
    }

    /// May this record be written to a log, and how? Text is a string.
    pub fn log(&self, record: Json) -> impl Future<Output = Decision> + Send + use<> {
        let answer = self.decide(EventBody::Log { record }, None);
        async move { decision(answer.await) }
    }

    /// The session is over.
    pub fn end(&self) -> impl Future<Output = Decision> + Send + use<> {
        let answer = self.decide(EventBody::End, None);
        async move { decision(answer.await) }
    }

    fn decide(
        &self,
        body: EventBody,
        withheld: Option<String>,
    ) -> impl Future<Output = Response> + Send + use<> {
        let answer = self.link.ask(Request::Decide {
            point: self.name.clone(),
            session: self.session.clone(),
            principal: Some(self.principal.clone()),
            body,
            withheld,
        });
        async move { answer.await.unwrap_or_else(|error| Response::Refused(error.to_string())) }
    }
}

/// The decision in an answer; whatever else it is, it permits nothing.
fn decision(answer: Response) -> Decision {
    match answer {
        Response::Decided { decision, .. } => *decision,
        other => {
            let detail = LinkError::unexpected(&other).to_string();
            denial(&EventId::new(""), Reason::Unavailable, &detail)
        }
    }
}
