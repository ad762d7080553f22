//! Recorded trajectories: what a run is, how recordings of many formats become
//! runs, and what can be said about them.
//!
//! This crate is pure: bytes in, values out. It knows nothing of files,
//! ledgers or the network; it never decides a live call.

pub mod effects;
mod evaluate;
pub mod import;
pub mod mutation;
mod normalise;
mod payload;
pub mod report;
pub mod run;
mod scan;
pub mod stats;

pub use evaluate::Evaluator;
pub use import::{Format, Import, Skip, SkipReason, import};
pub use normalise::{kind_name, normalise};
pub use payload::Payload;
pub use run::{Action, Actor, Call, Event, EventKind, Expected, Run, Source, ToolResult};
