//! The vocabulary that every other crate shares: spans, diagnostics, exact
//! decimals, strict JSON, canonical bytes and digests.
//!
//! This crate is pure and knows nothing of agents, rules or ledgers.

mod decimal;
mod diagnostic;
mod digest;
mod id;
pub mod json;
pub mod nearest;
mod span;

pub use decimal::{Decimal, DecimalError, DecimalSum};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
pub use digest::{Digest, DigestError};
pub use jiff::{SignedDuration, Timestamp};
pub use json::{Json, JsonError};
#[doc(hidden)]
pub use smol_str::SmolStr as IdText;
pub use span::{LineIndex, Position, Span};
