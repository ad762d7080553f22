//! The requests that are on their way, so that each answer is known to be one,
//! comes from where it was asked, and is given once.

use std::collections::BTreeMap;

use bounden_mcp::Id;
use bounden_policy::EventId;

/// What a request that reached a server is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The handshake with this server.
    Handshake,
    /// A page of its tools.
    Listing,
    /// A permitted call, by the id of its decision.
    Call(EventId),
    /// The client's own, of which the guard knows nothing.
    Passing,
}

#[derive(Debug)]
enum Flight {
    /// A decision is awaited.
    Held { cancelled: bool },
    /// At a server.
    Out { server: usize, purpose: Purpose },
    /// The answer is there; whether it may be released is being decided.
    Back,
}

pub(super) struct Flights {
    flights: BTreeMap<Id, Flight>,
    /// Sets the guard's own ids apart from any that a client might choose.
    nonce: u64,
    last: u64,
}

impl Flights {
    pub(super) fn new() -> Self {
        let mut bytes = [0; 8];
        // Without entropy the ids could collide with a client's, and such a
        // client would be told that its id is in use.
        let _ = getrandom::fill(&mut bytes);
        Self { flights: BTreeMap::new(), nonce: u64::from_be_bytes(bytes), last: 0 }
    }

    /// A new id for a request of the guard's own.
    pub(super) fn own_id(&mut self) -> Id {
        self.last += 1;
        Id::text(&format!("bounden-{:016x}-{}", self.nonce, self.last))
    }

    pub(super) fn is_known(&self, id: &Id) -> bool {
        self.flights.contains_key(id)
    }

    /// A decision about this request is awaited.
    pub(super) fn hold(&mut self, id: &Id) {
        self.flights.insert(id.clone(), Flight::Held { cancelled: false });
    }

    /// The request goes to a server.
    pub(super) fn depart(&mut self, id: &Id, server: usize, purpose: Purpose) {
        self.flights.insert(id.clone(), Flight::Out { server, purpose });
    }

    /// The answer of a server: what it answers; `None` where nothing was asked
    /// of it under this id, or it was answered before.
    pub(super) fn answered(&mut self, id: &Id, from: usize) -> Option<Purpose> {
        match self.flights.get_mut(id)? {
            Flight::Out { server, purpose } if *server == from => {
                let purpose = purpose.clone();
                if matches!(purpose, Purpose::Call(_)) {
                    self.flights.insert(id.clone(), Flight::Back);
                } else {
                    self.flights.remove(id);
                }
                Some(purpose)
            }
            _ => None,
        }
    }

    /// The client no longer waits; the server to tell, where one is at work.
    pub(super) fn cancel(&mut self, id: &Id) -> Option<usize> {
        match self.flights.get_mut(id)? {
            Flight::Held { cancelled } => {
                *cancelled = true;
                None
            }
            Flight::Out { server, purpose: Purpose::Call(_) | Purpose::Passing } => Some(*server),
            Flight::Out { .. } | Flight::Back => None,
        }
    }

    pub(super) fn is_cancelled(&self, id: &Id) -> bool {
        matches!(self.flights.get(id), Some(Flight::Held { cancelled: true }))
    }

    /// The request was answered.
    pub(super) fn land(&mut self, id: &Id) {
        self.flights.remove(id);
    }

    /// The client's requests that this server will never answer; the guard's
    /// own are forgotten.
    pub(super) fn stranded(&mut self, at: usize) -> Vec<Id> {
        let here = |flight: &Flight| matches!(flight, Flight::Out { server, .. } if *server == at);
        let all: Vec<Id> = self
            .flights
            .iter()
            .filter(|(_, flight)| here(flight))
            .map(|(id, _)| id.clone())
            .collect();
        let removed = all.into_iter().filter_map(|id| match self.flights.remove(&id)? {
            Flight::Out { purpose: Purpose::Call(_) | Purpose::Passing, .. } => Some(id),
            _ => None,
        });
        removed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_server_that_was_asked_answers_and_only_once() {
        let mut flights = Flights::new();
        let id = Id::number(1);
        flights.depart(&id, 0, Purpose::Passing);
        assert_eq!(flights.answered(&id, 1), None);
        assert_eq!(flights.answered(&id, 0), Some(Purpose::Passing));
        assert_eq!(flights.answered(&id, 0), None);
    }

    #[test]
    fn a_call_is_known_until_its_result_is_released() {
        let mut flights = Flights::new();
        let id = Id::number(1);
        flights.hold(&id);
        assert_eq!(flights.answered(&id, 0), None, "it was not forwarded yet");
        flights.depart(&id, 0, Purpose::Call("e1".into()));
        assert_eq!(flights.answered(&id, 0), Some(Purpose::Call("e1".into())));
        assert_eq!(flights.answered(&id, 0), None);
        assert!(flights.is_known(&id));
        flights.land(&id);
        assert!(!flights.is_known(&id));
    }

    #[test]
    fn cancelling_reaches_whoever_is_at_work() {
        let mut flights = Flights::new();
        let (held, out, own) = (Id::number(1), Id::number(2), flights.own_id());
        flights.hold(&held);
        flights.depart(&out, 3, Purpose::Call("e1".into()));
        flights.depart(&own, 3, Purpose::Listing);
        assert_eq!(flights.cancel(&held), None);
        assert!(flights.is_cancelled(&held));
        assert_eq!(flights.cancel(&out), Some(3));
        assert_eq!(flights.cancel(&own), None);
        assert_eq!(flights.cancel(&Id::number(9)), None);
        assert_eq!(flights.stranded(3), [out]);
        assert!(!flights.is_known(&own) && flights.is_known(&held));
    }
}
