//! Enforcement points: what stands between an agent and its tools.

mod journal;
mod receipt;

pub use journal::{Journal, JournalError, Recovery};
pub use receipt::{Entry, Input, Receipt};
