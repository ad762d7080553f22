//! What points ask the owner of the state, and what it answers.
//!
//! One JSON object a line over a Unix socket: `{"id":1,"request":{…}}` and
//! `{"id":1,"response":{…}}`. Answers come in any order.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::json::JsonText;
use bounden_base::{Digest, Json, Timestamp};
use bounden_policy::{Decision, EventBody, EventId, PrincipalId, Role, SessionId, ToolName};
use serde::{Deserialize, Serialize};

use crate::canary::Proof;

/// A question with the number that its answer repeats.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Chosen by the one who asks.
    pub id: u64,
    /// What is asked.
    pub request: Request,
}

/// An answer with the number of its question.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The number of the question.
    pub id: u64,
    /// What is answered.
    pub response: Response,
}

/// What can be asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// What is enforced here? Refused where it is not `lock`.
    Surface {
        /// The lock that the asker was started for, if it was told one.
        lock: Option<Digest>,
    },
    /// Which session is this?
    Open(Opening),
    /// May this happen?
    Decide {
        /// The enforcement point, such as `mcp-stdio`.
        point: String,
        /// The session.
        session: SessionId,
        /// Whom the agent acts for.
        principal: Option<PrincipalId>,
        /// What; its id and its time are the owner's.
        body: EventBody,
        /// Why the point itself withholds the tool of a call, if it does.
        withheld: Option<String>,
    },
    /// A person allows a held call once.
    Approve {
        /// The call that was held.
        call: EventId,
        /// In which role.
        role: Role,
    },
    /// Which calls wait for a person?
    Held,
    /// A session for a canary, with an empty history.
    Rehearse,
    /// The session of a canary is over: what was decided in it?
    Rehearsed {
        /// The session.
        session: SessionId,
    },
    /// What canaries have shown.
    Remember {
        /// All of it; what was known before is forgotten.
        proofs: Vec<Proof>,
    },
    /// Try every invariant now.
    Prove,
    /// The policy that has to be enforced may be another one now.
    Reload,
    /// How are things?
    Status,
}

/// What identifies a session, none of it chosen by the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// How the session reaches the guard, such as `mcp-stdio`.
    pub route: String,
    /// What tells sessions of this route apart.
    pub key: String,
    /// Whom the agent acts for.
    pub principal: PrincipalId,
}

/// What can be answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Response {
    /// What is enforced.
    Surface(Surface),
    /// The session.
    Session(SessionId),
    /// The decision.
    Decided {
        /// The decision.
        decision: Box<Decision>,
        /// For a call that may be forwarded: the arguments to forward, in their canonical form.
        permitted: Option<JsonText>,
    },
    /// The calls that wait.
    Held(Vec<HeldCall>),
    /// What was decided in a rehearsal.
    Rehearsed(Vec<Decision>),
    /// How the invariants stand.
    Proofs(Vec<Proof>),
    /// How things are.
    Status(Status),
    /// It is done.
    Done,
    /// It is not done, and why.
    Refused(String),
}

/// What a point has to know of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surface {
    /// The agent.
    pub agent: String,
    /// The lock that is enforced.
    pub lock: Digest,
    /// What may be called, and what is pinned of it.
    pub tools: BTreeMap<ToolName, Pinned>,
    /// Whether any rule looks at results before the agent does.
    pub filters_results: bool,
    /// Whether one of them decides by what it reads in a result, beyond masking it.
    pub judges_results: bool,
}

/// The digests of what is pinned of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pinned {
    /// The whole definition.
    pub definition: Option<Digest>,
    /// The schema of the arguments.
    pub input: Option<Digest>,
    /// The schema of the structured result.
    pub output: Option<Digest>,
}

/// A call that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldCall {
    /// The call.
    pub call: EventId,
    /// The session.
    pub session: SessionId,
    /// Whom the agent acts for.
    pub principal: Option<PrincipalId>,
    /// The tool.
    pub tool: ToolName,
    /// The arguments as they will be sent.
    pub arguments: Json,
    /// What the rules demand, such as `require approval from support-lead`.
    pub demands: Vec<String>,
    /// When it was held.
    pub at: Timestamp,
    /// The roles that have allowed it.
    pub granted: Vec<Role>,
}

/// How the guard of one agent is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The agent.
    pub agent: String,
    /// The lock that is enforced.
    pub lock: Digest,
    /// Why everything is refused, if it is.
    pub stopped: Option<String>,
    /// Receipts in the journal.
    pub receipts: u64,
    /// Sessions that are remembered.
    pub sessions: u64,
    /// Calls that wait for a person.
    pub held: u64,
    /// How sessions have reached this owner since it started.
    pub points: BTreeSet<String>,
    /// How every invariant stands.
    pub invariants: Vec<Proof>,
}
