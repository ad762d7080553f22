//! What a person says about a lock body before it may run in an environment.

use bounden_base::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Action, Predicate};
use crate::{Base64, EnvironmentId, PersonId, RoleId};

/// One vote of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Approval {
    /// Where the body is to run.
    pub environment: EnvironmentId,
    /// What is to be done with it.
    pub action: Action,
    /// The vote.
    pub decision: Decision,
    /// The canonical digest of the intent that was read.
    pub intent: Digest,
    /// The body that the difference is against; none where nothing runs yet.
    pub base: Option<Digest>,
    /// The digest of the difference that was shown.
    pub diff: Digest,
    /// Digests of the evidence that was at hand.
    pub evidence: Vec<Digest>,
    /// Who votes.
    pub person: PersonId,
    /// In which role.
    pub role: RoleId,
    /// What makes the vote unique.
    pub nonce: Nonce,
    /// From when the vote counts.
    pub issued: Timestamp,
    /// From when it no longer counts.
    pub expires: Timestamp,
}

/// A vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// For.
    Approve,
    /// Against; blocks until withdrawn.
    Reject,
    /// Takes an earlier vote of the same person back.
    Revoke,
}

/// Sixteen random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Base64", into = "Base64")]
pub struct Nonce(pub [u8; 16]);

impl Predicate for Approval {
    const TYPE: &'static str = "https://github.com/bounden/bounden/statement/approval/v1";
}

impl TryFrom<Base64> for Nonce {
    type Error = &'static str;

    fn try_from(bytes: Base64) -> Result<Self, Self::Error> {
        bytes.bytes().try_into().map(Self).map_err(|_| "a nonce has sixteen bytes")
    }
}

impl From<Nonce> for Base64 {
    fn from(nonce: Nonce) -> Self {
        nonce.0.to_vec().into()
    }
}
