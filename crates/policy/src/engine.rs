//! Decides events one after another and keeps what later decisions need.

mod approval;
mod budget;
mod call;
mod clear;
mod end;
mod enter;
mod freeze;
mod judge;
mod passage;
mod rewrite;
mod room;
mod scope;

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::{Json, JsonError, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bounds::Bounds;
use crate::bundle::EventName;
use crate::decision::{Decision, Reason, Verdict};
use crate::event::{Event, EventBody};
use crate::index::Index;
use crate::lease::Leases;
use crate::moment::{Args, Moment, Windows};
use crate::ordered::Ordered;
use crate::past::{Past, Settled};
use crate::scan::Scan;
use crate::session::{Changing, Session, Sessions, Standing, Status};
use crate::shell::Memo;
use crate::{Arguments, EventId, Lease, LeaseError, Policy, SessionId, ToolName, TopicName};

use call::Call;
use passage::Answer;

pub use end::{ClauseOutcome, CriterionOutcome, CriterionVerdict};
pub use room::Usage;

/// Declares the deciders: one machine over one kind of history each.
macro_rules! deciders {
    ($($(#[$doc:meta])* $name:ident over $history:ty, within $bounds:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(Machine<$history>);

        impl $name {
            /// A decider without history.
            #[must_use]
            pub fn new(policy: Arc<Policy>) -> Self {
                Self(Machine::new(policy, $bounds))
            }

            /// The policy in force.
            #[must_use]
            pub fn policy(&self) -> &Arc<Policy> {
                &self.0.policy
            }

            /// Decides an event before it happens.
            pub fn decide(&mut self, event: &Event) -> Ruling {
                self.0.rule(event, Mode::Enforce)
            }

            /// Judges an event that has happened: a call counts as permitted
            /// whatever the verdict, and no permit is given.
            pub fn observe(&mut self, event: &Event) -> Ruling {
                self.0.rule(event, Mode::Observe)
            }

            /// A decider with the same history, whose further decisions leave
            /// this one as it is.
            #[must_use]
            pub fn fork(&self) -> Self {
                Self(self.0.fork())
            }
        }
    )+};
}

deciders! {
    /// The reference interpreter: it keeps every call and asks every rule. Slow
    /// and obvious; the oracle for [`Engine`].
    Reference over Scan, within Bounds::NONE;
    /// What decides live calls and replays recorded ones.
    Engine over Index, within Bounds::default();
}

impl Engine {
    /// An engine that keeps no more than `bounds` say.
    #[must_use]
    pub fn within(policy: Arc<Policy>, bounds: Bounds) -> Self {
        Self(Machine::new(policy, bounds))
    }

    /// Forgets a session, and makes room for another one: the host promises that
    /// no event of it will come any more. What principals and the agent have
    /// done in it still counts, and what was granted in it can be used. Whether
    /// it was forgotten: not where it is unknown, or a call of it is in flight.
    pub fn forget(&mut self, session: &SessionId) -> bool {
        self.0.forget(session)
    }

    /// Takes in again what this agent's own journal says was permitted. It has
    /// happened, whatever is decided of it now: caps count it, its result is
    /// awaited, and no permit is given.
    pub fn relive(&mut self, event: &Event) -> Ruling {
        self.0.rule(event, Mode::Relive)
    }

    /// Takes note of an event that another guard of the agent has recorded: a
    /// call that happened there fulfils prerequisites here. What caps count is
    /// shared out in leases, so there it is not counted. The event's `at` is the
    /// time of this engine, or absent.
    pub fn replicate(&mut self, event: &Event) -> Ruling {
        self.0.rule(event, Mode::Replicate)
    }

    /// Takes a lease, in the place of an earlier one for the same calls.
    ///
    /// # Errors
    /// The policy has no such cap, or there is no room for the lease.
    pub fn grant_lease(&mut self, lease: &Lease) -> Result<(), LeaseError> {
        let room = self.0.room();
        let State { told, now, .. } = &mut self.0.state;
        told.leases.grant(lease, &self.0.policy, *now, room)
    }

    /// Gives a lease back; whether the engine had exactly this one.
    pub fn revoke_lease(&mut self, lease: &Lease) -> bool {
        self.0.state.told.leases.revoke(lease, &self.0.policy)
    }

    /// What is kept at the moment.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.0.state.usage()
    }
}

/// Decides events under one policy, over one kind of history.
#[derive(Debug)]
struct Machine<H> {
    policy: Arc<Policy>,
    state: State<H>,
    /// Command lines that were read for the event at hand.
    commands: Memo,
}

/// All that later decisions depend on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct State<H> {
    bounds: Bounds,
    sessions: Sessions,
    now: Option<Timestamp>,
    told: Told,
    held: approval::Held,
    /// Permitted calls whose result is awaited: the session and the number in it,
    /// by the time at which they are lost and by the number in the history.
    awaited: Ordered<(Timestamp, u64), (SessionId, u64)>,
    history: H,
    /// Whether something has happened in a session for which there was no room:
    /// any session that is opened later may be that one.
    has_missed: bool,
}

/// What hosts have said beside what happens to the agent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Told {
    /// Windows that an event opened or closed.
    windows: BTreeMap<String, bool>,
    /// Shares of what several guards use together.
    leases: Leases,
}

/// The answer to one event, and what it allows.
#[derive(Debug)]
pub struct Ruling {
    /// The answer.
    pub decision: Decision,
    /// The right to forward one call; only a call that may happen has it.
    pub permit: Option<Permit>,
    /// At the end of a session: what became of each criterion.
    pub criteria: Vec<CriterionOutcome>,
}

/// The right to forward one call with these arguments, once.
///
/// Only a decision makes one, and it cannot be copied.
#[derive(Debug)]
pub struct Permit {
    session: SessionId,
    call: EventId,
    tool: ToolName,
    args: Arguments,
}

/// When an event is judged, and to what end.
#[derive(Clone, Copy, Debug)]
struct Occasion {
    now: Timestamp,
    mode: Mode,
}

/// Whether a decision acts, or only judges what has happened anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Enforce,
    /// A recorded run: every call counts as permitted, whatever the verdict.
    Observe,
    /// What this agent's own journal says was permitted.
    Relive,
    /// What has happened at another guard: it fulfils prerequisites here, and
    /// is no part of what this guard has leased.
    Replicate,
}

impl Mode {
    /// Whether a call has happened, whatever is decided.
    fn has_happened(self) -> bool {
        self != Self::Enforce
    }

    /// Whether the decision itself takes effect: sessions are halted, rewritten
    /// arguments are sent, and results come in time or are lost.
    fn acts(self) -> bool {
        matches!(self, Self::Enforce | Self::Relive)
    }
}

impl Permit {
    /// The session of the call.
    #[must_use]
    pub fn session(&self) -> &SessionId {
        &self.session
    }

    /// The id of the call.
    #[must_use]
    pub fn call(&self) -> &EventId {
        &self.call
    }

    /// The tool to call.
    #[must_use]
    pub fn tool(&self) -> &ToolName {
        &self.tool
    }

    /// The arguments to call it with, in the form that was decided on.
    #[must_use]
    pub fn args(&self) -> &Arguments {
        &self.args
    }
}

impl<H: Past> Machine<H> {
    fn new(policy: Arc<Policy>, bounds: Bounds) -> Self {
        let state = State {
            bounds,
            sessions: Sessions::default(),
            now: None,
            told: Told::default(),
            held: approval::Held::default(),
            awaited: Ordered::default(),
            history: H::within(&bounds),
            has_missed: false,
        };
        Self { policy, state, commands: Memo::default() }
    }

    fn fork(&self) -> Self
    where
        H: Clone,
    {
        let policy = Arc::clone(&self.policy);
        Self { policy, state: self.state.clone(), commands: Memo::default() }
    }

    fn rule(&mut self, event: &Event, mode: Mode) -> Ruling {
        self.commands = Memo::default();
        let now = match self.time_of(event) {
            Ok(now) => now,
            Err(detail) => return Ruling::malformed(event, detail),
        };
        self.state.now = Some(now);
        self.state.history.advance(now);
        self.lose_overdue(now);
        self.state.held.expire(now);
        if !self.has_room_for_session(event) {
            return self.without_session(event, Occasion { now, mode });
        }
        if let Err(detail) = self.open_session(event, now) {
            return Ruling::malformed(event, detail);
        }
        let at = Occasion { now, mode };
        match &event.body {
            EventBody::Call { tool, args, retry_of, cost } => {
                let (retry_of, logical, cost) = (retry_of.as_ref(), None, *cost);
                let policy = Arc::clone(&self.policy);
                let routes = policy.routes(tool);
                self.call(Call { event, tool, routes, args, retry_of, logical, cost, now }, mode)
            }
            EventBody::Result { call, ok, result, labels } => {
                self.result(event, &Answer { call, ok: *ok, result, labels }, at)
            }
            EventBody::Request { text } => self.text(event, EventName::Request, text, at),
            EventBody::Output { text } => self.text(event, EventName::Output, text, at),
            EventBody::Log { record } => self.log(event, record, at),
            EventBody::Start { tags } => self.start(event, tags, at),
            EventBody::End => self.end(event, at),
            EventBody::Approve { role, call, by } => {
                Ruling::of(self.approve(event, role, call, by.as_deref(), now))
            }
            EventBody::Window { name, open } => self.window(event, name, *open),
        }
    }

    /// The time of an event; it never runs backwards.
    fn time_of(&self, event: &Event) -> Result<Timestamp, String> {
        match (event.at, self.state.now) {
            (Some(at), Some(last)) if at < last => {
                Err(format!("the time {at} lies before {last}, that of an earlier event"))
            }
            (at, last) => Ok(at.or(last).unwrap_or(Timestamp::UNIX_EPOCH)),
        }
    }

    /// A session acts for one principal, which is known by its first call: two
    /// of them would have two budgets.
    fn open_session(&mut self, event: &Event, now: Timestamp) -> Result<(), String> {
        if event.principal.is_none() && self.is_open(event) {
            return Ok(());
        }
        let has_missed = self.state.has_missed;
        let mut session = self.session_mut(event);
        session.has_missed |= has_missed && session.started.is_none();
        if let Some(principal) = &event.principal {
            let is_late = session.principal.is_none() && session.has_called;
            if is_late || session.principal.as_ref().is_some_and(|known| known != principal) {
                return Err(format!("the session does not act for `{principal}`"));
            }
            session.act_for(principal);
        }
        session.started.get_or_insert(now);
        Ok(())
    }

    fn is_open(&self, event: &Event) -> bool {
        let session = self.state.sessions.find(&event.session);
        session.is_some_and(|session| session.started.is_some())
    }

    /// A call without a result by its tool's timeout is lost: caps still count
    /// it, and it never satisfies a prerequisite.
    fn lose_overdue(&mut self, now: Timestamp) {
        let State { awaited, sessions, history, .. } = &mut self.state;
        while awaited.first().is_some_and(|((deadline, _), _)| *deadline < now)
            && let Some((_, (id, number))) = awaited.pop_first()
        {
            let Some(mut session) = sessions.find_mut(&id) else { continue };
            let Session { calls, facts, .. } = &mut *session;
            calls.change(number, |call| {
                let settled = Settled { session: &id, tool: &call.tool, place: &call.place };
                history.settle(&settled, Status::Lost, &self.policy);
                if let Standing::Awaited(awaited) = &mut call.standing {
                    awaited.is_lost = true;
                    facts.wait_no_more(&awaited.facts);
                }
            });
        }
    }

    /// The moment of an event; what is particular to its kind is added by the caller.
    fn moment<'a>(
        &'a self,
        event: &'a Event,
        session: &'a Session,
        now: Timestamp,
    ) -> Moment<'a, H> {
        let State { told, history, .. } = &self.state;
        moment(&self.policy, event, session, told, now, history, &self.commands)
    }

    fn arguments<'a>(&'a self, tool: &ToolName, args: &'a Json) -> Args<'a> {
        self.policy.arguments(tool, args)
    }

    fn session_mut(&mut self, event: &Event) -> Changing<'_> {
        self.state.sessions.find_or_new(&event.session)
    }
}

fn moment<'a, H>(
    policy: &'a Policy,
    event: &'a Event,
    session: &'a Session,
    told: &'a Told,
    now: Timestamp,
    history: &'a H,
    commands: &'a Memo,
) -> Moment<'a, H> {
    let bundle = policy.bundle();
    Moment {
        agent: &bundle.agent,
        now,
        session_id: &event.session,
        session,
        present: None,
        principal: session.principal.as_ref(),
        tool: None,
        args: None,
        this: None,
        result: None,
        text: None,
        topic: session.topic.as_ref().map(TopicName::as_str),
        record: None,
        approved: false,
        windows: Windows { declared: &bundle.windows, said: &told.windows },
        leases: &told.leases,
        policy,
        history,
        commands,
    }
}

impl Ruling {
    /// The ruling as one object: the decision, and `criteria` where a session
    /// with criteria ends.
    ///
    /// # Errors
    /// None in practice: every part is JSON already.
    pub fn to_json(&self) -> Result<Json, JsonError> {
        let mut decision = Json::from_serialize(&self.decision)?;
        if let (Json::Object(members), false) = (&mut decision, self.criteria.is_empty()) {
            members.insert("criteria".to_owned(), Json::from_serialize(&self.criteria)?);
        }
        Ok(decision)
    }

    fn malformed(event: &Event, detail: String) -> Self {
        let (id, reason) = (event.id.clone(), Reason::Malformed);
        Self::of(Decision::refused(id, Verdict::Block, reason, detail))
    }

    fn of(decision: Decision) -> Self {
        Self { decision, permit: None, criteria: Vec::new() }
    }
}

impl Decision {
    /// The answer to an event that no rule objects to.
    pub(crate) fn allowed(id: EventId) -> Self {
        Self {
            id,
            verdict: Verdict::Allow,
            rules: Vec::new(),
            reason: Reason::Allowed,
            detail: None,
            retryable: false,
            nearest: None,
            escalate: None,
            args: None,
            obligations: Vec::new(),
        }
    }

    /// The answer to an event that is refused before any rule is asked.
    pub(crate) fn refused(id: EventId, verdict: Verdict, reason: Reason, detail: String) -> Self {
        Self { verdict, reason, detail: Some(detail), ..Self::allowed(id) }
    }
}

#[cfg(test)]
mod tests;
