//! All sessions, and what they take.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use super::Session;
use crate::SessionId;
use crate::table::Table;

/// Sessions by their ids.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sessions {
    sessions: Table<SessionId, Session>,
    #[serde(skip)]
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
        let (bytes, mut is_whole) = (&mut self.bytes, true);
        self.sessions.each(|id, session| {
            is_whole &= session.rebuild(id).is_some();
            *bytes += session.bytes();
        });
        is_whole.then_some(())
    }

    pub(crate) fn find(&self, id: &SessionId) -> Option<&Session> {
        self.sessions.find(id)
    }

    pub(crate) fn find_mut(&mut self, id: &SessionId) -> Option<Changing<'_>> {
        let session = self.sessions.find_mut(id)?;
        Some(Changing { before: session.bytes(), session, bytes: &mut self.bytes })
    }

    pub(crate) fn find_or_new(&mut self, id: &SessionId) -> Changing<'_> {
        let mut before = None;
        let new = || {
            before = Some(0);
            Session::named(id)
        };
        let session = self.sessions.find_or_insert(id, new);
        Changing {
            before: before.unwrap_or_else(|| session.bytes()),
            session,
            bytes: &mut self.bytes,
        }
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
