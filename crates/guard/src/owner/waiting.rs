//! Calls whose answer depends on results that are still under way. They are
//! asked again, whole and in order, whenever something has been settled.

use std::time::{Duration, Instant};

use bounden_policy::{EventBody, EventId, Reason, Verdict};

use super::protocol::{Request, Response};
use super::{Caller, Owner, denial};

/// The longest that a call waits, whatever its tool's timeout.
pub(super) const LONGEST: Duration = Duration::from_secs(30);

pub(super) struct Waiting<T> {
    calls: Vec<Call<T>>,
}

struct Call<T> {
    request: Request,
    caller: Caller,
    first: EventId,
    deadline: Instant,
    reply: T,
}

impl<T> Waiting<T> {
    pub(super) fn new() -> Self {
        Self { calls: Vec::new() }
    }

    /// Keeps a call that was deferred; gives the reply back where it is another answer.
    pub(super) fn keep(
        &mut self,
        request: Request,
        caller: Caller,
        response: &Response,
        deadline: Instant,
        reply: T,
    ) -> Option<T> {
        match (&request, deferred(response)) {
            (Request::Decide { body: EventBody::Call { .. }, .. }, Some(first)) => {
                let first = first.clone();
                self.calls.push(Call { request, caller, first, deadline, reply });
                None
            }
            _ => Some(reply),
        }
    }

    /// When the first of the calls has waited long enough.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.calls.iter().map(|call| call.deadline).min()
    }

    /// Asks again for every call; those that now have an answer, with it.
    pub(super) fn ask_again(&mut self, owner: &mut Owner) -> Vec<(T, Response)> {
        let mut answered = Vec::new();
        for call in std::mem::take(&mut self.calls) {
            let again = repeated(call.request.clone(), &call.first);
            let response = owner.answer(again, call.caller);
            if deferred(&response).is_some() {
                self.calls.push(call);
            } else {
                answered.push((call.reply, response));
            }
        }
        answered
    }

    /// Gives up on the calls that have waited long enough.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<(T, Response)> {
        let mut expired = Vec::new();
        for call in std::mem::take(&mut self.calls) {
            if call.deadline > now {
                self.calls.push(call);
                continue;
            }
            let detail = "what the rules depend on did not arrive in time";
            let decision = denial(&call.first, Reason::DeferTimeout, detail);
            let decision = Box::new(decision);
            expired.push((call.reply, Response::Decided { decision, permitted: None }));
        }
        expired
    }
}

fn deferred(response: &Response) -> Option<&EventId> {
    match response {
        Response::Decided { decision, .. } if decision.verdict == Verdict::Defer => {
            Some(&decision.id)
        }
        _ => None,
    }
}

/// The same logical call, submitted again.
fn repeated(mut request: Request, first: &EventId) -> Request {
    if let Request::Decide { body: EventBody::Call { retry_of, .. }, .. } = &mut request {
        retry_of.get_or_insert_with(|| first.clone());
    }
    request
}
