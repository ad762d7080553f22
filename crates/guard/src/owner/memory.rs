//! What an owner knows of the past: the engine's history and the held calls,
//! both learned again from the journal.

use std::sync::Arc;

use bounden_policy::{Engine, EventError, Reason, SessionId};

use super::OwnerError;
use super::held::Held;
use crate::receipt::Entry;
use crate::sealed::Sealed;

pub(super) struct Memory {
    pub(super) engine: Engine,
    pub(super) held: Held,
    /// The first receipt whose input is no event.
    unreadable: Option<(u64, EventError)>,
}

impl Memory {
    pub(super) fn new(policy: &Sealed) -> Self {
        let engine = Engine::new(Arc::clone(policy.policy()));
        Self { engine, held: Held::default(), unreadable: None }
    }

    /// Learns from one entry; the session that it is about.
    ///
    /// What was permitted has happened, whatever is decided of it now, by other
    /// rules or by another version of this program. What was denied is submitted
    /// anew, where a permit would only make caps tighter, since its result never
    /// comes.
    pub(super) fn learn(&mut self, entry: &Entry) -> Option<SessionId> {
        let receipt = &entry.receipt;
        let event = match entry.event() {
            Ok(event) => event?,
            Err(error) => {
                self.unreadable.get_or_insert((receipt.sequence, error));
                return None;
            }
        };
        if matches!(receipt.reason, Reason::Stopped | Reason::Withheld) {
            // The rules were not asked.
            return Some(event.session);
        }
        let ruling = if receipt.verdict.permits() {
            self.engine.relive(&event)
        } else {
            self.engine.decide(&event)
        };
        self.held.observe(&event, &ruling.decision, receipt.at);
        Some(event.session)
    }

    /// The memory, if every entry could be read.
    ///
    /// # Errors
    /// A recorded input is no event.
    pub(super) fn whole(mut self) -> Result<Self, OwnerError> {
        match self.unreadable.take() {
            Some((sequence, error)) => Err(OwnerError::Input(sequence, error)),
            None => Ok(self),
        }
    }
}
