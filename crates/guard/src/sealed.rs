//! The policy that a guard enforces, taken only as the lock names it.

use std::sync::Arc;

use bounden_base::{Digest, json};
use bounden_ledger::lock::{VerifiedLock, VerifyError};
use bounden_policy::{Bundle, Limits, Policy, Problem, Tool, ToolName};

/// A compiled policy whose digest is the expected one.
#[derive(Debug)]
pub struct Sealed {
    policy: Arc<Policy>,
    lock: Digest,
}

/// A policy bundle is not what is expected.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The bytes have another digest.
    #[error("the policy bundle has the digest {found}, but {expected} was expected")]
    Digest {
        /// What is expected.
        expected: Digest,
        /// What the bytes give.
        found: Digest,
    },
    /// The lock names other bytes.
    #[error("the policy bundle is not the one of the lock: {0}")]
    Lock(#[from] VerifyError),
    /// The bytes are no bundle.
    #[error("the policy bundle cannot be read: {0}")]
    Shape(#[from] bounden_base::JsonError),
    /// The bundle does not compile.
    #[error("the policy bundle does not compile: {0}")]
    Compile(String),
}

impl SealError {
    fn of(problems: &[Problem]) -> Self {
        let said = problems.iter().map(|problem| format!("{}: {}", problem.place, problem.message));
        Self::Compile(said.collect::<Vec<_>>().join("; "))
    }
}

impl Sealed {
    /// The policy that a verified lock names.
    ///
    /// # Errors
    /// The bytes are not those that the lock names, or do not compile.
    pub fn locked(lock: &VerifiedLock, bytes: Vec<u8>) -> Result<Self, SealError> {
        let bundle = lock.bundle(bytes)?;
        Self::compile(bundle.bytes(), lock.body_digest())
    }

    /// A policy that is known by its digest alone, outside of any promotion.
    ///
    /// # Errors
    /// The bytes have another digest, or do not compile.
    pub fn pinned(bytes: &[u8], expected: Digest) -> Result<Self, SealError> {
        let found = Digest::of(bytes);
        if found != expected {
            return Err(SealError::Digest { expected, found });
        }
        Self::compile(bytes, expected)
    }

    /// The same policy with tighter budgets, as in an environment that narrows them.
    ///
    /// # Errors
    /// None in practice: budgets do not decide whether a bundle compiles.
    pub fn narrowed(self, limits: Limits) -> Result<Self, SealError> {
        let mut bundle = self.policy.bundle().clone();
        bundle.limits = bundle.limits.narrowed_by(limits);
        let policy = Policy::compile(bundle).map_err(|problems| SealError::of(&problems))?;
        Ok(Self { policy: Arc::new(policy), lock: self.lock })
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The digest of the lock's body, or of the policy where there is no lock.
    #[must_use]
    pub fn lock(&self) -> Digest {
        self.lock
    }

    /// A tool that may be called.
    #[must_use]
    pub fn tool(&self, name: &ToolName) -> Option<&Tool> {
        self.policy.bundle().tools.get(name)
    }

    fn compile(bytes: &[u8], lock: Digest) -> Result<Self, SealError> {
        let bundle: Bundle = json::from_slice(bytes)?;
        let policy = Policy::compile(bundle).map_err(|problems| SealError::of(&problems))?;
        Ok(Self { policy: Arc::new(policy), lock })
    }
}
