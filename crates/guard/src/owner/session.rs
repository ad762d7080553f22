//! Sessions are named by the guard, out of what the agent cannot choose.

use std::collections::BTreeSet;

use bounden_policy::SessionId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::protocol::Opening;

/// The sessions of one agent.
pub(super) struct Sessions {
    secret: [u8; 64],
    known: BTreeSet<SessionId>,
    started: BTreeSet<SessionId>,
}

impl Sessions {
    pub(super) fn new(secret: [u8; 64]) -> Self {
        Self { secret, known: BTreeSet::new(), started: BTreeSet::new() }
    }

    /// The handle of a session: the same for the same opening, also after a
    /// restart, and not to be guessed from it.
    pub(super) fn open(&mut self, opening: &Opening) -> SessionId {
        let handle = handle(&self.secret, opening);
        self.known.insert(handle.clone());
        handle
    }

    /// Remembers a session from before a restart.
    pub(super) fn recall(&mut self, session: &SessionId) {
        self.known.insert(session.clone());
        self.started.insert(session.clone());
    }

    /// Whether this guard gave the handle out.
    pub(super) fn knows(&self, session: &SessionId) -> bool {
        self.known.contains(session)
    }

    /// Whether this is the first that is heard of the session.
    pub(super) fn starts(&mut self, session: &SessionId) -> bool {
        self.started.insert(session.clone())
    }

    pub(super) fn len(&self) -> u64 {
        self.started.len() as u64
    }
}

fn handle(secret: &[u8; 64], opening: &Opening) -> SessionId {
    let mut mac = Hmac::<Sha256>::new(secret.into());
    for part in [&opening.route, opening.principal.as_str(), &opening.key] {
        // Lengths, so that no two openings give the same text.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    let tag = mac.finalize().into_bytes();
    let half = tag.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>();
    SessionId::new(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(route: &str, principal: &str, key: &str) -> Opening {
        Opening { route: route.into(), key: key.into(), principal: principal.into() }
    }

    #[test]
    fn a_session_is_the_same_for_the_same_opening_and_secret_only() {
        let mut sessions = Sessions::new([1; 64]);
        let first = sessions.open(&opening("r", "p", "k"));
        assert_eq!(sessions.open(&opening("r", "p", "k")), first);
        for other in [opening("r", "p", "l"), opening("r", "pk", ""), opening("rp", "", "k")] {
            assert_ne!(sessions.open(&other), first, "{other:?}");
        }
        assert_ne!(Sessions::new([2; 64]).open(&opening("r", "p", "k")), first);
    }

    #[test]
    fn only_handles_that_were_given_out_are_known() {
        let mut sessions = Sessions::new([1; 64]);
        assert!(!sessions.knows(&"made-up".into()));
        let handle = sessions.open(&opening("r", "p", "k"));
        assert!(sessions.knows(&handle));
        assert!(sessions.starts(&handle) && !sessions.starts(&handle));
    }
}
