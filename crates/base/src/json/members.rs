//! The members of an object, shared by all copies until one of them is changed.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Json;

/// Members by name. Arguments are kept by whoever may ask for them later, so a
/// copy costs nothing; who changes a copy pays for it then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Members(Arc<BTreeMap<String, Json>>);

impl Deref for Members {
    type Target = BTreeMap<String, Json>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Members {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl From<BTreeMap<String, Json>> for Members {
    fn from(members: BTreeMap<String, Json>) -> Self {
        Self(Arc::new(members))
    }
}

impl FromIterator<(String, Json)> for Members {
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(members: I) -> Self {
        Self::from(BTreeMap::from_iter(members))
    }
}

impl IntoIterator for Members {
    type Item = (String, Json);
    type IntoIter = btree_map::IntoIter<String, Json>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

impl<'m> IntoIterator for &'m Members {
    type Item = (&'m String, &'m Json);
    type IntoIter = btree_map::Iter<'m, String, Json>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
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
