//! What a group of calls is found by, without copying anything.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::core::{Scope, Term, TermId};
use crate::past::Key;
use crate::{PrincipalId, SessionId, cost};

/// The calls of one owner with one key, as one term counts them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct GroupName<'a> {
    pub(crate) term: TermId,
    pub(crate) owner: Owner<'a>,
    pub(crate) key: Option<Key<'a>>,
}

/// Whose calls are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Owner<'a> {
    Session(Cow<'a, SessionId>),
    Principal(Cow<'a, PrincipalId>),
    Agent,
}

impl<'a> Owner<'a> {
    /// Whose calls a term counts together with those of this session; nobody's
    /// where that is a principal and there is none.
    pub(crate) fn of(
        term: &Term,
        session: &'a SessionId,
        principal: Option<&'a PrincipalId>,
    ) -> Option<Self> {
        match term.scope {
            Scope::Session => Some(Self::Session(Cow::Borrowed(session))),
            Scope::Principal => {
                principal.map(|principal| Self::Principal(Cow::Borrowed(principal)))
            }
            Scope::Agent => Some(Self::Agent),
        }
    }

    pub(super) fn into_owned(self) -> Owner<'static> {
        match self {
            Self::Session(session) => Owner::Session(Cow::Owned(session.into_owned())),
            Self::Principal(principal) => Owner::Principal(Cow::Owned(principal.into_owned())),
            Self::Agent => Owner::Agent,
        }
    }
}

impl GroupName<'_> {
    /// Bytes that the name takes.
    pub(super) fn cost(&self) -> usize {
        let owner = match &self.owner {
            Owner::Session(id) => id.as_str().len(),
            Owner::Principal(id) => id.as_str().len(),
            Owner::Agent => 0,
        };
        cost::NAME + owner + self.key.as_ref().map_or(0, Key::cost)
    }

    pub(super) fn into_owned(self) -> GroupName<'static> {
        GroupName {
            term: self.term,
            owner: self.owner.into_owned(),
            key: self.key.map(Key::into_owned),
        }
    }
}
