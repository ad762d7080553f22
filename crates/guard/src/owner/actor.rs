//! The thread that an owner lives on: requests in, answers out, one write to
//! the disk for all that arrived together.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use bounden_base::Digest;
use bounden_policy::{EventBody, Policy};
use tokio::sync::oneshot;

use super::protocol::{Request, Response};
use super::waiting::Waiting;
use super::{Caller, Owner};

/// Asks an owner that lives in this process.
#[derive(Clone, Debug)]
pub struct Handle {
    jobs: Sender<Job>,
    in_force: Arc<Mutex<InForce>>,
}

/// What is enforced at the moment.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The lock that names it.
    pub lock: Digest,
}

#[derive(Debug)]
struct Job {
    request: Request,
    caller: Caller,
    reply: oneshot::Sender<Response>,
}

type Reply = oneshot::Sender<Response>;

/// Requests that share one write at most.
const BATCH: usize = 256;

/// Gives an owner its thread; it ends with the last handle.
///
/// # Errors
/// The system has no thread left.
pub fn spawn(owner: Owner) -> std::io::Result<Handle> {
    let (jobs, inbox) = channel();
    let in_force = Arc::new(Mutex::new(InForce::of(&owner)));
    let told = Arc::clone(&in_force);
    let thread = thread::Builder::new().name("state owner".to_owned());
    thread.spawn(move || run(owner, &inbox, &told))?;
    Ok(Handle { jobs, in_force })
}

impl Handle {
    /// What is enforced at the moment.
    #[must_use]
    pub fn in_force(&self) -> InForce {
        self.in_force.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Queues a request at once; the answer arrives later. It is dropped
    /// without an answer where the owner is gone.
    pub fn ask(&self, request: Request, caller: Caller) -> oneshot::Receiver<Response> {
        let (reply, answer) = oneshot::channel();
        // Where the owner is gone, the dropped sender says so.
        let _ = self.jobs.send(Job { request, caller, reply });
        answer
    }
}

impl InForce {
    fn of(owner: &Owner) -> Self {
        Self { policy: Arc::clone(owner.policy.policy()), lock: owner.policy.lock() }
    }
}

fn run(mut owner: Owner, inbox: &Receiver<Job>, told: &Mutex<InForce>) {
    let mut waiting = Waiting::new();
    while let Ok(first) = next(inbox, waiting.deadline()) {
        let mut answers = Vec::new();
        let mut settled = false;
        for job in first.into_iter().chain(inbox.try_iter().take(BATCH)) {
            settled |= settles(&job.request);
            answers.extend(take(&mut owner, &mut waiting, job));
        }
        if settled {
            answers.extend(waiting.ask_again(&mut owner));
        }
        answers.extend(waiting.expire(Instant::now()));
        let committed = owner.commit();
        *told.lock().unwrap_or_else(PoisonError::into_inner) = InForce::of(&owner);
        for (reply, response) in answers {
            let response = match (&committed, response) {
                // What cannot be recorded does not happen.
                (Err(error), Response::Decided { .. }) => Response::Refused(error.to_string()),
                (_, response) => response,
            };
            // A point that no longer waits is no failure of the owner.
            let _ = reply.send(response);
        }
    }
}

/// The next job; `Ok(None)` where a waiting call's time is over first.
fn next(inbox: &Receiver<Job>, deadline: Option<Instant>) -> Result<Option<Job>, ()> {
    let Some(deadline) = deadline else { return inbox.recv().map(Some).map_err(drop) };
    match inbox.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(job) => Ok(Some(job)),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(()),
    }
}

fn take(owner: &mut Owner, waiting: &mut Waiting<Reply>, job: Job) -> Option<(Reply, Response)> {
    let Job { request, caller, reply } = job;
    let response = owner.answer(request.clone(), caller);
    let deadline = Instant::now() + owner.patience(&request);
    let reply = waiting.keep(request, caller, &response, deadline, reply)?;
    Some((reply, response))
}

/// Whether a request may change the answer to another one that waits.
fn settles(request: &Request) -> bool {
    matches!(
        request,
        Request::Decide { body: EventBody::Result { .. }, .. }
            | Request::Approve { .. }
            | Request::Reload
    )
}
