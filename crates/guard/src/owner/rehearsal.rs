//! Sessions in which canaries run: each with an engine of its own, so that
//! nothing real is read or counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::{Json, Timestamp};
use bounden_policy::{Decision, Engine, Event, Policy, SessionId};

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

    /// Decides an event of a rehearsal; `None` where the session is none.
    pub(super) fn decide(
        &mut self,
        event: &Json,
        now: Timestamp,
    ) -> Option<Result<(Decision, Option<Json>), String>> {
        let session = event.get("session").and_then(Json::as_str)?;
        let rehearsal = self.running.get_mut(&number(session)?)?;
        let Json::Object(mut members) = event.clone() else { return None };
        let id = format!("r{}", rehearsal.decisions.len());
        members.insert("id".into(), id.into());
        members.insert("at".into(), now.to_string().into());
        let event = match Event::from_json(&Json::Object(members)) {
            Ok(event) => event,
            Err(error) => return Some(Err(error.to_string())),
        };
        let ruling = rehearsal.engine.decide(&event);
        rehearsal.decisions.push(ruling.decision.clone());
        let permitted = ruling.permit.map(|permit| permit.args().value_or_null().clone());
        Some(Ok((ruling.decision, permitted)))
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
