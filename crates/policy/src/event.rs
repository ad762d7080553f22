//! What happens to an agent, one event at a time.

mod cost;
mod json;

use std::collections::BTreeMap;

use bounden_base::{Decimal, Json, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Arguments, EventId, PrincipalId, SessionId, ToolName};

pub use json::EventError;

/// One event, in the order in which it reached the enforcement point.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Unique within the session.
    pub id: EventId,
    /// The conversation that history is counted in.
    pub session: SessionId,
    /// Whom the agent acts for.
    pub principal: Option<PrincipalId>,
    /// When; without it, the time of the event before.
    pub at: Option<Timestamp>,
    /// What.
    pub body: EventBody,
}

/// The kinds of events. Processes of a guard tell them to one another as serde
/// writes them; people and files as [`Event::to_json`] does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EventBody {
    /// A session begins, with what is known of it.
    Start {
        /// Such as the scenario of a test.
        tags: BTreeMap<String, String>,
    },
    /// A session ends.
    End,
    /// A user's words, before the agent reads them.
    Request {
        /// The words.
        text: String,
    },
    /// The agent's words, before the user reads them.
    Output {
        /// The words.
        text: String,
    },
    /// A record, before it is written to a log.
    Log {
        /// Text, or a structured record.
        record: Json,
    },
    /// A tool call, before it runs.
    Call {
        /// The tool.
        tool: ToolName,
        /// Its arguments; anything but an object is malformed.
        args: Arguments,
        /// The earlier submission of the same logical call.
        retry_of: Option<EventId>,
        /// What the step cost, in US dollars.
        #[serde(with = "cost")]
        cost: Option<Decimal>,
    },
    /// A tool's answer, before the agent sees it.
    Result {
        /// The id of the call.
        call: EventId,
        /// Whether the tool succeeded.
        ok: bool,
        /// What it answered.
        result: Json,
        /// Labels beyond the tool's own.
        labels: Vec<String>,
    },
    /// A person allows one call once.
    Approve {
        /// In which role.
        role: String,
        /// The id of the call that was held.
        call: EventId,
        /// Who; two approvals by one person count once.
        by: Option<String>,
    },
    /// A named period opens or closes.
    Window {
        /// Which.
        name: String,
        /// Whether it is open from now on.
        open: bool,
    },
}
