//! Finds personal data and secrets in text by published formats and their
//! checksums, in linear time, and masks what it finds.
//!
//! One detector is one file under `pii` or `secret`; [`Kind`] names it, and
//! `docs/reference/detectors.md` lists them all.

mod alphabet;
mod checksum;
mod decoded;
mod detector;
mod find;
mod form;
mod index;
mod kind;
mod kinds;
mod literals;
mod mask;
mod naming;
mod overlap;
mod pii;
mod registry;
mod secret;
mod sweep;
mod text;
mod value;

pub use find::{Finding, find, kinds_in};
pub use kind::Kind;
pub(crate) use kinds::in_short;
pub use kinds::{Kinds, UnknownKind};
pub use mask::{mask, mask_json};

#[cfg(test)]
mod marked;
#[cfg(test)]
mod tests;
