//! The one owner of an agent's state on a machine: it decides, remembers and
//! records; everything else asks it.

mod actor;
mod clock;
mod held;
mod listen;
mod memory;
mod proofs;
pub mod protocol;
mod rehearsal;
mod session;
mod stop;
#[cfg(test)]
mod tests;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::{Duration, Instant};

use bounden_base::json::JsonText;
use bounden_base::{Digest, Json, Timestamp};
use bounden_policy::{
    Action, Decision, Event, EventBody, EventError, EventId, EventName, PrincipalId, Reason,
    Ruling, SessionId, Tool, Verdict,
};

use self::clock::Clock;
use self::memory::Memory;
use self::proofs::Proofs;
use self::protocol::{Pinned, Request, Response, Status, Surface};
use self::rehearsal::Rehearsals;
use self::session::Sessions;
use self::stop::StopSwitch;
use crate::home::Home;
use crate::journal::{Journal, JournalError, Recovery};
use crate::receipt::{Circumstances, Entry};
use crate::sealed::Sealed;

pub use actor::{Handle, InForce, spawn};
pub(crate) use listen::LINE_LIMIT;
pub use listen::{ListenError, listen};
pub use stop::{lift, stop};

/// Decides, remembers and records for one agent.
pub struct Owner {
    policy: Sealed,
    /// Where the policy is looked up again.
    source: Option<Source>,
    memory: Memory,
    sessions: Sessions,
    /// How sessions have come here since the start.
    points: BTreeSet<String>,
    journal: Journal,
    rehearsals: Rehearsals,
    proofs: Proofs,
    stop: StopSwitch,
    clock: Clock,
    /// Whether what was appended has to be on the disk before it is answered.
    durable: bool,
}

/// Looks up which policy has to be enforced now.
pub type Source = Box<dyn Fn() -> Result<Sealed, String> + Send>;

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

impl Caller {
    /// The owner's own process, which asks in nobody's name.
    #[must_use]
    pub fn owner() -> Self {
        Self { uid: u32::MAX }
    }
}

impl Owner {
    /// Takes over the state in `home`: replays the journal and goes on from there.
    ///
    /// # Errors
    /// The state folder or the journal cannot be used.
    pub fn open(home: &Home, policy: Sealed) -> Result<(Self, Recovery), OwnerError> {
        let mut memory = Memory::new(&policy);
        let mut sessions = Sessions::new(home.secret()?);
        let mut floor = Timestamp::MIN;
        let (journal, recovery) = Journal::open(&home.journal(), |entry| {
            floor = entry.receipt.at;
            if let Some(session) = memory.learn(&entry) {
                sessions.recall(&session);
            }
        })?;
        let memory = memory.whole()?;
        let stop = StopSwitch::new(home.stop_file());
        let clock = Clock::new(floor);
        let (rehearsals, proofs) = (Rehearsals::default(), Proofs::open(home.proofs()));
        let owner = Self {
            policy,
            source: None,
            memory,
            sessions,
            points: BTreeSet::new(),
            journal,
            rehearsals,
            proofs,
            stop,
            clock,
            durable: false,
        };
        Ok((owner, recovery))
    }

    /// The same owner, which asks `source` when the policy may have changed.
    #[must_use]
    pub fn with_source(self, source: Source) -> Self {
        Self { source: Some(source), ..self }
    }

    /// Answers one request. What it appended to the journal is not written
    /// before [`Owner::commit`].
    pub fn answer(&mut self, request: Request, caller: Caller) -> Response {
        match request {
            Request::Surface { lock } => self.surface(lock),
            Request::Open(opening) => {
                self.points.insert(opening.route.clone());
                Response::Session(self.sessions.open(&opening))
            }
            Request::Decide { point, session, principal, body, withheld } => {
                self.decide(&point, session, principal, body, withheld)
            }
            Request::Approve { call, role } => self.approve(&call, role.as_str(), caller),
            Request::Held => Response::Held(self.memory.held.calls()),
            Request::Rehearse => Response::Session(self.rehearsals.open(self.policy.policy())),
            Request::Rehearsed { session } => match self.rehearsals.close(&session) {
                Some(decisions) => Response::Rehearsed(decisions),
                None => Response::Refused("no such rehearsal".to_owned()),
            },
            Request::Remember { proofs } => match self.proofs.remember(proofs) {
                Ok(()) => Response::Done,
                Err(error) => Response::Refused(error.to_string()),
            },
            Request::Prove => Response::Refused("only the owner's socket proves".to_owned()),
            Request::Reload => match self.reload() {
                Ok(()) => Response::Done,
                Err(why) => Response::Refused(why),
            },
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
        let Request::Decide { body: EventBody::Call { tool, .. }, .. } = request else {
            return waiting::LONGEST;
        };
        let tool = self.policy.tool(tool);
        tool.map_or(waiting::LONGEST, |tool| {
            waiting::LONGEST.min(Duration::from_secs(tool.timeout_seconds.into()))
        })
    }

    /// Enforces the policy that the source names now, with all that is
    /// remembered. Where there is none, or it cannot be read, nothing changes.
    fn reload(&mut self) -> Result<(), String> {
        let Some(source) = &self.source else { return Ok(()) };
        let policy = source()?;
        if policy.policy().digest() == self.policy.policy().digest()
            && policy.lock() == self.policy.lock()
        {
            return Ok(());
        }
        self.commit().map_err(|error| error.to_string())?;
        let mut memory = Memory::new(&policy);
        let learned = self.journal.replay(|entry| drop(memory.learn(&entry)));
        learned.map_err(|error| error.to_string())?;
        self.memory = memory.whole().map_err(|error| error.to_string())?;
        self.policy = policy;
        Ok(())
    }

    fn surface(&mut self, lock: Option<Digest>) -> Response {
        if lock.is_some_and(|lock| lock != self.policy.lock())
            && let Err(why) = self.reload()
        {
            return Response::Refused(why);
        }
        let enforced = self.policy.lock();
        if let Some(lock) = lock.filter(|lock| *lock != enforced) {
            let message = format!("the guard enforces {enforced}, not {lock}");
            return Response::Refused(message);
        }
        let bundle = self.policy.policy().bundle();
        let tools = bundle.tools.iter().map(|(name, tool)| {
            let digest = |schema: &Option<Json>| schema.as_ref().map(Json::digest);
            let (input, output) = (digest(&tool.input), digest(&tool.output));
            (name.clone(), Pinned { definition: tool.definition, input, output })
        });
        let about_results =
            || bundle.rules.values().filter(|rule| rule.trigger.event == EventName::Result);
        Response::Surface(Surface {
            agent: bundle.agent.clone(),
            lock: enforced,
            tools: tools.collect(),
            filters_results: about_results().next().is_some(),
            judges_results: about_results()
                .any(|rule| rule.when.is_some() || !matches!(rule.action, Action::Redact { .. })),
        })
    }

    /// Decides what a point has met; its id and its time are given here.
    fn decide(
        &mut self,
        point: &str,
        session: SessionId,
        principal: Option<PrincipalId>,
        body: EventBody,
        withheld: Option<String>,
    ) -> Response {
        let (id, at) = (self.next_id(), Some(self.clock.now()));
        let mut event = Event { id, session, principal, at, body };
        if let Some((decision, permitted)) = self.rehearsals.decide(&event) {
            return Response::Decided { decision: Box::new(decision), permitted };
        }
        if !self.sessions.knows(&event.session) {
            return Response::Refused("unknown session".to_owned());
        }
        if self.sessions.starts(&event.session) {
            let body = EventBody::Start { tags: BTreeMap::new() };
            self.settle(point, &Event { body, ..event.clone() }, None);
            event.id = self.next_id();
        }
        let (decision, permitted) = self.settle(point, &event, withheld);
        Response::Decided { decision: Box::new(decision), permitted }
    }

    /// Decides an event and appends its receipt; with the arguments to forward
    /// where it is a call that may be.
    fn settle(
        &mut self,
        point: &str,
        event: &Event,
        withheld: Option<String>,
    ) -> (Decision, Option<JsonText>) {
        let salt = match salt() {
            Ok(salt) => salt,
            Err(error) => {
                let detail = format!("no entropy: {error}");
                return (denial(&event.id, Reason::Unavailable, &detail), None);
            }
        };
        let started = Instant::now();
        let is_call = matches!(event.body, EventBody::Call { .. });
        let (decision, permitted) = match (self.stop.reason().filter(|_| is_call), withheld) {
            (Some(stopped), _) => (denial(&event.id, Reason::Stopped, &stopped), None),
            (None, Some(doubt)) => (denial(&event.id, Reason::Withheld, &doubt), None),
            (None, None) => {
                let Ruling { decision, permit, .. } = self.memory.engine.decide(event);
                match permit.map(|permit| permit.args().canonical().ok()) {
                    Some(None) => {
                        let doubt = "the arguments cannot be written";
                        (denial(&event.id, Reason::Malformed, doubt), None)
                    }
                    permitted => (decision, permitted.flatten()),
                }
            }
        };
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let at = event.at.unwrap_or_else(|| self.clock.now());
        self.memory.held.observe(event, &decision, at);
        self.durable |= self.is_privileged(event, &decision);
        let (lock, policy) = (self.policy.lock(), self.policy.policy().digest());
        let of = Circumstances { point, lock, policy, epoch: 0, at, micros };
        self.journal.append(Entry::new(event, &decision, of, salt));
        (decision, permitted)
    }

    /// Whether what is decided must not be released before its receipt is on the disk.
    fn is_privileged(&self, event: &Event, decision: &Decision) -> bool {
        match &event.body {
            EventBody::Call { tool, .. } => {
                let tool = self.policy.tool(tool);
                decision.verdict.permits() && tool.is_none_or(Tool::is_privileged)
            }
            EventBody::Approve { .. } => true,
            _ => false,
        }
    }

    fn approve(&mut self, call: &EventId, role: &str, caller: Caller) -> Response {
        let Some(session) = self.memory.held.session_of(call) else {
            return Response::Refused(format!("no call `{call}` waits for a person"));
        };
        let body = EventBody::Approve {
            role: role.to_owned(),
            call: call.clone(),
            by: Some(format!("uid:{}", caller.uid)),
        };
        let at = Some(self.clock.now());
        let event = Event { id: self.next_id(), session, principal: None, at, body };
        let (decision, _) = self.settle("approval", &event, None);
        if decision.verdict.permits() {
            Response::Done
        } else {
            let why = decision.detail.unwrap_or_else(|| "the grant is refused".to_owned());
            Response::Refused(why)
        }
    }

    fn status(&self) -> Status {
        let bundle = self.policy.policy().bundle();
        Status {
            agent: bundle.agent.clone(),
            lock: self.policy.lock(),
            stopped: self.stop.reason(),
            receipts: self.journal.len(),
            sessions: self.sessions.len(),
            held: self.memory.held.len(),
            points: self.points.clone(),
            invariants: self.proofs.of(bundle, self.policy.lock(), self.clock.now()),
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

fn salt() -> Result<[u8; 16], getrandom::Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)?;
    Ok(salt)
}
