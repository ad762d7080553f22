//! Signed statements, Merkle proofs, checkpoints and the lock: bytes bound to people.
//!
//! This crate is pure and does not know what an intent means.

mod base64;
mod checkpoint;
pub mod dsse;
mod key;
mod leaf;
pub mod lock;
pub mod merkle;
mod note;
mod state;
pub mod statement;
pub mod trust;

pub use base64::{Base64, Base64Error};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use key::{KeyError, PublicKey, SigningKey};
pub use leaf::{Entry, LeafError};
pub use note::{Note, NoteError, NoteSigner, NoteVerifier};
pub use state::{Deployment, StateError};
pub use trust::TrustRoot;

bounden_base::string_ids! {
    /// An agent, such as `acme/support-resolution`.
    AgentId;
    /// An environment, such as `production`.
    EnvironmentId;
    /// A person who signs.
    PersonId;
    /// A role in which a person signs, such as `security`.
    RoleId;
    /// A team that people belong to.
    TeamId;
}

#[cfg(test)]
mod tests;
