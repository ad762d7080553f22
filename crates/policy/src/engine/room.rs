//! Whether there is room for what an event would leave behind, and what is
//! answered where there is none.

use std::sync::Arc;

use super::call::Call;
use super::{Machine, Occasion, Ruling, State};
use crate::SessionId;
use crate::cost;
use crate::decision::{Decision, Reason, Verdict};
use crate::event::{Event, EventBody};
use crate::past::{Past, Room};
use crate::session::{FactName, Session, Standing};

/// What there is no room in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// The session of the call.
    Session,
    /// All that is kept.
    Everything,
    /// The calls that wait for people.
    Held,
}

impl Full {
    fn detail(self) -> &'static str {
        match self {
            Self::Session => "the session cannot keep another call",
            Self::Everything => "there is no room to keep another call",
            Self::Held => "there is no room for another call that waits for people",
        }
    }

    /// The decision that follows: a call of which nothing can be kept does not
    /// happen. What is denied already stays as it is.
    pub(super) fn refuse(self, decision: Decision) -> Decision {
        if decision.verdict >= Verdict::Block {
            return decision;
        }
        Decision {
            verdict: Verdict::Block,
            reason: Reason::StateLimit,
            detail: Some(self.detail().to_owned()),
            // Calls end, and windows pass.
            retryable: true,
            nearest: None,
            args: None,
            ..decision
        }
    }
}

/// What an engine keeps; none of it exceeds its [`crate::Bounds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Sessions.
    pub sessions: usize,
    /// Groups of calls that are counted together.
    pub groups: usize,
    /// Calls that wait for a grant or were granted.
    pub held_calls: usize,
    /// Bytes of everything, rounded up.
    pub bytes: usize,
}

impl<H: Past> State<H> {
    pub(super) fn usage(&self) -> Usage {
        Usage {
            sessions: self.sessions.len(),
            groups: self.history.room().groups,
            held_calls: self.held.len(),
            bytes: self.bytes(),
        }
    }

    /// Bytes that are kept.
    fn bytes(&self) -> usize {
        let others = self.held.bytes() + self.told.leases.bytes();
        self.sessions.bytes() + self.history.room().bytes + others
    }
}

impl<H: Past> Machine<H> {
    /// Bytes that may still be kept.
    pub(super) fn room(&self) -> usize {
        self.state.bounds.bytes.saturating_sub(self.state.bytes())
    }

    /// Bytes that a session may still keep.
    pub(super) fn room_in(&self, event: &Event) -> usize {
        let bytes = self.state.sessions.find(&event.session).map_or(0, |session| session.bytes());
        self.state.bounds.session_bytes.saturating_sub(bytes).min(self.room())
    }

    /// Whether a session is known with its principal, or there is room for that.
    pub(super) fn has_room_for_session(&self, event: &Event) -> bool {
        let State { sessions, bounds, .. } = &self.state;
        let principal = event.principal.as_ref().map_or(0, |id| cost::text(id.as_str()));
        match sessions.find(&event.session) {
            Some(session) => {
                principal == 0 || session.principal.is_some() || principal <= self.room_in(event)
            }
            None => {
                let needed = Session::new_bytes(&event.session) + principal;
                sessions.len() < bounds.sessions
                    && needed <= bounds.session_bytes
                    && needed <= self.room()
            }
        }
    }

    /// The answer to an event of a session that cannot be opened. A window is no
    /// part of a session.
    pub(super) fn without_session(&mut self, event: &Event, at: Occasion) -> Ruling {
        match &event.body {
            EventBody::Window { name, open } => return self.window(event, name, *open),
            EventBody::Call { tool, args, .. } => {
                let policy = Arc::clone(&self.policy);
                let (retry_of, logical, cost, now) = (None, None, None, at.now);
                let routes = policy.routes(tool);
                let call = Call { event, tool, routes, args, retry_of, logical, cost, now };
                self.count_without_session(&call, at.mode);
            }
            _ => {}
        }
        self.state.has_missed |= at.mode.has_happened();
        let detail = "there is no room for another session".to_owned();
        let (id, reason) = (event.id.clone(), Reason::StateLimit);
        let refused = Decision::refused(id, Verdict::Block, reason, detail);
        Ruling::of(Decision { retryable: true, ..refused })
    }

    /// Forgets a session of which nothing will happen any more, unless a call of
    /// it is in flight; whether it did.
    pub(super) fn forget(&mut self, id: &SessionId) -> bool {
        let State { sessions, history, .. } = &mut self.state;
        if sessions.find(id).is_none_or(|session| session.calls.has_in_flight()) {
            return false;
        }
        let Some(mut session) = sessions.remove(id) else { return false };
        while let Some(call) = session.calls.forget_oldest(None) {
            history.close(&call.place);
        }
        history.forget(id);
        true
    }

    /// Makes room in its session for a submission, by forgetting the oldest
    /// ones; the bytes that it needs, where that was enough.
    pub(super) fn make_room(
        &mut self,
        call: &Call<'_>,
        standing: &Standing,
    ) -> Result<usize, Full> {
        let needed = self.submission_bytes(call, standing);
        let State { sessions, history, bounds, .. } = &mut self.state;
        let Some(mut session) = sessions.find_mut(&call.event.session) else {
            return Err(Full::Session);
        };
        while session.calls.len() >= bounds.session_calls
            || session.bytes().saturating_add(needed) > bounds.session_bytes
        {
            let forgotten = session.calls.forget_oldest(call.logical).ok_or(Full::Session)?;
            history.close(&forgotten.place);
        }
        Ok(needed)
    }

    /// What the history may still take.
    pub(super) fn free(&self) -> Room {
        let groups = self.state.bounds.groups.saturating_sub(self.state.history.room().groups);
        Room { groups, bytes: self.room() }
    }

    /// Bytes that a submission takes in its session, rounded up.
    fn submission_bytes(&self, call: &Call<'_>, standing: &Standing) -> usize {
        let awaited = match standing {
            Standing::Awaited(awaited) => {
                let facts = awaited.facts.iter().map(|fact| cost::FACT + FactName::bytes(fact));
                awaited.bytes() + facts.sum::<usize>()
            }
            Standing::Denied(_) | Standing::Settled => 0,
        };
        let names = call.tool.as_str().len() + 2 * call.event.id.as_str().len();
        let groups = call.routes.counting.len() * 2 * size_of::<usize>();
        cost::CALL + cost::ID + names + groups + awaited
    }
}
