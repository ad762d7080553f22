//! Values by name, fixed once they are known: half the memory of a tree, in one piece.

use std::sync::Arc;

/// Values in the order of their names, which are all different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ByName<V>(Box<[(Arc<str>, V)]>);

impl<V> Default for ByName<V> {
    fn default() -> Self {
        Self(Box::default())
    }
}

impl<V> ByName<V> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.0.get(self.find(name)?).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        let at = self.find(name)?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter().map(|(name, _)| name)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &V)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name)).ok()
    }
}

impl<V> FromIterator<(Arc<str>, V)> for ByName<V> {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, V)>>(values: I) -> Self {
        let mut values = Vec::from_iter(values);
        values.sort_by(|(a, _), (b, _)| a.cmp(b));
        values.dedup_by(|(a, _), (b, _)| a == b);
        Self(values.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_found_by_its_name() {
        let named = |name: &str, value| (Arc::from(name), value);
        let mut values: ByName<u8> =
            [named("b", 2), named("é", 3), named("a", 1)].into_iter().collect();
        assert_eq!(values.names().map(Arc::as_ref).collect::<Vec<&str>>(), ["a", "b", "é"]);
        assert_eq!(
            ["a", "b", "c", "é", ""].map(|name| values.get(name).copied()),
            [Some(1), Some(2), None, Some(3), None]
        );
        *values.get_mut("b").unwrap() = 5;
        assert_eq!(values.iter().map(|(_, value)| *value).collect::<Vec<_>>(), [1, 5, 3]);
        assert!(values.contains("b") && !values.contains("B"));
    }
}
