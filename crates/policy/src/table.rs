//! A hashed table that has no order to leak: it is looked up, and
//! never walked. The hash is seeded anew in each process, so nobody can choose
//! names that collide.

use std::fmt;
use std::hash::Hash;

use hashbrown::{Equivalent, HashMap};

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

    pub(crate) fn remove<Q: Hash + Equivalent<K> + ?Sized>(&mut self, name: &Q) -> Option<V> {
        self.0.remove(name)
    }
}

impl<K: fmt::Debug, V> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries", self.0.len())
    }
}
