//! What state takes in memory, rounded up.

use std::mem::size_of;

use bounden_base::Json;

use crate::Arguments;

/// What a group takes beside its entries.
pub(crate) const GROUP: usize = 1_024;
/// What finds a group, beside texts.
pub(crate) const NAME: usize = 512;
/// What an entry takes beside texts; a list may have room for twice its entries.
pub(crate) const ENTRY: usize = 512;
/// What a part of a window takes.
pub(crate) const SLICE: usize = 4_096;
/// What it takes to remember that a tool has succeeded in a session.
pub(crate) const FOLLOWED: usize = 128;
/// What a session takes beside texts and calls.
pub(crate) const SESSION: usize = 2_048;
/// What a logical call takes beside texts, and the time at which it is lost.
pub(crate) const CALL: usize = 768;
/// What it takes to find a call by an id.
pub(crate) const ID: usize = 128;
/// What a fact takes beside its name and its answer.
pub(crate) const FACT: usize = 384;
/// What a held call takes beside what a grant binds.
pub(crate) const HELD: usize = 1_024;
/// What a fingerprint of something said takes.
pub(crate) const FINGERPRINT: usize = 64;
/// What a lease takes beside its name.
pub(crate) const LEASE: usize = 128;
/// What an approval takes beside its texts.
pub(crate) const GIVEN: usize = 192;
/// What a sum takes that no decimal can hold.
pub(crate) const LONG_SUM: usize = 704;

/// What a text takes wherever it stands, with what points to it.
pub(crate) fn text(text: &str) -> usize {
    64 + text.len()
}

/// What a value takes. Lists and objects may have room for twice what they hold.
pub(crate) fn json(value: &Json) -> usize {
    const VALUE: usize = size_of::<Json>();
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => VALUE,
        Json::String(text) => VALUE + text.len(),
        Json::Array(items) => VALUE + items.iter().map(|item| VALUE + json(item)).sum::<usize>(),
        Json::Object(members) => {
            // A node of the tree has room for eleven members, and holds five or more.
            let room = if members.is_empty() { 0 } else { 11 + 3 * members.len() };
            let member = |(name, value): (&String, &Json)| name.len() + json(value);
            let members: usize = members.iter().map(member).sum();
            VALUE + members + room * (size_of::<String>() + VALUE)
        }
    }
}

impl Arguments {
    /// What the arguments take, once they were read.
    pub(crate) fn cost(&self) -> usize {
        64 + self.text().map_or(0, str::len) + json(self.value_or_null())
    }
}
