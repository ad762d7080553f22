//! What the gate says when it binds a lock body to an environment.

use bounden_base::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

use super::Predicate;
use crate::{Checkpoint, EnvironmentId};

/// A body runs in an environment from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Promotion {
    /// Where the body runs.
    pub environment: EnvironmentId,
    /// How it came there.
    pub action: Action,
    /// How many bindings this agent has had in this environment, this one included.
    pub epoch: u64,
    /// The payload digest of the binding that this one replaces.
    pub previous: Option<Digest>,
    /// The environment that the body was proved in before.
    pub carried_from: Option<EnvironmentId>,
    /// Payload digests of the approvals that were counted.
    pub approvals: Vec<Digest>,
    /// Digests of the evidence that was weighed.
    pub evidence: Vec<Digest>,
    /// What changes against the body that ran before.
    pub diff: Diff,
    /// The state of the ledger that the gate read.
    pub read_checkpoint: Checkpoint,
    /// Name and version of the gate.
    pub gate: String,
    /// When the gate decided.
    pub time: Timestamp,
}

/// The difference between two bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diff {
    /// The body that ran before; none where nothing ran.
    pub base: Option<Digest>,
    /// The worst of its items.
    pub class: DiffClass,
    /// The digest of the difference as it was shown.
    pub digest: Digest,
}

/// How a difference changes what the agent may do, from harmless to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DiffClass {
    /// Nothing changes.
    Equal,
    /// The agent may do less.
    Reduction,
    /// The agent may do more.
    Expansion,
    /// Nobody can tell.
    Opaque,
}

/// How a body comes to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Forward.
    Promote,
    /// Back to a body that ran before; holds the environment until released.
    Rollback,
}

impl Predicate for Promotion {
    const TYPE: &'static str = "https://github.com/bounden/bounden/statement/promotion/v1";
}
