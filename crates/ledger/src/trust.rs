//! Whom a verifier trusts: one ledger, gates and people, all pinned by their whole keys.

use std::collections::BTreeSet;

use bounden_base::{Digest, JsonError, Timestamp, json};
use serde::{Deserialize, Serialize};

use crate::note::{NoteError, NoteVerifier};
use crate::{PersonId, PublicKey, RoleId, TeamId};

/// Whom a verifier trusts.
#[derive(Debug)]
pub struct TrustRoot {
    ledger: NoteVerifier,
    gates: Vec<PinnedKey>,
    people: Vec<Person>,
}

/// A key and the time in which what it signs counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedKey {
    /// The key as Base64 of its SubjectPublicKeyInfo.
    pub key: PublicKey,
    /// From when it counts; always, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// From when it no longer counts; never, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Somebody whose approvals count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Who.
    pub person: PersonId,
    /// The roles in which they may approve.
    pub roles: BTreeSet<RoleId>,
    /// The teams that they belong to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub teams: BTreeSet<TeamId>,
    /// Their keys.
    pub keys: Vec<PinnedKey>,
}

/// A trust root cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The document is not a trust root.
    #[error("the trust root cannot be read: {0}")]
    Unreadable(#[from] JsonError),
    /// The document has another schema.
    #[error("the schema of the trust root is `{0}`, expected `{SCHEMA}`")]
    Schema(String),
    /// The key of the ledger is no note key.
    #[error("`ledger`: {0}")]
    Ledger(#[from] NoteError),
    /// No gate could ever be trusted.
    #[error("`gates` names no key: nothing could ever be verified")]
    NoGate,
    /// One key stands in two places, so that one holder could speak for two.
    #[error("the key {0} is given twice; every gate and person has keys of their own")]
    SharedKey(String),
    /// A person is given twice.
    #[error("the person `{0}` is given twice")]
    RepeatedPerson(PersonId),
}

const SCHEMA: &str = "behavior.trust/v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: String,
    ledger: String,
    gates: Vec<PinnedKey>,
    people: Vec<Person>,
}

impl TrustRoot {
    /// Puts a trust root together.
    ///
    /// # Errors
    /// No gate, a person twice, or a key in two places.
    pub fn new(
        ledger: NoteVerifier,
        gates: Vec<PinnedKey>,
        people: Vec<Person>,
    ) -> Result<Self, TrustError> {
        if gates.is_empty() {
            return Err(TrustError::NoGate);
        }
        let mut names = BTreeSet::new();
        if let Some(twice) = people.iter().find(|entry| !names.insert(&entry.person)) {
            return Err(TrustError::RepeatedPerson(twice.person.clone()));
        }
        let mut keys = BTreeSet::new();
        let mut all = gates.iter().chain(people.iter().flat_map(|entry| &entry.keys));
        if let Some(twice) = all.find(|pinned| !keys.insert(pinned.key.digest())) {
            return Err(TrustError::SharedKey(twice.key.id()));
        }
        Ok(Self { ledger, gates, people })
    }

    /// Reads a `behavior.trust/v1` document.
    ///
    /// # Errors
    /// Another document, unknown fields, and what [`TrustRoot::new`] refuses.
    pub fn read(bytes: &[u8]) -> Result<Self, TrustError> {
        let document: Document = json::from_slice(bytes)?;
        if document.schema != SCHEMA {
            return Err(TrustError::Schema(document.schema));
        }
        Self::new(document.ledger.parse()?, document.gates, document.people)
    }

    /// The document in canonical JSON.
    ///
    /// # Errors
    /// A time that has no text.
    pub fn to_canonical(&self) -> Result<String, TrustError> {
        let document = Document {
            schema: SCHEMA.to_owned(),
            ledger: self.ledger.to_string(),
            gates: self.gates.clone(),
            people: self.people.clone(),
        };
        Ok(json::to_canonical(&document)?)
    }

    /// The digest of the canonical document.
    ///
    /// # Errors
    /// As [`TrustRoot::to_canonical`].
    pub fn digest(&self) -> Result<Digest, TrustError> {
        self.to_canonical().map(Digest::of)
    }

    /// The key of the ledger; its name is the origin of checkpoints.
    #[must_use]
    pub fn ledger(&self) -> &NoteVerifier {
        &self.ledger
    }

    /// The pinned gates.
    #[must_use]
    pub fn gates(&self) -> &[PinnedKey] {
        &self.gates
    }

    /// Everybody whose approvals may count.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The pinned gate key that an envelope points at.
    #[must_use]
    pub fn gate(&self, key_id: &str) -> Option<&PinnedKey> {
        self.gates.iter().find(|pinned| pinned.key.id() == key_id)
    }

    /// The person and the pinned key that an envelope points at.
    #[must_use]
    pub fn person(&self, key_id: &str) -> Option<(&Person, &PinnedKey)> {
        self.people.iter().find_map(|entry| {
            entry.keys.iter().find(|pinned| pinned.key.id() == key_id).map(|key| (entry, key))
        })
    }
}

impl PinnedKey {
    /// A key that always counts.
    #[must_use]
    pub fn new(key: PublicKey) -> Self {
        Self { key, from: None, until: None }
    }

    /// Whether what the key signed at `time` counts.
    #[must_use]
    pub fn counts_at(&self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= time) && self.until.is_none_or(|until| time < until)
    }
}

#[cfg(test)]
mod tests;
