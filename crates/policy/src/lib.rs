//! The rule language and the engine that decides: a [`Bundle`] is compiled
//! into a [`Policy`], and the same policy decides live calls and replays
//! recorded ones.
//!
//! This crate is pure and total. It does not know YAML, HTTP, MCP, or that a
//! ledger exists.

mod bundle;
mod clause;
mod contracts;
mod decision;
mod event;
mod expr;
mod ids;
mod schema;

pub use bundle::{
    Action, Approval, Bundle, Clause, Criterion, Effect, Escalation, EventName, External, Fact,
    FailureAction, FailureMode, FailureResponse, FreezeWindow, Limits, Mechanism, Money, Rule,
    SEMANTICS, Tool, Trigger,
};
pub use clause::ClauseError;
pub use contracts::{Contracts, ContractsError, ServerContract, ServerInfo, ToolContract};
pub use decision::{Decision, FiredRule, Obligation, Reason, Verdict};
pub use event::{Event, EventBody, EventError};
pub use ids::{CriterionId, EventId, PrincipalId, Role, RuleId, SessionId, ToolName};
