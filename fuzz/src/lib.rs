//! Turns the bytes of a fuzzer into policies and events.
//!
//! `cargo xtask long fuzz` runs every target for ten minutes.
#![expect(clippy::expect_used, clippy::panic, reason = "a fuzzer finds what panics")]

mod bytes;
mod events;
mod policies;

pub use bytes::Bytes;
pub use events::events;
pub use policies::{policies, with_predicate};
