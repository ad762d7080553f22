//! The whole state of an engine as bytes, and back.

pub(crate) mod forms;

use std::sync::Arc;

use bounden_base::Digest;

use crate::bundle::SEMANTICS;
use crate::engine::Engine;
use crate::policy::Policy;

/// First bytes of a snapshot: what it is, and the version of its form.
const MAGIC: &[u8; 16] = b"bounden state 1\n";

/// Bytes of a digest.
const DIGEST: usize = 32;

/// Bytes are no snapshot that an engine can go on from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// They do not begin as a snapshot of this version does.
    #[error("these bytes are no snapshot of an engine's state in a form that this version reads")]
    Form,
    /// They end too early or were changed.
    #[error("the snapshot is damaged: its checksum does not match")]
    Checksum,
    /// It was taken under another policy.
    #[error(
        "the snapshot was taken under the policy {0}; go on with that one, or replay its events"
    )]
    Policy(Digest),
    /// It was taken by an engine that compiles this policy in another way.
    #[error("the snapshot was taken by another version of the engine; replay its events")]
    Engine,
    /// Its parts contradict one another.
    #[error("the snapshot contradicts itself: {0}")]
    Contradiction(String),
}

impl Engine {
    /// The state as bytes. The same state gives the same bytes, and an engine
    /// that is restored from them decides everything as this one would.
    ///
    /// The form is the line `bounden state 1`, the digest of the policy, a
    /// digest of what it was compiled to, the state as
    /// [postcard](https://postcard.jamesmunns.com/wire-format) writes it, and
    /// the SHA-256 digest of all that.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.policy().digest().as_bytes());
        bytes.extend(compiled(self.policy()).as_bytes());
        bytes.extend(self.frozen());
        let checksum = Digest::of(&bytes);
        bytes.extend(checksum.as_bytes());
        bytes
    }

    /// An engine with the state that a snapshot holds.
    ///
    /// # Errors
    /// The bytes are no snapshot, were changed, or belong to another policy.
    pub fn restore(policy: Arc<Policy>, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let (rest, checksum) = bytes.split_last_chunk::<DIGEST>().ok_or(SnapshotError::Form)?;
        let (magic, body) = rest.split_first_chunk().ok_or(SnapshotError::Form)?;
        if magic != MAGIC {
            return Err(SnapshotError::Form);
        }
        if Digest::of(rest).as_bytes() != checksum {
            return Err(SnapshotError::Checksum);
        }
        let (own, body) = body.split_first_chunk::<DIGEST>().ok_or(SnapshotError::Form)?;
        if own != policy.digest().as_bytes() {
            return Err(SnapshotError::Policy(Digest::from_bytes(*own)));
        }
        let (engine, body) = body.split_first_chunk::<DIGEST>().ok_or(SnapshotError::Form)?;
        if engine != compiled(&policy).as_bytes() {
            return Err(SnapshotError::Engine);
        }
        Self::thawed(policy, body).map_err(SnapshotError::Contradiction)
    }
}

/// What the numbers of terms mean, which groups are named by.
fn compiled(policy: &Policy) -> Digest {
    Digest::of(format!("{SEMANTICS}{:?}", policy.terms))
}
