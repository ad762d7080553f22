//! The one owner of an agent's state on a machine: it decides, remembers and
//! records; everything else asks it.

mod actor;
mod clock;
mod held;
mod listen;
pub mod protocol;
mod session;
mod stop;
mod waiting;

use std::io;
use std::time::{Duration, Instant};

use bounden_base::{Json, Timestamp};
use bounden_policy::{Decision, Event, EventBody, EventError, EventId, Reason, Verdict};

use self::clock::Clock;
use self::held::Held;
use self::protocol::{Request, Response, Status, Surface};
use self::session::Sessions;
use self::stop::StopSwitch;
use crate::decide::Decide;
use crate::home::Home;
use crate::journal::{Journal, JournalError, Recovery};
use crate::receipt::{Circumstances, Entry};
use crate::sealed::Sealed;

pub use actor::{Handle, spawn};
pub(crate) use listen::LINE_LIMIT;
pub use listen::{ListenError, listen};
pub use stop::stop;

/// Decides, remembers and records for one agent.
pub struct Owner {
    policy: Sealed,
    engine: Box<dyn Decide>,
    sessions: Sessions,
    held: Held,
    journal: Journal,
    stop: StopSwitch,
    clock: Clock,
    /// Whether what was appended has to be on the disk before it is answered.
    durable: bool,
}

/// The state of an agent cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum OwnerError {
    /// The state folder cannot be used.
    #[error("the state folder: {0}")]
    Home(#[from] io::Error),
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A recorded input is no event.
    #[error("receipt {0} of the journal holds an input that is no event: {1}")]
    Input(u64, EventError),
}

/// Who asks, as the system vouches for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user id of the process.
    pub uid: u32,
}

impl Owner {
    /// Takes over the state in `home`: replays the journal and goes on from there.
    ///
    /// # Errors
    /// The state folder or the journal cannot be used.
    pub fn open(
        home: &Home,
        policy: Sealed,
        mut engine: Box<dyn Decide>,
    ) -> Result<(Self, Recovery), OwnerError> {
        let mut sessions = Sessions::new(home.secret()?);
        let mut held = Held::default();
        let mut floor = Timestamp::MIN;
        let mut unreadable = None;
        let (journal, recovery) = Journal::open(&home.journal(), |entry| {
            floor = entry.receipt.at;
            match entry.event() {
                Ok(Some(event)) if unreadable.is_none() => {
                    sessions.recall(&event.session);
                    let decision = engine.decide(&event);
                    held.observe(&event, &decision, entry.receipt.at);
                }
                Ok(_) => {}
                Err(error) => unreadable = Some((entry.receipt.sequence, error)),
            }
        })?;
        if let Some((sequence, error)) = unreadable {
            return Err(OwnerError::Input(sequence, error));
        }
        let stop = StopSwitch::new(home.stop_file());
        let clock = Clock::new(floor);
        let owner = Self { policy, engine, sessions, held, journal, stop, clock, durable: false };
        Ok((owner, recovery))
    }

    /// Answers one request. What it appended to the journal is not written
    /// before [`Owner::commit`].
    pub fn answer(&mut self, request: Request, caller: Caller) -> Response {
        match request {
            Request::Surface { lock } => self.surface(lock),
            Request::Open(opening) => Response::Session(self.sessions.open(&opening)),
            Request::Decide { point, event } => self.decide(&point, event),
            Request::Approve { call, role } => self.approve(&call, role.as_str(), caller),
            Request::Held => Response::Held(self.held.calls()),
            Request::Stop { reason } => done(self.stop.pull(&reason, self.clock.now())),
            Request::Lift { reason } => done(self.stop.lift(&reason, self.clock.now())),
            Request::Status => Response::Status(self.status()),
        }
    }

    /// Writes what was appended since the last commit; before that, nothing
    /// that was permitted may be released.
    ///
    /// # Errors
    /// As [`Journal::commit`].
    pub fn commit(&mut self) -> Result<(), JournalError> {
        let durable = std::mem::take(&mut self.durable);
        self.journal.commit(durable)
    }

    /// How long a deferred call waits for what it depends on.
    fn patience(&self, request: &Request) -> Duration {
        let Request::Decide { event, .. } = request else { return waiting::LONGEST };
        let tool = event.get("tool").and_then(Json::as_str);
        let tool = tool.and_then(|tool| self.policy.tool(&tool.into()));
        tool.map_or(waiting::LONGEST, |tool| {
            waiting::LONGEST.min(Duration::from_secs(tool.timeout_seconds.into()))
        })
    }

    fn surface(&self, lock: Option<bounden_base::Digest>) -> Response {
        let enforced = self.policy.lock();
        if let Some(lock) = lock.filter(|lock| *lock != enforced) {
            let message = format!("the guard enforces {enforced}, not {lock}");
            return Response::Refused(message);
        }
        let bundle = self.policy.bundle();
        let tools = bundle.tools.iter().map(|(name, tool)| (name.clone(), tool.definition));
        Response::Surface(Surface {
            agent: bundle.agent.clone(),
            lock: enforced,
            tools: tools.collect(),
        })
    }

    fn decide(&mut self, point: &str, event: Json) -> Response {
        let event = match self.event(event) {
            Ok(event) => event,
            Err(reason) => return Response::Refused(reason),
        };
        if self.sessions.starts(&event.session) {
            let body = EventBody::Start { tags: std::collections::BTreeMap::new() };
            let start = Event { body, ..event.clone() };
            self.settle(point, &start);
            let next = Event { id: self.next_id(), ..event };
            return self.decided(point, &next);
        }
        self.decided(point, &event)
    }

    fn decided(&mut self, point: &str, event: &Event) -> Response {
        Response::Decided(Box::new(self.settle(point, event)))
    }

    /// Reads an event that a point reports; its id and its time are the owner's.
    fn event(&self, event: Json) -> Result<Event, String> {
        let Json::Object(mut members) = event else { return Err("an event is an object".into()) };
        members.insert("id".into(), self.next_id().as_str().into());
        members.insert("at".into(), self.clock.now().to_string().into());
        let event = Event::from_json(&Json::Object(members)).map_err(|error| error.to_string())?;
        if self.sessions.knows(&event.session) { Ok(event) } else { Err("unknown session".into()) }
    }

    /// Decides an event and appends its receipt.
    fn settle(&mut self, point: &str, event: &Event) -> Decision {
        let started = Instant::now();
        let decision = match self.stop.reason() {
            Some(reason) if matches!(event.body, EventBody::Call { .. }) => {
                denial(&event.id, Reason::Stopped, &reason)
            }
            _ => self.engine.decide(event),
        };
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let at = event.at.unwrap_or_else(|| self.clock.now());
        self.held.observe(event, &decision, at);
        self.durable |= self.is_privileged(event, &decision);
        let of = Circumstances { point, lock: self.policy.lock(), epoch: 0, at, micros };
        match salt() {
            Ok(salt) => {
                self.journal.append(Entry::new(event, &decision, of, salt));
                decision
            }
            Err(error) => denial(&event.id, Reason::Unavailable, &format!("no entropy: {error}")),
        }
    }

    /// Whether what is decided must not be released before its receipt is on the disk.
    fn is_privileged(&self, event: &Event, decision: &Decision) -> bool {
        match &event.body {
            EventBody::Call { tool, .. } => {
                let tool = self.policy.tool(tool);
                decision.verdict.permits() && tool.is_none_or(bounden_policy::Tool::is_privileged)
            }
            EventBody::Approve { .. } => true,
            _ => false,
        }
    }

    fn approve(&mut self, call: &EventId, role: &str, caller: Caller) -> Response {
        let Some(session) = self.held.session_of(call) else {
            return Response::Refused(format!("no call `{call}` waits for a person"));
        };
        let body = EventBody::Approve {
            role: role.to_owned(),
            call: call.clone(),
            by: Some(format!("uid:{}", caller.uid)),
        };
        let at = Some(self.clock.now());
        let event = Event { id: self.next_id(), session, principal: None, at, body };
        let decision = self.settle("approval", &event);
        if decision.verdict.permits() {
            Response::Done
        } else {
            let why = decision.detail.unwrap_or_else(|| "the grant is refused".to_owned());
            Response::Refused(why)
        }
    }

    fn status(&self) -> Status {
        Status {
            agent: self.policy.bundle().agent.clone(),
            lock: self.policy.lock(),
            stopped: self.stop.reason(),
            receipts: self.journal.len(),
            sessions: self.sessions.len(),
            held: self.held.len(),
        }
    }

    /// Ids count receipts: each event has one, and no two are alike.
    fn next_id(&self) -> EventId {
        EventId::new(format!("e{}", self.journal.len()))
    }
}

/// A denial that the guard itself has to make, without any rule.
pub(crate) fn denial(id: &EventId, reason: Reason, detail: &str) -> Decision {
    Decision {
        id: id.clone(),
        verdict: Verdict::Block,
        rules: Vec::new(),
        reason,
        detail: Some(detail.to_owned()),
        retryable: true,
        nearest: None,
        escalate: None,
        args: None,
        obligations: Vec::new(),
    }
}

fn done(outcome: io::Result<()>) -> Response {
    match outcome {
        Ok(()) => Response::Done,
        Err(error) => Response::Refused(error.to_string()),
    }
}

fn salt() -> Result<[u8; 16], getrandom::Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)?;
    Ok(salt)
}
