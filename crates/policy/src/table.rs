//! A hashed table that has no order to leak: it is looked up, and written in
//! the order of its names. The hash is seeded anew in each process, which makes names
//! that collide hard to choose, and is no cryptographic promise.

use std::fmt;
use std::hash::Hash;

use hashbrown::{Equivalent, HashMap};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Values by name.
#[derive(Clone)]
pub(crate) struct Table<K, V>(HashMap<K, V>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Eq + Hash, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(values: I) -> Self {
        Self(HashMap::from_iter(values))
    }
}

impl<K: Eq + Hash, V> Table<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn contains<Q: Hash + Equivalent<K> + ?Sized>(&self, name: &Q) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn find<Q: Hash + Equivalent<K> + ?Sized>(&self, name: &Q) -> Option<&V> {
        self.0.get(name)
    }

    pub(crate) fn find_mut<Q: Hash + Equivalent<K> + ?Sized>(
        &mut self,
        name: &Q,
    ) -> Option<&mut V> {
        self.0.get_mut(name)
    }

    /// The value of a name, which is copied only where it is new.
    pub(crate) fn find_or_new(&mut self, name: &K) -> &mut V
    where
        K: Clone,
        V: Default,
    {
        self.find_or_insert(name, V::default)
    }

    /// The value of a name, which is copied only where it is new.
    pub(crate) fn find_or_insert(&mut self, name: &K, new: impl FnOnce() -> V) -> &mut V
    where
        K: Clone,
    {
        self.0.entry_ref(name).or_insert_with(new)
    }

    pub(crate) fn insert(&mut self, name: K, value: V) -> Option<V> {
        self.0.insert(name, value)
    }

    /// Keeps what fits; whether a value does must not depend on another.
    pub(crate) fn retain(&mut self, mut fits: impl FnMut(&K, &V) -> bool) {
        self.0.retain(|name, value| fits(name, value));
    }

    pub(crate) fn remove<Q: Hash + Equivalent<K> + ?Sized>(&mut self, name: &Q) -> Option<V> {
        self.0.remove(name)
    }
}

impl<K: Eq + Hash, V> Table<K, V> {
    /// Changes every value, in no order: one must not depend on another.
    pub(crate) fn each(&mut self, mut change: impl FnMut(&K, &mut V)) {
        self.0.iter_mut().for_each(|(name, value)| change(name, value));
    }
}

impl<K: Eq + Hash + Ord + Serialize, V: Serialize> Serialize for Table<K, V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut all: Vec<(&K, &V)> = self.0.iter().collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        to.collect_seq(all)
    }
}

impl<'de, K: Eq + Hash + Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Table<K, V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let all = Vec::<(K, V)>::deserialize(from)?;
        let mut table = Self::default();
        for (name, value) in all {
            if table.insert(name, value).is_some() {
                return Err(D::Error::custom("a name stands twice"));
            }
        }
        Ok(table)
    }
}

impl<K: fmt::Debug, V> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries", self.0.len())
    }
}
