//! The rule language and the engine that decides: a [`Bundle`] is compiled
//! into a [`Policy`], and the same policy decides live calls and replays
//! recorded ones.
//!
//! This crate is pure and total. It does not know YAML, HTTP, MCP, or that a
//! ledger exists.

pub mod analysis;
mod arguments;
mod bounds;
mod bundle;
mod canary;
mod canonical;
pub mod cedar;
mod clause;
mod clearance;
pub mod composition;
mod contracts;
mod core;
mod cost;
mod decision;
pub mod detect;
mod doubt;
mod engine;
mod eval;
mod event;
mod explain;
mod expr;
pub mod glob;
mod ids;
mod index;
mod lease;
mod moment;
pub mod mutation;
mod ordered;
mod past;
mod points;
mod policy;
mod problem;
mod provenance;
mod query;
mod reading;
mod router;
mod scan;
mod schema;
mod session;
mod shell;
mod snapshot;
mod table;
mod typing;
mod value;
pub mod vocabulary;

use bounden_base::nearest;

pub use arguments::Arguments;
pub use bounds::Bounds;
pub use bundle::{
    Action, Approval, Bundle, Clause, Criterion, Effect, Escalation, EventName, External, Fact,
    FailureAction, FailureMode, FailureResponse, FreezeWindow, Limits, Mechanism, Money, Rule,
    SEMANTICS, Tool, Trigger,
};
pub use canary::{Canary, ScopeCanary};
pub use clause::ClauseError;
pub use contracts::{Contracts, ContractsError, ServerContract, ServerInfo, ToolContract};
pub use decision::{Decision, FiredRule, Obligation, Reason, Verdict};
pub use engine::{
    ClauseOutcome, CriterionOutcome, CriterionVerdict, Engine, Permit, Reference, Ruling, Usage,
};
pub use event::{Event, EventBody, EventError};
pub use ids::{CriterionId, EventId, PrincipalId, Role, RuleId, SessionId, ToolName, TopicName};
pub use lease::{Lease, LeaseError, Quota};
pub use points::Point;
pub use policy::Policy;
pub use problem::{Place, Problem};
pub use query::{Answer, Domain, DomainError, Question, QuestionError};
pub use reading::{Cap, LiteralRead, PathRead, ROOTS, Reading};
pub use router::{
    Exclusion, Explanation, FeatureKind, Leaning, MOST_EXAMPLES, MOST_TOPICS, Outcome, Reviewed,
    Route, Router, RouterProblem, Scope, ScopeRouter, Signal, Topic,
};
pub use snapshot::SnapshotError;
