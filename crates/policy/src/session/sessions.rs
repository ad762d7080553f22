//! All sessions, and what they take.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use hashbrown::DefaultHashBuilder;
use indexmap::IndexMap;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Session;
use crate::SessionId;

/// Sessions by their ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions {
    sessions: IndexMap<SessionId, Session, DefaultHashBuilder>,
    /// Where the session stands that was changed last: most questions are about it.
    latest: usize,
    bytes: usize,
}

/// A session while it changes: what it takes is reckoned when that is over.
#[derive(Debug)]
pub(crate) struct Changing<'s> {
    session: &'s mut Session,
    before: usize,
    bytes: &'s mut usize,
}

impl Sessions {
    pub(crate) fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Bytes that all of them take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reckons anew what is not written in a snapshot; nothing where that contradicts itself.
    pub(crate) fn rebuild(&mut self) -> Option<()> {
        for (id, session) in &mut self.sessions {
            session.rebuild(id)?;
            self.bytes += session.bytes();
        }
        Some(())
    }

    pub(crate) fn find(&self, id: &SessionId) -> Option<&Session> {
        self.sessions.get_index(self.place(id)?).map(|(_, session)| session)
    }

    pub(crate) fn find_mut(&mut self, id: &SessionId) -> Option<Changing<'_>> {
        self.latest = self.place(id)?;
        let (_, session) = self.sessions.get_index_mut(self.latest)?;
        Some(Changing { before: session.bytes(), session, bytes: &mut self.bytes })
    }

    pub(crate) fn find_or_new(&mut self, id: &SessionId) -> Changing<'_> {
        let before = self.find(id).map_or(0, Session::bytes);
        let session = self.sessions.entry(id.clone()).or_insert_with(|| Session::named(id));
        Changing { before, session, bytes: &mut self.bytes }
    }

    pub(crate) fn remove(&mut self, id: &SessionId) -> Option<Session> {
        let session = self.sessions.swap_remove(id)?;
        self.bytes -= session.bytes();
        Some(session)
    }

    fn place(&self, id: &SessionId) -> Option<usize> {
        match self.sessions.get_index(self.latest) {
            Some((latest, _)) if latest == id => Some(self.latest),
            _ => self.sessions.get_index_of(id),
        }
    }
}

/// In the order of their ids, whatever order they were opened in.
impl Serialize for Sessions {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let sessions: BTreeMap<_, _> = self.sessions.iter().collect();
        to.collect_seq(sessions)
    }
}

impl<'de> Deserialize<'de> for Sessions {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut sessions = IndexMap::default();
        for (id, session) in Vec::<(SessionId, Session)>::deserialize(from)? {
            if sessions.insert(id, session).is_some() {
                return Err(D::Error::custom("a session stands twice"));
            }
        }
        Ok(Self { sessions, ..Self::default() })
    }
}

impl Deref for Changing<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for Changing<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        *self.bytes = (*self.bytes + self.session.bytes()).saturating_sub(self.before);
    }
}
