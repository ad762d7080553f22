//! What a call leaves behind: in the history, and in its session.

use super::call::Call;
use super::room::Full;
use super::{Machine, Mode, State, moment};
use crate::Arguments;
use crate::core::Scope;
use crate::doubt::Doubt;
use crate::past::{self, Counted, NewCall, Nothing, Past, Place, Room, Settled};
use crate::policy::Policy;
use crate::provenance::{Origin, Provenance};
use crate::session::{Awaited, FactName, Session, Standing, Status};

impl<H: Past> Machine<H> {
    /// Enters a submission into the history and the session. A used id keeps
    /// what it was first used for.
    pub(super) fn record(
        &mut self,
        call: &Call<'_>,
        sent: &Arguments,
        permitted: bool,
        mode: Mode,
    ) -> Result<(), Full> {
        let is_known = |session: &Session| session.calls.knows(&call.event.id);
        if self.state.sessions.find(&call.event.session).is_none_or(is_known) {
            return Ok(());
        }
        let standing = if permitted {
            Standing::Awaited(self.awaited(call, sent))
        } else {
            Standing::Denied(call.args.digest())
        };
        let room = self.make_room(call, &standing);
        let place = self.count(call, sent, permitted, room, mode)?;
        self.enter(call, sent, standing, place, mode);
        Ok(())
    }

    /// What is awaited of a call that is permitted.
    pub(super) fn awaited(&self, call: &Call<'_>, sent: &Arguments) -> Awaited {
        Awaited {
            submission: call.event.id.clone(),
            sent: (!call.routes.results.is_empty()).then(|| sent.unread()),
            deadline: call.deadline(),
            is_lost: false,
            facts: FactName::all(&self.policy, call.tool, sent),
        }
    }

    /// Notes in the session where a call stands; the result of a permitted one is awaited.
    pub(super) fn enter(
        &mut self,
        call: &Call<'_>,
        sent: &Arguments,
        standing: Standing,
        place: Place,
        mode: Mode,
    ) {
        let entered = place.number;
        let Some(mut session) = self.state.sessions.find_mut(&call.event.session) else { return };
        session.has_called = true;
        let Session { calls, facts, .. } = &mut *session;
        let mut deadline = None;
        let permitted = matches!(standing, Standing::Awaited(_));
        if let Standing::Awaited(awaited) = &standing {
            facts.wait(&awaited.facts);
            // What a recording does not tell is not known, however late it is.
            deadline = mode.acts().then_some(awaited.deadline);
        }
        let number = match call.logical {
            Some(number) => calls.enter_again(number, &call.event.id, standing, place),
            None => calls.enter(&call.event.id, call.tool, standing, place),
        };
        drop(session);
        if let Some(deadline) = deadline {
            let number = (call.event.session.clone(), number);
            self.state.awaited.insert((deadline, entered), number);
        }
        if permitted {
            self.hear_repeated(call, sent);
        }
    }

    /// A tool that repeats what it was asked vouches for none of it.
    fn hear_repeated(&mut self, call: &Call<'_>, sent: &Arguments) {
        let asks_origins = self.policy.asks_origins;
        let room = if asks_origins { self.room_in(call.event) } else { 0 };
        let repeat =
            |known: &mut Provenance| known.learn_json(sent.value_or_null(), Origin::Unknown);
        if let Some(mut session) = self.state.sessions.find_mut(&call.event.session) {
            session.provenance.hear(asks_origins, room, repeat);
        }
    }

    /// Enters a submission into the history, where there is `room` for it in its session.
    fn count(
        &mut self,
        call: &Call<'_>,
        sent: &Arguments,
        permitted: bool,
        room: Result<usize, Full>,
        mode: Mode,
    ) -> Result<Place, Full> {
        let free = self.free();
        let State { sessions, told, history, .. } = &mut self.state;
        let session = sessions.find(&call.event.session).ok_or(Full::Session)?;
        let earlier = call.logical.and_then(|number| session.calls.get(number));
        let mut moment =
            moment(&self.policy, call.event, session, told, call.now, &Nothing, &self.commands);
        let args = self.policy.arguments(call.tool, sent.value_or_null());
        moment.args = Some(args);
        let new_call = NewCall {
            id: earlier.map_or(&call.event.id, |earlier| &earlier.id),
            session: &call.event.session,
            principal: moment.principal,
            tool: call.tool,
            routes: call.routes,
            sent,
            hidden: args.hidden,
            at: call.now,
            permitted,
            replaces: earlier.map(|earlier| &earlier.place),
        };
        let mut counted = past::counted(call.tool, &moment);
        if mode == Mode::Replicate {
            counted.retain(|counted| !self.policy.is_leased(counted.term));
        }
        let needed = history.needed(&new_call, &counted, &self.policy);
        let full = match room {
            Ok(bytes) if free.holds(bytes, needed) => {
                return Ok(history.submit(&new_call, &counted, &self.policy));
            }
            room => room.err().unwrap_or(Full::Everything),
        };
        let happened = NewCall { permitted: permitted && mode.has_happened(), ..new_call };
        // What a retry repeats was counted as an attempt before.
        let is_new = happened.permitted || happened.replaces.is_none();
        let happened_at_all = happened.permitted;
        let has_missed =
            is_new && count_in_passing(history, &happened, &counted, free, &self.policy);
        let mut session = self.session_mut(call.event);
        session.has_called = true;
        // What has happened without being kept may have brought labels and facts.
        session.has_missed |= has_missed || happened_at_all;
        Err(full)
    }

    /// Counts a call of a session for which there is no room, wherever calls of
    /// several sessions are counted together.
    pub(super) fn count_without_session(&mut self, call: &Call<'_>, mode: Mode) {
        let free = self.free();
        let (nobody, policy) = (Session::default(), &self.policy);
        let State { told, history, .. } = &mut self.state;
        let mut moment =
            moment(policy, call.event, &nobody, told, call.now, &Nothing, &self.commands);
        let args = policy.arguments(call.tool, call.args.value_or_null());
        moment.args = Some(args);
        let happened = NewCall {
            id: &call.event.id,
            session: &call.event.session,
            principal: call.event.principal.as_ref(),
            tool: call.tool,
            routes: call.routes,
            sent: call.args,
            hidden: args.hidden,
            at: call.now,
            permitted: mode.has_happened(),
            replaces: None,
        };
        let mut counted = past::counted(call.tool, &moment);
        counted.retain(|counted| {
            (mode != Mode::Replicate || !policy.is_leased(counted.term))
                && policy.terms.get(counted.term).is_some_and(|term| term.scope != Scope::Session)
        });
        // A session that was known might have refused it.
        counted.iter_mut().for_each(|counted| counted.doubt = Some(Doubt::LIMIT));
        count_in_passing(history, &happened, &counted, free, policy);
    }
}

/// Counts a call that no session keeps: attempts are exact, and what has
/// happened has happened. Whether the session itself has to know that it was missed.
fn count_in_passing<H: Past>(
    history: &mut H,
    call: &NewCall<'_>,
    counted: &[Counted<'_>],
    free: Room,
    policy: &Policy,
) -> bool {
    if !free.holds(0, history.needed(call, counted, policy)) {
        return history.miss(call, counted, policy);
    }
    let place = history.submit(call, counted, policy);
    if call.permitted {
        let settled = Settled { session: call.session, tool: call.tool, place: &place };
        history.settle(&settled, Status::Unknown, policy);
    }
    history.close(&place);
    false
}
