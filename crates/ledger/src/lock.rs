//! `behavior.lock`: what an agent is, byte for byte, and where it may run.

mod approvals;
mod reason;
mod verify;

use bounden_base::{Digest, Json, Timestamp, json};
use serde::{Deserialize, Serialize};

use crate::dsse::Envelope;
use crate::statement::{Promotion, VerifiedStatement};
use crate::{AgentId, EnvironmentId};

pub use approvals::{Proposal, VerifiedApproval, verify_approvals};
pub use reason::{Class, Reason, VerifyError};
pub use verify::{VerifiedBinding, VerifiedBundle, VerifiedLock, verify_lock};

/// A lock as read: its digests fit, its signatures are not verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    body: Body,
    digest: Digest,
    bindings: Vec<Binding>,
}

/// What an agent is, equal in all environments and free of times of making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Body {
    /// Which agent.
    pub agent: AgentId,
    /// The version that its intent gives it.
    pub version: String,
    /// The intent that people read.
    pub intent: IntentIdentity,
    /// The policy that the intent compiles to.
    pub policy: PolicyIdentity,
    /// The digest of the pinned tool contracts.
    pub contracts: Digest,
    /// What the agent may reach, as data.
    pub surface: Json,
    /// Everything that the agent is made of, ordered by kind and name.
    pub components: Vec<Component>,
}

/// Which intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntentIdentity {
    /// The digest of the file.
    pub raw: Digest,
    /// The digest of its meaning: equal for equal values.
    pub canonical: Digest,
    /// Its schema, such as `behavior.intent/v1`.
    pub schema: String,
}

/// Which policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyIdentity {
    /// The digest of the policy bundle.
    pub digest: Digest,
    /// The version of the engine's meaning of a bundle.
    pub semantics: u32,
}

/// One part of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Component {
    /// What it is, such as `model`, `server` or `file`.
    pub kind: String,
    /// What the intent calls it.
    pub name: String,
    /// The digest that it is known by.
    pub identity: Digest,
    /// What that digest is worth.
    pub assurance: Assurance,
    /// The version that was resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The digest of its contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Digest>,
    /// What it may be used for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<String>,
    /// When it ceases to exist, as its maker announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
    /// What resolved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolver: Option<String>,
}

/// What the identity of a component is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Assurance {
    /// Content-addressed: the bytes themselves were hashed.
    C,
    /// Signed by its publisher.
    S,
    /// A snapshot that its vendor asserts.
    V,
    /// Mutable: may be something else tomorrow.
    M,
}

/// Where the body runs, as the gate decided and the ledger recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// Where: for readers, the signed promotion says the same.
    pub environment: EnvironmentId,
    /// The signed promotion.
    pub promotion: Envelope,
    /// The signed approvals that the promotion cites, in its order.
    pub approvals: Vec<Envelope>,
    /// The proof that the ledger holds the promotion.
    pub inclusion: Inclusion,
}

/// The proof that a ledger holds a leaf and extends the state that the gate read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Inclusion {
    /// The number of the leaf, from 0.
    pub leaf_index: u64,
    /// The size of the tree that the proof is of.
    pub tree_size: u64,
    /// The inclusion proof, from the leaf up.
    pub hashes: Vec<Digest>,
    /// The consistency proof from the checkpoint that the gate read.
    pub consistency: Vec<Digest>,
    /// The signed checkpoint of the tree.
    pub checkpoint: String,
}

const SCHEMA: &str = "behavior.lock/v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    schema: String,
    body: Body,
    body_sha256: Digest,
    bindings: Vec<Binding>,
}

impl Lock {
    /// A lock that is bound to no environment yet.
    ///
    /// # Errors
    /// Two components of one kind and name, or a surface without canonical form.
    pub fn new(mut body: Body) -> Result<Self, VerifyError> {
        body.components.sort_by(|left, right| left.key().cmp(&right.key()));
        Self::with(body, Vec::new())
    }

    /// The lock with one more binding.
    #[must_use]
    pub fn bound(mut self, binding: Binding) -> Self {
        self.bindings.push(binding);
        self
    }

    /// Reads a lock. Only the one rendering of its content is accepted, so that
    /// every byte counts.
    ///
    /// # Errors
    /// Another document, another spelling, a body with another digest.
    pub fn read(bytes: &[u8]) -> Result<Self, VerifyError> {
        let document: Document = json::from_slice(bytes)
            .map_err(|error| VerifyError::new(Reason::LockUnreadable, error))?;
        if document.schema != SCHEMA {
            return Err(VerifyError::new(Reason::LockSchema, document.schema));
        }
        let claimed = document.body_sha256;
        let lock = Self::with(document.body, document.bindings)?;
        if lock.digest != claimed {
            return Err(VerifyError::new(Reason::BodyDigest, lock.digest));
        }
        if lock.render()?.as_bytes() != bytes {
            return Err(VerifyError::of(Reason::LockNotCanonical));
        }
        Ok(lock)
    }

    /// The text of the file, ending in a newline.
    ///
    /// # Errors
    /// None in practice: the content was read or built from values.
    pub fn render(&self) -> Result<String, VerifyError> {
        let document = Document {
            schema: SCHEMA.to_owned(),
            body: self.body.clone(),
            body_sha256: self.digest,
            bindings: self.bindings.clone(),
        };
        Json::from_serialize(&document).map(|value| value.pretty()).map_err(unreadable)
    }

    /// What the agent is.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The digest of the canonical body: what people approve and gates bind.
    #[must_use]
    pub fn body_digest(&self) -> Digest {
        self.digest
    }

    /// Where the body runs, in the order of the ledger.
    #[must_use]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    fn with(body: Body, bindings: Vec<Binding>) -> Result<Self, VerifyError> {
        if !body.components.is_sorted_by(|left, right| left.key() < right.key()) {
            return Err(VerifyError::of(Reason::ComponentOrder));
        }
        let digest = Digest::of(json::to_canonical(&body).map_err(unreadable)?);
        Ok(Self { body, digest, bindings })
    }
}

impl Binding {
    /// The binding of a recorded promotion.
    #[must_use]
    pub fn new(
        promotion: &VerifiedStatement<Promotion>,
        approvals: &[VerifiedApproval],
        inclusion: Inclusion,
    ) -> Self {
        let envelope = |approval: &VerifiedApproval| approval.statement().to_envelope();
        Self {
            environment: promotion.predicate().environment.clone(),
            promotion: promotion.to_envelope(),
            approvals: approvals.iter().map(envelope).collect(),
            inclusion,
        }
    }
}

impl Component {
    fn key(&self) -> (&str, &str) {
        (&self.kind, &self.name)
    }
}

fn unreadable(error: bounden_base::JsonError) -> VerifyError {
    VerifyError::new(Reason::LockUnreadable, error)
}

#[cfg(test)]
mod tests;
