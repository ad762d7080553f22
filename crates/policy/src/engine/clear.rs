//! Calls that are cleared at once: certain in every respect, and no rule objects.

use super::call::Call;
use super::{Machine, Mode, Permit, Ruling, moment};
use crate::decision::Decision;
use crate::past::Past;

impl<H: Past> Machine<H> {
    /// Whether it is certain, without reading anything in full, that a call may happen.
    pub(super) fn is_clear(&self, call: &Call<'_>) -> bool {
        self.clears(call).is_some_and(|clears| clears)
    }

    fn clears(&self, call: &Call<'_>) -> Option<bool> {
        let index = self.state.history.index()?;
        let text = call.args.text()?;
        let clearance = self.policy.clearance(call.tool)?;
        let session = self.state.sessions.get(&call.event.session)?;
        let is_simple = call.retry_of.is_none()
            && !session.halted
            && !session.calls.contains_key(&call.event.id)
            && self.state.held.is_empty()
            && call.cost.is_none_or(|cost| session.cost_with(cost).is_some())
            && self.limit_reached(call, session).is_none();
        if !is_simple {
            return None;
        }
        let windows = &self.state.windows;
        let mut moment = moment(&self.policy, call.event, session, windows, call.now, index);
        moment.tool = Some(call.tool);
        Some(clearance.clears(text, &moment))
    }

    /// Permits a call that was cleared.
    pub(super) fn permit_at_once(&mut self, call: &Call<'_>, mode: Mode) -> Ruling {
        let decision = Decision::allowed(call.event.id.clone());
        self.enter(call, call.args, true, mode);
        let session = self.session_mut(call.event);
        session.steps += 1;
        session.permitted += 1;
        session.cost = call.cost.and_then(|cost| session.cost_with(cost)).unwrap_or(session.cost);
        let permit = (mode == Mode::Enforce).then(|| Permit {
            session: call.event.session.clone(),
            call: call.event.id.clone(),
            tool: call.tool.clone(),
            args: call.args.clone(),
        });
        Ruling { decision, permit, criteria: Vec::new() }
    }
}

#[cfg(test)]
impl super::Engine {
    /// Whether the first call of a session would be cleared.
    pub(crate) fn would_clear(&self, event: &crate::Event) -> bool {
        let mut fork = self.fork().0;
        let now = crate::engine::Timestamp::UNIX_EPOCH;
        fork.session_mut(event);
        let crate::EventBody::Call { tool, args, .. } = &event.body else { return false };
        let call = Call { event, tool, args, retry_of: None, logical: None, cost: None, now };
        fork.is_clear(&call)
    }
}
