//! Calls in the order of their numbers.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::entry::Entry;

/// Nearly always the newest is entered and the oldest leaves.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Entries(VecDeque<(u64, Entry)>);

impl Entries {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether every number is larger than the one before.
    pub(super) fn is_in_order(&self) -> bool {
        let numbers = || self.0.iter().map(|(number, _)| number);
        numbers().zip(numbers().skip(1)).all(|(a, b)| a < b)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, number: u64) -> Option<&Entry> {
        self.0.get(self.place(number).ok()?).map(|(_, entry)| entry)
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut Entry> {
        let place = self.place(number).ok()?;
        self.0.get_mut(place).map(|(_, entry)| entry)
    }

    /// Enters a call under a number that no other has.
    pub(super) fn insert(&mut self, number: u64, entry: Entry) {
        if let Err(place) = self.place(number) {
            self.0.insert(place, (number, entry));
        }
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<Entry> {
        let removed = self.0.remove(self.place(number).ok()?);
        self.give_back();
        removed.map(|(_, entry)| entry)
    }

    pub(super) fn first(&self) -> Option<&Entry> {
        self.0.front().map(|(_, entry)| entry)
    }

    pub(super) fn pop_first(&mut self) -> Option<(u64, Entry)> {
        let first = self.0.pop_front();
        self.give_back();
        first
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Entry)> {
        self.0.iter().map(|(number, entry)| (*number, entry))
    }

    fn place(&self, number: u64) -> Result<usize, usize> {
        self.0.binary_search_by_key(&number, |(number, _)| *number)
    }

    /// Bytes that all of them take.
    pub(super) fn cost(&self) -> usize {
        self.iter().map(|(_, entry)| entry.cost()).sum()
    }

    /// Keeps no room for more than twice what is there, and a little.
    fn give_back(&mut self) {
        let least = self.0.len() * 2 + 8;
        if self.0.capacity() > 2 * least {
            self.0.shrink_to(least);
        }
    }
}
