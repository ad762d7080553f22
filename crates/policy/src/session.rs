//! What is known of one session.

mod calls;
mod facts;

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Timestamp};

use crate::bundle::EventName;
use crate::provenance::Provenance;
use crate::{PrincipalId, TopicName};

pub(crate) use calls::{Awaited, Calls, LogicalCall, Standing};
pub(crate) use facts::{FactName, Facts};

/// One conversation or task.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    pub(crate) principal: Option<PrincipalId>,
    pub(crate) started: Option<Timestamp>,
    pub(crate) tags: BTreeMap<String, String>,
    /// Labels of what the session has read.
    pub(crate) labels: BTreeSet<String>,
    /// All requests, one a line.
    pub(crate) requests: String,
    /// All outputs, one a line.
    pub(crate) outputs: String,
    /// Permitted calls.
    pub(crate) permitted: u64,
    /// Calls that were not permitted.
    pub(crate) denied: u64,
    /// Calls, requests and outputs.
    pub(crate) steps: u64,
    /// US dollars.
    pub(crate) cost: Decimal,
    pub(crate) halted: bool,
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
}

/// How far a logical call has come, for those who count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not permitted.
    Denied,
    /// Permitted; its outcome is awaited.
    InFlight,
    Succeeded,
    Failed,
    /// No result came in time.
    Lost,
}

impl Session {
    /// The cost so far and this one; none below zero, and none that does not fit.
    pub(crate) fn cost_with(&self, cost: Decimal) -> Option<Decimal> {
        if cost.is_negative() { None } else { self.cost.checked_add(cost) }
    }

    /// Keeps what one side has said.
    pub(crate) fn said(&mut self, event: EventName, text: &str) {
        let said = if event == EventName::Request { &mut self.requests } else { &mut self.outputs };
        if !said.is_empty() {
            said.push('\n');
        }
        said.push_str(text);
    }
}
