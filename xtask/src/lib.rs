//! The project's own rules, run by machine.
//!
//! `cargo xtask tidy` runs them by hand, `xtask/tests/tidy.rs` with every test run.

pub mod long;
pub mod performance;
pub mod tidy;
