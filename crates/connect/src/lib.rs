//! Clients to the world outside of this machine's Bounden.
//!
//! An MCP [`Client`] over stdio child processes and streamable HTTP, and the
//! [`contract`] of a server: every tool definition that it offers.

mod client;
mod contract;
mod error;
mod http;
mod remote;
mod stdio;

pub use client::{Client, Source, Timeouts};
pub use contract::contracts;
pub use error::ConnectError;
pub use remote::dial;
