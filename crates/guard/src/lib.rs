//! Enforcement points: what stands between an agent and its tools.

mod decide;
mod home;
mod journal;
mod link;
pub mod owner;
mod receipt;
mod sealed;

pub use decide::Decide;
pub use home::{Home, Ownership};
pub use journal::{Journal, JournalError, Recovery};
pub use link::{Link, LinkError, Starter};
pub use receipt::{Circumstances, Entry, Input, Receipt};
pub use sealed::{SealError, Sealed};
