//! What is known of one session.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Json, Timestamp};

use crate::bundle::{EventName, Fact};
use crate::doubt::Doubt;
use crate::moment::key_text;
use crate::{Arguments, EventId, PrincipalId, ToolName, TopicName};

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
    pub(crate) calls: BTreeMap<EventId, Submission>,
    /// Answers that facts name, by fact and key.
    answers: BTreeMap<(String, Option<String>), Json>,
}

/// A logical call as it was last submitted.
#[derive(Clone, Debug)]
pub(crate) struct Submission {
    pub(crate) tool: ToolName,
    /// As submitted, which a retry has to repeat.
    pub(crate) args: Arguments,
    /// As decided on: what rules about its result and facts read.
    pub(crate) sent: Arguments,
    pub(crate) status: Status,
    /// The logical call that it repeats, or itself.
    pub(crate) logical: EventId,
    /// When it is lost, if no result has come.
    pub(crate) deadline: Timestamp,
}

/// Where a logical call stands.
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

    /// Whether no submission of a logical call was ever permitted.
    pub(crate) fn never_permitted(&self, logical: &EventId) -> bool {
        let mut submissions = self.calls.values().filter(|call| call.logical == *logical);
        submissions.all(|call| call.status == Status::Denied)
    }

    /// Keeps what one side has said.
    pub(crate) fn said(&mut self, event: EventName, text: &str) {
        let said = if event == EventName::Request { &mut self.requests } else { &mut self.outputs };
        if !said.is_empty() {
            said.push('\n');
        }
        said.push_str(text);
    }

    /// The latest answer of a fact, for the key of the present call.
    pub(crate) fn fact(
        &self,
        name: &str,
        fact: &Fact,
        key: Option<&str>,
        present: Option<&EventId>,
    ) -> Result<&Json, Doubt> {
        let awaited = self.calls.values().any(|call| {
            call.status == Status::InFlight
                && call.tool == fact.result_of
                && present != Some(&call.logical)
                && (key.is_none() || fact_key(fact, call.sent.value_or_null()).as_deref() == key)
        });
        if awaited {
            return Err(Doubt::PENDING);
        }
        self.answers.get(&(name.to_owned(), key.map(str::to_owned))).ok_or(Doubt::ABSENT)
    }

    /// Keeps the answer of a tool under every fact that names it.
    pub(crate) fn answer(
        &mut self,
        facts: &BTreeMap<String, Fact>,
        tool: &ToolName,
        args: &Json,
        result: &Json,
    ) {
        for (name, fact) in facts.iter().filter(|(_, fact)| fact.result_of == *tool) {
            let key = fact_key(fact, args);
            self.answers.insert((name.clone(), None), result.clone());
            if key.is_some() {
                self.answers.insert((name.clone(), key), result.clone());
            }
        }
    }
}

fn fact_key(fact: &Fact, args: &Json) -> Option<String> {
    key_text(args.get(fact.key.as_ref()?))
}
