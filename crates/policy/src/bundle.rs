//! The policy bundle: plain data, canonical as JSON, digested into the lock.
//!
//! Expressions stand in it as text and are parsed, typed and resolved by
//! [`crate::Policy::compile`], whose normal form is what the digest covers.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Digest, Json, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{CriterionId, Role, Router, RuleId, ToolName};

/// The version of the decision semantics that a bundle is written for.
pub const SEMANTICS: u32 = 1;

/// Everything that a decision depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`SEMANTICS`] of the engine that it was compiled for.
    pub semantics: u32,
    /// The agent, such as `acme/support`.
    pub agent: String,
    /// What may be called; nothing else can be.
    pub tools: BTreeMap<ToolName, Tool>,
    /// Rules that the engine decides by.
    pub rules: BTreeMap<RuleId, Rule>,
    /// Invariants that a control elsewhere enforces.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external: BTreeMap<RuleId, External>,
    /// Budgets of one session.
    #[serde(default)]
    pub limits: Limits,
    /// Names for observed results.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Fact>,
    /// Where a case goes that the agent must not handle.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub escalations: BTreeMap<String, Escalation>,
    /// What happens where the design ends.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failure_modes: BTreeMap<FailureMode, FailureResponse>,
    /// Roles that may approve calls.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub approvers: BTreeSet<Role>,
    /// Named periods, for `window("NAME").open`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub windows: BTreeMap<String, FreezeWindow>,
    /// What counts as success, evaluated at the end of a conversation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub criteria: BTreeMap<CriterionId, Criterion>,
    /// What requests are told apart by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub router: Option<Router>,
    /// Whether several guards decide by this bundle at the same time, each with
    /// its own memory: what counts calls of all of them needs leases.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several_guards: bool,
}

/// One tool that may be called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// What a call does to the world.
    pub effects: BTreeSet<Effect>,
    /// The label that its results carry; without one they are `untrusted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Which argument is an amount of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// The pinned JSON Schema of the arguments; without one, types are inferred from use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Json>,
    /// The pinned JSON Schema of the structured result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Json>,
    /// The digest of the whole pinned definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Digest>,
    /// After so many seconds without a result a call is lost.
    pub timeout_seconds: u32,
}

/// What a call can do to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Reads.
    Observe,
    /// Makes something new.
    Create,
    /// Changes something.
    Update,
    /// Removes something.
    Delete,
    /// Runs code.
    Execute,
    /// Sends something out.
    Send,
    /// Moves money.
    Spend,
    /// Gives rights.
    Grant,
    /// Outlives the session.
    Persist,
}

/// An argument that is an amount of money. Negative amounts are malformed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Where, such as `args.amount`.
    pub path: String,
    /// ISO 4217 code that rules reckon in.
    pub currency: String,
    /// Where the call states its currency, such as `args.currency`; another
    /// currency than [`Money::currency`] makes the amount absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_path: Option<String>,
}

/// One enforced invariant: trigger, predicate, action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule in words.
    pub says: String,
    /// Which mechanism enforces it.
    pub by: Mechanism,
    /// When it is looked at.
    pub trigger: Trigger,
    /// When it fires; always, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What then happens.
    #[serde(rename = "do")]
    pub action: Action,
    /// Recorded without acting, and never counted as proven.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
}

/// A mechanism of the guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mechanism {
    /// A predicate over calls.
    PolicyEngine,
    /// The closed list of tools.
    ToolAllowlist,
    /// Redaction of what leaves.
    OutputFilter,
    /// Decides about a request before the agent sees it.
    ScopeRouter,
}

/// When a rule is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// The kind of event.
    pub event: EventName,
    /// For calls and results: names, globs (`billing.*`) and effect classes
    /// (`@spend`); empty for every tool.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
}

/// The events that rules are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventName {
    /// Before a tool runs.
    Call,
    /// Before the agent sees a result.
    Result,
    /// Before the agent sees a request.
    Request,
    /// Before the user sees an answer.
    Output,
    /// Before anything is written to a log.
    Log,
    /// A session begins.
    Start,
    /// A session ends.
    End,
}

/// What happens when a rule fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// The event does not happen.
    Block,
    /// The event does not happen and the session ends.
    Halt,
    /// The event does not happen and the case goes to a person.
    Escalate {
        /// A name in [`Bundle::escalations`].
        path: String,
    },
    /// The event waits for a grant.
    RequireApproval(Approval),
    /// An argument is replaced.
    Set {
        /// Such as `args.limit`.
        path: String,
        /// The expression for the new value.
        value: String,
    },
    /// Parts of a text are masked.
    Redact {
        /// Detectors, such as `email`.
        kinds: Vec<String>,
    },
    /// The event happens and is noted.
    Warn,
}

/// Who has to approve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The roles named.
    pub roles: Vec<Role>,
    /// Each of the roles, by distinct people; otherwise any one of them.
    pub all: bool,
}

/// An invariant that a control outside Bounden enforces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// The rule in words.
    pub says: String,
    /// The control, such as an IAM role.
    pub control: String,
    /// A command that tries what must be refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<Vec<String>>,
    /// Who vouches for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested_by: Option<String>,
}

/// Budgets of one session; absent means unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Calls, requests and outputs together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// Permitted calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<u64>,
    /// Cost in US dollars, as reported with the calls; canonical decimal text.
    #[serde(default, with = "decimal_text", skip_serializing_if = "Option::is_none")]
    pub usd: Option<Decimal>,
    /// Time since the session's first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// Calls that were not permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denied_calls: Option<u64>,
}

/// A name for what a tool last answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The tool whose last successful result in the session it is.
    pub result_of: ToolName,
    /// The argument that has to equal that of the present call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Where a case goes that the agent must not handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Escalation {
    /// A tool is called.
    Call {
        /// The tool.
        tool: ToolName,
        /// Its arguments.
        with: Json,
    },
    /// A message is posted to this address.
    Webhook(String),
}

/// The five places where the design of an agent ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureMode {
    /// The request can be read in several ways.
    AmbiguousRequest,
    /// The request is excluded from the scope.
    OutOfScope,
    /// A tool failed.
    ToolFailure,
    /// The input holds personal data.
    PiiDetected,
    /// A limit of the session is reached.
    BudgetExceeded,
}

/// The one default-safe action of a failure mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureResponse {
    /// What happens.
    #[serde(rename = "do")]
    pub action: FailureAction,
    /// The escalation that follows, a name in [`Bundle::escalations`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    /// Whether the user is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inform: bool,
    /// The log that the case is flagged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Whether what was found may be echoed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub never_echo: bool,
}

/// A default-safe action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FailureAction {
    /// Ask, at most so often.
    Clarify {
        /// Questions before `then`.
        max: u32,
    },
    /// Hand over to this path.
    Escalate {
        /// A name in [`Bundle::escalations`].
        path: String,
    },
    /// Stop the session.
    Halt,
    /// Go on; for personal data only.
    Continue,
}

/// A period in which `window("NAME").open` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreezeWindow {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

/// What counts as success in one kind of conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// When the criterion applies; always, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// What then has to hold, each part by itself.
    pub expect: Vec<Clause>,
}

/// One part of a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The part as the intent writes it.
    pub says: String,
    /// The expression, evaluated at the end of the conversation.
    pub expr: String,
}

impl Effect {
    /// All effects, in the order in which they are printed.
    pub const ALL: [Self; 9] = [
        Self::Observe,
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Execute,
        Self::Send,
        Self::Spend,
        Self::Grant,
        Self::Persist,
    ];

    /// The name as it stands in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Execute => "execute",
            Self::Send => "send",
            Self::Spend => "spend",
            Self::Grant => "grant",
            Self::Persist => "persist",
        }
    }

    /// The effect of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.name() == name)
    }
}

impl Limits {
    /// Both limits at once; there is no way to widen one.
    #[must_use]
    pub fn narrowed_by(self, other: Self) -> Self {
        Self {
            steps: smaller(self.steps, other.steps),
            tool_calls: smaller(self.tool_calls, other.tool_calls),
            usd: smaller(self.usd, other.usd),
            seconds: smaller(self.seconds, other.seconds),
            denied_calls: smaller(self.denied_calls, other.denied_calls),
        }
    }
}

/// The smaller of two limits; an absent one is no limit.
fn smaller<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl Tool {
    /// Whether a call changes anything outside the agent: any effect but observe.
    #[must_use]
    pub fn is_privileged(&self) -> bool {
        self.effects.iter().any(|effect| *effect != Effect::Observe)
    }
}

mod decimal_text {
    //! Exact decimals as strings, since JSON readers elsewhere round numbers.

    use bounden_base::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        number: &Option<Decimal>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        number.map(|number| number.to_string()).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Decimal>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}
