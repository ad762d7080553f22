//! Calls that are cleared at once: certain in every respect, and no rule objects.

use super::call::Call;
use super::{Machine, Mode, Permit, Ruling, State, moment};
use crate::clearance::{Clearance, Slots};
use crate::decision::Decision;
use crate::past::{NewCall, Nothing, Past, Place};
use crate::session::Standing;

impl<H: Past> Machine<H> {
    /// Permits a call that is certain to be in order; all others are left to
    /// [`Machine::call`], and nothing has happened.
    pub(super) fn clear(&mut self, call: &Call<'_>, mode: Mode) -> Option<Ruling> {
        if mode == Mode::Replicate {
            return None;
        }
        let clearance = call.routes.clearance.as_ref()?;
        let mut slots = Slots::new(call.args.text()?);
        self.is_cleared(call, clearance, &mut slots).then_some(())?;
        let standing = Standing::Awaited(self.awaited(call, call.args));
        let room = self.make_room(call, &standing).ok()?;
        let place = self.count_cleared(call, clearance, &slots, room)?;
        self.enter(call, call.args, standing, place, mode);
        if let Some(mut session) = self.state.sessions.find_mut(&call.event.session) {
            session.steps += 1;
            session.permitted += 1;
            let cost = call.cost.and_then(|cost| session.cost_with(cost));
            session.cost = cost.unwrap_or(session.cost);
        }
        let permit = (mode == Mode::Enforce).then(|| Permit {
            session: call.event.session.clone(),
            call: call.event.id.clone(),
            tool: call.tool.clone(),
            args: call.args.clone(),
        });
        let decision = Decision::allowed(call.event.id.clone());
        Some(Ruling { decision, permit, criteria: Vec::new() })
    }

    /// Whether nothing at all can be said against the call; then the slots are filled.
    fn is_cleared(&self, call: &Call<'_>, clearance: &Clearance, slots: &mut Slots<'_>) -> bool {
        let State { sessions, history, .. } = &self.state;
        let (Some(index), Some(session)) = (history.index(), sessions.find(&call.event.session))
        else {
            return false;
        };
        let is_simple = call.retry_of.is_none()
            && !session.halted
            && !session.has_missed
            && !session.calls.knows(&call.event.id)
            && self.state.held.is_empty()
            && call.cost.is_none_or(|cost| session.cost_with(cost).is_some())
            && self.limit_reached(call, session).is_none();
        if !is_simple {
            return false;
        }
        let told = &self.state.told;
        let mut moment =
            moment(&self.policy, call.event, session, told, call.now, index, &self.commands);
        moment.tool = Some(call.tool);
        clearance.read(slots, &moment).is_some()
    }

    /// Enters a cleared call into the history.
    fn count_cleared(
        &mut self,
        call: &Call<'_>,
        clearance: &Clearance,
        slots: &Slots<'_>,
        room: usize,
    ) -> Option<Place> {
        let free = self.free();
        let State { sessions, told, history, .. } = &mut self.state;
        let session = sessions.find(&call.event.session)?;
        let moment =
            moment(&self.policy, call.event, session, told, call.now, &Nothing, &self.commands);
        let counted = clearance.counted(slots, &moment)?;
        let new_call = NewCall {
            id: &call.event.id,
            session: &call.event.session,
            principal: moment.principal,
            tool: call.tool,
            routes: call.routes,
            sent: call.args,
            hidden: None,
            at: call.now,
            permitted: true,
            replaces: None,
        };
        let needed = history.needed(&new_call, &counted, &self.policy);
        free.holds(room, needed).then(|| history.submit(&new_call, &counted, &self.policy))
    }
}

#[cfg(test)]
impl super::Engine {
    /// Whether a call that begins a session would be cleared.
    pub(crate) fn would_clear(&self, event: &crate::Event) -> bool {
        let mut fork = self.fork().0;
        let now = crate::engine::Timestamp::UNIX_EPOCH;
        fork.session_mut(event);
        let crate::EventBody::Call { tool, args, .. } = &event.body else { return false };
        let policy = std::sync::Arc::clone(&self.0.policy);
        let (routes, retry_of, logical, cost) = (policy.routes(tool), None, None, None);
        let call = Call { event, tool, routes, args, retry_of, logical, cost, now };
        fork.clear(&call, Mode::Enforce).is_some()
    }
}
