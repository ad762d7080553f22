//! `behavior.intent`: strict YAML, the document model, the linter and the
//! compiler that turns an intent into a policy bundle.
//!
//! This crate is pure. It does not read files, know a server, or decide a call.

#[cfg(test)]
mod case;
pub mod yaml;
