//! The members of an object, in the order of their names, shared by all copies
//! until one of them is changed.

use std::collections::BTreeMap;
use std::iter::Map;
use std::sync::Arc;
use std::{mem, slice, vec};

use super::Json;

/// A name and its value.
pub(super) type Member = (String, Json);

/// Members by name. Arguments are kept by whoever may ask for them later, so a
/// copy costs nothing; who changes a copy pays for it then.
///
/// Most objects are small, are read once and looked at often: a sorted list
/// takes a tenth of the memory that a tree reserves for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Members(Arc<[Member]>);

impl Members {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The members in any order; `None` where two have one name.
    pub(super) fn distinct(members: impl Iterator<Item = Member>) -> Option<Self> {
        let mut members: Arc<[Member]> = members.collect();
        if !is_ascending(&members) {
            Arc::make_mut(&mut members).sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            if !is_ascending(&members) {
                return None;
            }
        }
        Some(Self(members))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The member of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.find(name).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    /// Whether there is a member of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// The member of this name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        let at = self.find(name).ok()?;
        Arc::make_mut(&mut self.0).get_mut(at).map(|(_, value)| value)
    }

    /// Gives a member its value, and returns the one that it had.
    pub fn insert(&mut self, name: String, value: Json) -> Option<Json> {
        if let Some(known) = self.get_mut(&name) {
            return Some(mem::replace(known, value));
        }
        let at = self.find(&name).unwrap_or_else(|at| at);
        self.change(|members| members.insert(at, (name, value)));
        None
    }

    /// Takes a member away.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let at = self.find(name).ok()?;
        Some(self.change(|members| members.remove(at)).1)
    }

    /// Takes away the members for which `keep` does not hold.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &Json) -> bool) {
        self.change(|members| members.retain(|(name, value)| keep(name, value)));
    }

    /// All members, in the order of their names.
    pub fn iter(&self) -> <&Self as IntoIterator>::IntoIter {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// All names, in order.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// All values, in the order of their names.
    pub fn values(&self) -> impl Iterator<Item = &Json> {
        self.0.iter().map(|(_, value)| value)
    }

    /// All values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Json> {
        Arc::make_mut(&mut self.0).iter_mut().map(|(_, value)| value)
    }

    fn change<T>(&mut self, change: impl FnOnce(&mut Vec<Member>) -> T) -> T {
        let mut members = mem::take(self).into_vec();
        let result = change(&mut members);
        self.0 = members.into();
        result
    }

    /// Moved, not copied, where nobody else has them.
    fn into_vec(mut self) -> Vec<Member> {
        match Arc::get_mut(&mut self.0) {
            Some(own) => own.iter_mut().map(mem::take).collect(),
            None => self.0.to_vec(),
        }
    }

    pub(super) fn as_slice(&self) -> &[Member] {
        &self.0
    }

    /// Where the member is, or where it would be.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }
}

fn is_ascending(members: &[Member]) -> bool {
    members.is_sorted_by(|(a, _), (b, _)| a < b)
}

impl FromIterator<Member> for Members {
    /// Of two members with one name the later one counts.
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Self {
        let mut members = Vec::from_iter(members);
        if !is_ascending(&members) {
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            members.dedup_by(|later, kept| {
                let same = later.0 == kept.0;
                if same {
                    mem::swap(later, kept);
                }
                same
            });
        }
        Self(members.into())
    }
}

impl IntoIterator for Members {
    type Item = Member;
    type IntoIter = vec::IntoIter<Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'m> IntoIterator for &'m Members {
    type Item = (&'m String, &'m Json);
    type IntoIter = Map<slice::Iter<'m, Member>, fn(&'m Member) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<BTreeMap<String, Json>> for Members {
    fn from(members: BTreeMap<String, Json>) -> Self {
        // A map is sorted already and has no two of one name.
        Self(members.into_iter().collect())
    }
}

impl From<Members> for Json {
    fn from(members: Members) -> Self {
        Self::Object(members)
    }
}

impl From<BTreeMap<String, Json>> for Json {
    fn from(members: BTreeMap<String, Json>) -> Self {
        Self::Object(members.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A step of a history in which members come and go.
    #[derive(Clone, Debug)]
    enum Change {
        Insert(String, i64),
        Remove(String),
        Set(String, i64),
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            ("[a-dé𝄞]{0,2}", any::<i64>()).prop_map(|(name, value)| Change::Insert(name, value)),
            "[a-dé𝄞]{0,2}".prop_map(Change::Remove),
            ("[a-dé𝄞]{0,2}", any::<i64>()).prop_map(|(name, value)| Change::Set(name, value)),
        ]
    }

    proptest! {
        #[test]
        fn members_are_a_map(changes in prop::collection::vec(change(), 0..40)) {
            let (mut members, mut map) = (Members::new(), BTreeMap::new());
            for change in changes {
                let copy = members.clone();
                let before = map.clone();
                match change {
                    Change::Insert(name, value) => prop_assert_eq!(
                        members.insert(name.clone(), value.into()),
                        map.insert(name, value.into())
                    ),
                    Change::Remove(name) => {
                        prop_assert_eq!(members.remove(&name), map.remove(&name));
                    }
                    Change::Set(name, value) => {
                        let own = members.get_mut(&name).map(|own| *own = value.into());
                        prop_assert_eq!(own, map.get_mut(&name).map(|own| *own = value.into()));
                    }
                }
                prop_assert_eq!(&members, &Members::from(map.clone()));
                prop_assert_eq!(copy, Members::from(before), "a copy stays as it was");
            }
            for (name, value) in &map {
                prop_assert!(members.contains_key(name));
                prop_assert_eq!(members.get(name), Some(value));
            }
            prop_assert!(members.iter().eq(&map));
            prop_assert_eq!(members.into_iter().collect::<BTreeMap<_, _>>(), map);
        }

        #[test]
        fn the_later_of_two_members_with_one_name_counts(
            members in prop::collection::vec(("[a-c]{0,2}", any::<i64>()), 0..12)
        ) {
            let members: Vec<Member> =
                members.into_iter().map(|(name, value)| (name, value.into())).collect();
            let map: BTreeMap<_, _> = members.iter().cloned().collect();
            let is_distinct = map.len() == members.len();
            prop_assert_eq!(Members::distinct(members.iter().cloned()).is_some(), is_distinct);
            prop_assert_eq!(Members::from_iter(members), Members::from(map));
        }
    }
}
