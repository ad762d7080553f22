//! A map kept in order in one piece of memory: what is entered at its end and
//! taken from its front, as calls and deadlines mostly are, moves nothing and
//! asks for no memory once it has grown.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Values in the order of their names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    try_from = "VecDeque<(K, V)>",
    bound(deserialize = "K: Ord + Deserialize<'de>, V: Deserialize<'de>")
)]
pub(crate) struct Ordered<K, V>(VecDeque<(K, V)>);

/// The names are not in order, or one comes twice.
#[derive(Debug, thiserror::Error)]
#[error("entries are not in order")]
pub(crate) struct OrderError;

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<K: Ord, V> TryFrom<VecDeque<(K, V)>> for Ordered<K, V> {
    type Error = OrderError;

    fn try_from(entries: VecDeque<(K, V)>) -> Result<Self, OrderError> {
        let is_ordered = entries.iter().zip(entries.iter().skip(1)).all(|(a, b)| a.0 < b.0);
        if is_ordered { Ok(Self(entries)) } else { Err(OrderError) }
    }
}

impl<K: Ord, V> Ordered<K, V> {
    pub(crate) fn get(&self, name: &K) -> Option<&V> {
        self.0.get(self.place(name).ok()?).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, name: &K) -> Option<&mut V> {
        let place = self.place(name).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Enters a value, in the place of one of that name.
    pub(crate) fn insert(&mut self, name: K, value: V) {
        match self.place(&name) {
            Ok(place) => {
                if let Some((_, known)) = self.0.get_mut(place) {
                    *known = value;
                }
            }
            Err(place) => self.0.insert(place, (name, value)),
        }
    }

    pub(crate) fn remove(&mut self, name: &K) -> Option<V> {
        self.0.remove(self.place(name).ok()?).map(|(_, value)| value)
    }

    pub(crate) fn first(&self) -> Option<&(K, V)> {
        self.0.front()
    }

    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        self.0.pop_front()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn place(&self, name: &K) -> Result<usize, usize> {
        // Most are asked for, or entered, at the end.
        match self.0.back() {
            Some((last, _)) if last < name => Err(self.0.len()),
            _ => self.0.binary_search_by(|(known, _)| known.cmp(name)),
        }
    }
}
