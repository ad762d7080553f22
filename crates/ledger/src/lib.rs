//! Signed statements, Merkle proofs, checkpoints and the lock: bytes bound to people.
//!
//! This crate is pure and does not know what an intent means.

mod base64;
mod checkpoint;
pub mod merkle;
mod note;

pub use base64::{Base64, Base64Error};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use note::{Note, NoteError, NoteSigner, NoteVerifier};
