//! The logical calls of one session, found by the id of any of their submissions.

use std::collections::BTreeMap;

use bounden_base::{Digest, Timestamp};

use super::FactName;
use crate::past::Place;
use crate::table::Table;
use crate::{Arguments, EventId, ToolName};

/// All submissions of a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    /// The number of the logical call, by the id of each submission.
    ids: Table<EventId, u64>,
    /// In the order of their first submissions.
    calls: BTreeMap<u64, LogicalCall>,
    last: u64,
}

/// One logical call, submitted once or more often.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// Never permitted so far; a retry has to have arguments of this digest.
    Denied(Digest),
    /// Permitted; its outcome is awaited, or given up.
    Awaited(Awaited),
    /// The first result has come.
    Settled,
}

/// A permitted call whose result may still come.
#[derive(Clone, Debug)]
pub(crate) struct Awaited {
    /// The id that was permitted, which the result has to name.
    pub(crate) submission: EventId,
    /// As decided on: what rules about its result read.
    pub(crate) sent: Arguments,
    /// When it is lost, if no result has come.
    pub(crate) deadline: Timestamp,
    pub(crate) is_lost: bool,
    /// What its answer will be known as.
    pub(crate) facts: Vec<FactName<'static>>,
}

impl Calls {
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
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

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut LogicalCall> {
        self.calls.get_mut(&number)
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
        if let Some(call) = self.calls.get_mut(&number) {
            call.standing = standing;
            call.place = place;
            call.retries.push(id.clone());
            self.ids.insert(id.clone(), number);
        }
        number
    }
}

impl LogicalCall {
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
