//! Sessions in which canaries run: each with an engine of its own, so that
//! nothing real is read or counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::json::JsonText;
use bounden_policy::{Decision, Engine, Event, EventId, Policy, SessionId};

/// More than run at one time; a forgotten one makes room.
const LIMIT: usize = 16;

#[derive(Default)]
pub(super) struct Rehearsals {
    last: u64,
    running: BTreeMap<u64, Rehearsal>,
}

struct Rehearsal {
    engine: Engine,
    decisions: Vec<Decision>,
}

impl Rehearsals {
    pub(super) fn open(&mut self, policy: &Arc<Policy>) -> SessionId {
        self.last += 1;
        let engine = Engine::new(Arc::clone(policy));
        self.running.insert(self.last, Rehearsal { engine, decisions: Vec::new() });
        if self.running.len() > LIMIT {
            self.running.pop_first();
        }
        SessionId::new(format!("rehearsal-{}", self.last))
    }

    /// Decides an event of a rehearsal, which numbers its events itself; `None`
    /// where the session is none.
    pub(super) fn decide(&mut self, event: &Event) -> Option<(Decision, Option<JsonText>)> {
        let rehearsal = self.running.get_mut(&number(event.session.as_str())?)?;
        let id = EventId::new(format!("r{}", rehearsal.decisions.len()));
        let ruling = rehearsal.engine.decide(&Event { id, ..event.clone() });
        rehearsal.decisions.push(ruling.decision.clone());
        let permitted = ruling.permit.and_then(|permit| permit.args().canonical().ok());
        Some((ruling.decision, permitted))
    }

    /// Ends a rehearsal; what was decided in it.
    pub(super) fn close(&mut self, session: &SessionId) -> Option<Vec<Decision>> {
        Some(self.running.remove(&number(session.as_str())?)?.decisions)
    }
}

/// Real handles are hexadecimal digits, so that none is mistaken for one of these.
fn number(session: &str) -> Option<u64> {
    session.strip_prefix("rehearsal-")?.parse().ok()
}
