//! What an editor shows of an intent while it is being written: findings,
//! repairs, explanations, completions, definitions and an outline.
//!
//! Every question is answered from a [`Document`] and a place in it, in the
//! types of the Language Server Protocol 3.17. This crate is pure: it does not
//! know how messages travel, or where documents are kept.

mod action;
mod completion;
mod cursor;
mod definition;
mod document;
mod expression;
mod finding;
mod hover;
mod names;
mod place;
mod schema;
mod source;
mod symbol;
mod tool;
mod word;

pub use document::{Document, Pinned};
