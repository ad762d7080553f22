//! From a compiled intent to a lock that may run: capability surface, plan,
//! gate and the part of verification that needs no ledger.
//!
//! This crate is pure. It takes what others stored and returns what they are to
//! store; it reads no clock, no key and no disk.

pub mod demands;
pub mod evaluation;
pub mod gate;
pub mod plan;
mod reason;
pub mod release;
pub mod surface;
pub mod verify;

pub use demands::Demands;
pub use evaluation::Evaluation;
pub use gate::{Admission, Refusal, admit};
pub use plan::Plan;
pub use release::{Part, Release};
pub use surface::Surface;

#[cfg(test)]
mod world;
