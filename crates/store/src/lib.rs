//! The ledger on disk: an append-only log in SQLite that proves what it holds.
//!
//! The store appends what `bounden-ledger` made, signs only what is on disk,
//! and finds every changed byte again. It does not know what an intent means.

mod append;
mod audit;
mod blobs;
mod error;
mod find;
mod prove;
mod schema;
mod sqlite;

pub use append::Appended;
pub use audit::{Audit, Finding, FindingReason};
pub use error::StoreError;
pub use find::Recorded;
pub use sqlite::SqliteStore;

#[cfg(test)]
mod tests;
