//! The policy that a guard enforces, loaded only when it is the one expected.

use bounden_base::{Digest, json};
use bounden_policy::{Bundle, SEMANTICS, Tool, ToolName};

/// A policy bundle whose digest was checked against the lock that names it.
#[derive(Debug)]
pub struct Sealed {
    bundle: Bundle,
    lock: Digest,
}

/// A policy bundle is not what the lock names.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The bytes have another digest.
    #[error("the policy bundle has the digest {found}, but {expected} was expected")]
    Digest {
        /// What the lock names.
        expected: Digest,
        /// What the bytes give.
        found: Digest,
    },
    /// The bytes are no bundle.
    #[error("the policy bundle cannot be read: {0}")]
    Shape(#[from] bounden_base::JsonError),
    /// The bundle was compiled for another engine.
    #[error("the policy bundle is written for semantics {0}; this guard decides by {SEMANTICS}")]
    Semantics(u32),
}

impl Sealed {
    /// Opens the canonical bytes of a bundle that `lock` names by `expected`.
    ///
    /// # Errors
    /// The bytes are not the bundle that is expected, or none that this engine decides by.
    pub fn open(bytes: &[u8], expected: Digest, lock: Digest) -> Result<Self, SealError> {
        let found = Digest::of(bytes);
        if found != expected {
            return Err(SealError::Digest { expected, found });
        }
        let bundle: Bundle = json::from_slice(bytes)?;
        if bundle.semantics != SEMANTICS {
            return Err(SealError::Semantics(bundle.semantics));
        }
        Ok(Self { bundle, lock })
    }

    /// The bundle.
    #[must_use]
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The digest of the lock that is enforced.
    #[must_use]
    pub fn lock(&self) -> Digest {
        self.lock
    }

    /// A tool that may be called.
    #[must_use]
    pub fn tool(&self, name: &ToolName) -> Option<&Tool> {
        self.bundle.tools.get(name)
    }
}
