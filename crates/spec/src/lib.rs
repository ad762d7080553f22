//! `behavior.intent`: strict YAML, the document model, the linter and the
//! compiler that turns an intent into a policy bundle.
//!
//! This crate is pure. It does not read files, know a server, or decide a call.

mod against;
mod article;
#[cfg(test)]
mod case;
mod check;
mod checklist;
mod compile;
mod defaults;
pub mod draft;
pub mod intent;
mod lint;
mod migrate;
pub mod organisation;
mod pages;
mod read;
mod repair;
mod versions;
pub mod yaml;

pub use against::against;
pub use check::{Checked, check};
pub use checklist::ChecklistItem;
pub use compile::{compile, limits_in};
pub use defaults::{InForce, defaults};
pub use migrate::{Migrated, migrate};
pub use pages::{Explanation, codes, explain};
pub use read::{Item, Named, Raw, Spanned};
pub use repair::{repaired, repaired_whole, with_fix};
pub use versions::{FORMATS, Format};

use bounden_base::Diagnostic;

/// Sorts findings as a reader meets them.
fn in_order(problems: &mut [Diagnostic]) {
    problems.sort_by(|a, b| (a.span, &a.code, &a.message).cmp(&(b.span, &b.code, &b.message)));
}
