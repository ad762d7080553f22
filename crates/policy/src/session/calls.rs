//! The logical calls of one session, found by the id of any of their submissions.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

use super::{FactName, MOST_COUNTED};
use crate::past::Place;
use crate::snapshot::forms;
use crate::table::Table;
use crate::{Arguments, EventId, ToolName, cost};

/// All submissions of a session.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Calls {
    /// The number of the logical call, by the id of each submission.
    #[serde(skip)]
    ids: Table<EventId, u64>,
    /// In the order of their first submissions.
    calls: BTreeMap<u64, LogicalCall>,
    /// The numbers of calls that can be forgotten; those that are lost last.
    #[serde(skip)]
    done: BTreeSet<(bool, u64)>,
    last: u64,
    #[serde(skip)]
    bytes: usize,
}

/// One logical call, submitted once or more often.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LogicalCall {
    /// The id of the first submission, which the call is known by.
    pub(crate) id: EventId,
    pub(crate) tool: ToolName,
    pub(crate) standing: Standing,
    pub(crate) place: Place,
    /// The ids of the further submissions.
    retries: Vec<EventId>,
}

/// Where a logical call stands, with what is still needed of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Standing {
    /// Never permitted so far; a retry has to have arguments of this digest.
    Denied(Digest),
    /// Permitted; its outcome is awaited, or given up.
    Awaited(Awaited),
    /// The first result has come.
    Settled,
}

/// A permitted call whose result may still come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Awaited {
    /// The id that was permitted, which the result has to name.
    pub(crate) submission: EventId,
    /// As decided on, where rules about its result read that.
    #[serde(with = "forms::sent")]
    pub(crate) sent: Option<Arguments>,
    /// When it is lost, if no result has come.
    pub(crate) deadline: Timestamp,
    pub(crate) is_lost: bool,
    /// What its answer will be known as.
    pub(crate) facts: Vec<FactName<'static>>,
}

impl Calls {
    /// Finds anew what is not written in a snapshot; nothing where it contradicts itself.
    pub(crate) fn rebuild(&mut self) -> Option<()> {
        let Self { ids, calls, done, last, bytes } = self;
        for (number, call) in calls {
            *bytes += call.bytes();
            done.extend(call.standing.is_done().map(|is_lost| (is_lost, *number)));
            for id in std::iter::once(&call.id).chain(&call.retries) {
                if ids.insert(id.clone(), *number).is_some() {
                    return None;
                }
            }
            if number > last {
                return None;
            }
        }
        (*last < MOST_COUNTED).then_some(())
    }

    /// Whether a submission had this id.
    pub(crate) fn knows(&self, id: &EventId) -> bool {
        self.ids.contains(id)
    }

    /// The logical call that a submission belongs to, and its number.
    pub(crate) fn find(&self, id: &EventId) -> Option<(u64, &LogicalCall)> {
        let number = *self.ids.find(id)?;
        Some((number, self.calls.get(&number)?))
    }

    pub(crate) fn get(&self, number: u64) -> Option<&LogicalCall> {
        self.calls.get(&number)
    }

    /// How many submissions are remembered.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Bytes that they take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Enters the first submission of a call; its number.
    pub(crate) fn enter(
        &mut self,
        id: &EventId,
        tool: &ToolName,
        standing: Standing,
        place: Place,
    ) -> u64 {
        self.last += 1;
        self.ids.insert(id.clone(), self.last);
        let (id, tool) = (id.clone(), tool.clone());
        let call = LogicalCall { id, tool, standing, place, retries: Vec::new() };
        self.bytes += call.bytes();
        self.done.extend(call.standing.is_done().map(|is_lost| (is_lost, self.last)));
        self.calls.insert(self.last, call);
        self.last
    }

    /// Enters a further submission of a call.
    pub(crate) fn enter_again(
        &mut self,
        number: u64,
        id: &EventId,
        standing: Standing,
        place: Place,
    ) -> u64 {
        self.change(number, |call| {
            call.standing = standing;
            call.place = place;
            call.retries.push(id.clone());
        });
        self.ids.insert(id.clone(), number);
        number
    }

    /// Changes where a call stands.
    pub(crate) fn change<R>(
        &mut self,
        number: u64,
        change: impl FnOnce(&mut LogicalCall) -> R,
    ) -> Option<R> {
        let call = self.calls.get_mut(&number)?;
        let before = (call.bytes(), call.standing.is_done());
        let changed = change(call);
        self.bytes = self.bytes + call.bytes() - before.0;
        let after = call.standing.is_done();
        if before.1 != after {
            if let Some(was_lost) = before.1 {
                self.done.remove(&(was_lost, number));
            }
            self.done.extend(after.map(|is_lost| (is_lost, number)));
        }
        Some(changed)
    }

    /// Forgets the oldest call about which nothing is awaited, but not `except`:
    /// first what was denied or has a result, then what is lost.
    pub(crate) fn forget_oldest(&mut self, except: Option<u64>) -> Option<LogicalCall> {
        let mut done = self.done.iter().copied();
        let oldest = done.find(|(_, number)| Some(*number) != except)?;
        self.done.remove(&oldest);
        let call = self.calls.remove(&oldest.1)?;
        self.bytes -= call.bytes();
        self.ids.remove(&call.id);
        for retry in &call.retries {
            self.ids.remove(retry);
        }
        Some(call)
    }
}

impl Standing {
    /// Whether the call can be forgotten, and then whether it is lost.
    fn is_done(&self) -> Option<bool> {
        match self {
            Self::Denied(_) | Self::Settled => Some(false),
            Self::Awaited(awaited) => awaited.is_lost.then_some(true),
        }
    }
}

impl Awaited {
    /// Bytes of arguments and names.
    pub(crate) fn bytes(&self) -> usize {
        let sent = self.sent.as_ref().and_then(Arguments::text).map_or(0, cost::text);
        let facts = self.facts.iter().map(FactName::bytes);
        sent + cost::text(self.submission.as_str()) + facts.sum::<usize>()
    }
}

impl LogicalCall {
    /// Bytes that the call takes, however it stands, with the ids that find it.
    fn bytes(&self) -> usize {
        let ids = std::iter::once(&self.id).chain(&self.retries);
        let ids = ids.map(|id| cost::ID + 2 * id.as_str().len());
        let awaited = match &self.standing {
            Standing::Awaited(awaited) => awaited.bytes(),
            Standing::Denied(_) | Standing::Settled => 0,
        };
        let places = self.place.groups.len() * 2 * size_of::<usize>();
        cost::CALL + self.tool.as_str().len() + ids.sum::<usize>() + places + awaited
    }

    /// Whether a submission of the same tool with arguments of this digest
    /// repeats the call: only one that was never permitted can be repeated.
    pub(crate) fn is_repeated_by(&self, tool: &ToolName, digest: impl FnOnce() -> Digest) -> bool {
        let Standing::Denied(asked) = &self.standing else { return false };
        self.tool == *tool && *asked == digest()
    }

    /// What is awaited of the call, if this submission was the permitted one.
    pub(crate) fn awaited_as(&self, submission: &EventId) -> Option<&Awaited> {
        let Standing::Awaited(awaited) = &self.standing else { return None };
        (awaited.submission == *submission).then_some(awaited)
    }

    /// Whether its answer is under way as a fact.
    pub(crate) fn brings(&self, fact: &FactName<'_>) -> bool {
        let Standing::Awaited(awaited) = &self.standing else { return false };
        !awaited.is_lost && awaited.facts.contains(fact)
    }
}
