//! What is decided about an event, with its reasons.

use bounden_base::Json;
use serde::{Deserialize, Serialize};

use crate::{EventId, RuleId};

/// The answers, from the mildest to the strictest; the strictest that any rule demands holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The event happens.
    Allow,
    /// The event happens and is noted.
    Warn,
    /// The event happens with other arguments or a masked text.
    Modify,
    /// The event waits for a person's grant.
    RequireApproval,
    /// The answer depends on something that is still under way.
    Defer,
    /// The event does not happen; the case goes to a person.
    Escalate,
    /// The event does not happen.
    Block,
    /// The event does not happen, and the session ends.
    Halt,
}

/// Why, in one stable word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No rule objects.
    Allowed,
    /// A rule fired.
    RuleFired,
    /// A rule wants a grant.
    ApprovalRequired,
    /// The lock does not name the tool.
    UndeclaredTool,
    /// The event cannot be read as what it should be.
    Malformed,
    /// A rule reads something that is not there.
    MissingValue,
    /// A rule depends on something that is still under way.
    Pending,
    /// More state would be needed than may be kept.
    StateLimit,
    /// Rewritten arguments would be rewritten again.
    UnstableRewrite,
    /// A limit of the session is reached.
    BudgetExceeded,
    /// The session was halted before.
    SessionHalted,
    /// A bound retry differs from the call that it repeats.
    RetryMismatch,
    /// What a rule depends on did not arrive in time.
    DeferTimeout,
    /// The tool is not defined as it was pinned.
    Withheld,
    /// The request is about something that the agent must not handle.
    OutOfScope,
    /// What the request is about cannot be told.
    Ambiguous,
    /// The agent was stopped.
    Stopped,
    /// The guard cannot decide or record at the moment.
    Unavailable,
}

/// A rule that fired, or could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiredRule {
    /// Which.
    pub id: RuleId,
    /// What it demands, as the language writes it.
    #[serde(rename = "do")]
    pub action: String,
    /// The part of its predicate that decided, with the values.
    pub because: String,
    /// Earlier events that it counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness: Vec<EventId>,
    /// Recorded without acting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
    /// Why it could not be evaluated; absent where it fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Reason>,
    /// A grant covers it, so it did not act.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub granted: bool,
}

/// What follows from a rule even where a stricter one decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obligation {
    /// The session ends.
    Halt,
    /// The case goes to this path.
    Escalate(String),
    /// These kinds are masked.
    Redact(Vec<String>),
    /// The user is asked what is meant.
    Clarify,
    /// The user is told.
    Inform,
}

/// The answer to one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The event.
    pub id: EventId,
    /// The answer.
    pub verdict: Verdict,
    /// Every rule that fired, strictest first.
    pub rules: Vec<FiredRule>,
    /// Why.
    pub reason: Reason,
    /// What was wrong with the event, for reasons that no rule explains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Whether the same event may be answered differently later.
    pub retryable: bool,
    /// The nearest change that would be allowed.
    pub nearest: Option<String>,
    /// Where the case goes.
    pub escalate: Option<String>,
    /// The arguments, record or text as they are to be used, where they were changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Json>,
    /// What else follows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obligations: Vec<Obligation>,
}

impl Decision {
    /// Whether the session ends with this decision.
    #[must_use]
    pub fn halts(&self) -> bool {
        self.verdict == Verdict::Halt || self.obligations.contains(&Obligation::Halt)
    }
}

impl Verdict {
    /// The name as it stands in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Modify => "modify",
            Self::RequireApproval => "require_approval",
            Self::Defer => "defer",
            Self::Escalate => "escalate",
            Self::Block => "block",
            Self::Halt => "halt",
        }
    }

    /// Whether the event happens.
    #[must_use]
    pub fn permits(self) -> bool {
        self <= Self::Modify
    }
}
