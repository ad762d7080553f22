//! What is known of one session.

mod calls;
mod facts;
mod sessions;

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bundle::EventName;
use crate::doubt::Doubt;
use crate::provenance::Provenance;
use crate::snapshot::forms;
use crate::{PrincipalId, SessionId, TopicName, cost};

pub(crate) use calls::{Awaited, Calls, LogicalCall, Standing};
pub(crate) use facts::{FactName, Facts};
pub(crate) use sessions::{Changing, Sessions};

/// One conversation or task.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) principal: Option<PrincipalId>,
    pub(crate) started: Option<Timestamp>,
    tags: BTreeMap<String, String>,
    /// Labels of what the session has read.
    labels: BTreeSet<String>,
    /// Whether there was no room for a tag or a label.
    is_cut: bool,
    pub(crate) requests: Transcript,
    pub(crate) outputs: Transcript,
    /// Permitted calls.
    pub(crate) permitted: u64,
    /// Calls that were not permitted.
    pub(crate) denied: u64,
    /// Calls, requests and outputs.
    pub(crate) steps: u64,
    /// US dollars.
    #[serde(with = "forms::number")]
    pub(crate) cost: Decimal,
    pub(crate) halted: bool,
    /// Whether a call was submitted, kept or not.
    pub(crate) has_called: bool,
    /// Whether something has happened that nothing tells of, since there was no
    /// room to keep it: then nothing can be said of the session any more.
    pub(crate) has_missed: bool,
    /// What the latest request was about of which that could be told.
    pub(crate) topic: Option<TopicName>,
    /// Whether the agent handles that topic.
    pub(crate) in_scope: bool,
    /// How often in a row it could not be told what a request was about.
    pub(crate) clarified: u32,
    pub(crate) calls: Calls,
    /// What was said in the session, and by whom.
    pub(crate) provenance: Provenance,
    pub(crate) facts: Facts,
    /// Bytes of its name, its principal, its tags and labels.
    #[serde(skip)]
    noted: usize,
}

/// All that one side has said, one text a line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Transcript {
    text: String,
    /// Whether there was no room for all of it.
    is_cut: bool,
}

/// How far a logical call has come, for those who count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    /// Not permitted.
    Denied,
    /// Permitted; its outcome is awaited.
    InFlight,
    Succeeded,
    Failed,
    /// No result came in time.
    Lost,
    /// Permitted, and there was no room to wait for the outcome.
    Unknown,
}

/// No counter gets there, one event after another.
pub(crate) const MOST_COUNTED: u64 = u64::MAX / 2;

impl Session {
    fn named(id: &SessionId) -> Self {
        Self { noted: Self::new_bytes(id), ..Self::default() }
    }

    /// Bytes that a session takes of which nothing is known yet.
    pub(crate) fn new_bytes(id: &SessionId) -> usize {
        cost::SESSION + 2 * id.as_str().len()
    }

    /// Bytes that the session takes.
    pub(crate) fn bytes(&self) -> usize {
        let said = 2 * (self.requests.text.len() + self.outputs.text.len());
        self.noted + said + self.calls.bytes() + self.facts.bytes() + self.provenance.bytes()
    }

    /// Reckons anew what is not written in a snapshot; nothing where that contradicts itself.
    fn rebuild(&mut self, id: &SessionId) -> Option<()> {
        let named = |name: &String| cost::text(name);
        self.noted = Self::new_bytes(id)
            + self.principal.as_ref().map_or(0, |id| cost::text(id.as_str()))
            + self.tags.iter().map(|(name, value)| named(name) + named(value)).sum::<usize>()
            + self.labels.iter().map(named).sum::<usize>();
        self.facts.rebuild();
        let counts = [self.permitted, self.denied, self.steps];
        counts.into_iter().all(|count| count < MOST_COUNTED).then_some(())?;
        self.calls.rebuild()
    }

    /// The cost so far and this one; none below zero, and none that does not fit.
    pub(crate) fn cost_with(&self, cost: Decimal) -> Option<Decimal> {
        if cost.is_negative() { None } else { self.cost.checked_add(cost) }
    }

    pub(crate) fn act_for(&mut self, principal: &PrincipalId) {
        if self.principal.is_none() {
            self.noted += cost::text(principal.as_str());
            self.principal = Some(principal.clone());
        }
    }

    /// Keeps what one side has said, if it takes no more than `room`.
    pub(crate) fn said(&mut self, event: EventName, text: &str, room: usize) {
        let said = if event == EventName::Request { &mut self.requests } else { &mut self.outputs };
        said.append(text, room);
    }

    /// Keeps what is said of the session, if it takes no more than `room`.
    pub(crate) fn tag(&mut self, tags: &BTreeMap<String, String>, room: usize) {
        let mut room = room;
        for (name, value) in tags {
            let bytes = cost::text(name) + cost::text(value);
            self.tags.remove(name).inspect(|old| self.noted -= cost::text(name) + cost::text(old));
            match room.checked_sub(bytes) {
                Some(rest) => {
                    room = rest;
                    self.noted += bytes;
                    self.tags.insert(name.clone(), value.clone());
                }
                None => self.is_cut = true,
            }
        }
    }

    /// The session has read something with these labels.
    pub(crate) fn label<'l>(&mut self, labels: impl Iterator<Item = &'l str>, room: usize) {
        let mut room = room;
        for label in labels {
            if self.labels.contains(label) {
                continue;
            }
            match room.checked_sub(cost::text(label)) {
                Some(rest) => {
                    room = rest;
                    self.noted += cost::text(label);
                    self.labels.insert(label.to_owned());
                }
                None => self.is_cut = true,
            }
        }
    }

    /// What is said of the session under a name.
    pub(crate) fn tagged(&self, name: &str) -> Result<&str, Doubt> {
        let is_cut = self.is_cut || self.has_missed;
        let missing = if is_cut { Doubt::LIMIT } else { Doubt::ABSENT };
        self.tags.get(name).map(String::as_str).ok_or(missing)
    }

    /// Whether the session has read something with a label.
    pub(crate) fn has_read(&self, label: &str) -> Result<bool, Doubt> {
        let has_read = self.labels.contains(label);
        let is_cut = self.is_cut || self.has_missed;
        if is_cut && !has_read { Err(Doubt::LIMIT) } else { Ok(has_read) }
    }
}

impl Transcript {
    /// All of it, or nothing.
    pub(crate) fn whole(&self) -> Result<&str, Doubt> {
        if self.is_cut { Err(Doubt::LIMIT) } else { Ok(&self.text) }
    }

    fn append(&mut self, text: &str, room: usize) {
        // A growing text takes at most twice what it holds.
        if self.is_cut || 2 * (1 + text.len()) > room {
            *self = Self { text: String::new(), is_cut: true };
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
    }
}
