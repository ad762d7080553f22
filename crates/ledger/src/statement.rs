//! Statements (in-toto Statement v1) about a lock body, signed by one key each.

mod approval;
mod hold;
mod promotion;

use std::fmt;

use bounden_base::{Digest, Json, json};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::dsse::{Envelope, EnvelopeError, VerifiedEnvelope};
use crate::{AgentId, EnvironmentId, PublicKey, SigningKey};

pub use approval::{Approval, Decision, Nonce};
pub use hold::Hold;
pub use promotion::{Action, Diff, DiffClass, Promotion};

/// What a statement says about its subject.
pub trait Predicate: Serialize + DeserializeOwned {
    /// The URI that names this kind of predicate.
    const TYPE: &'static str;
}

/// `predicate` said about one body of one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<P> {
    /// The agent: the name of the subject.
    pub agent: AgentId,
    /// The digest of the lock body: the digest of the subject.
    pub body: Digest,
    /// What is said.
    pub predicate: P,
}

/// A statement whose signature was made or verified here.
#[derive(Debug)]
pub struct VerifiedStatement<P> {
    statement: Statement<P>,
    envelope: VerifiedEnvelope,
}

/// What is common to statements of every kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The URI of the predicate.
    pub predicate_type: String,
    /// The agent: the name of the subject.
    pub agent: AgentId,
    /// The digest of the subject.
    pub body: Digest,
    /// The environment, where the predicate names one.
    pub environment: Option<EnvironmentId>,
}

/// A verified payload is not the statement that it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The signature or the payload type is wrong.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The payload is not a statement of the expected kind.
    #[error("the payload is not the expected statement: {0}")]
    Shape(String),
    /// The payload is not in canonical form.
    #[error("the statement is not written in canonical JSON")]
    NotCanonical,
}

/// The media type of a statement in an envelope.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<P> {
    #[serde(rename = "_type")]
    statement_type: String,
    subject: [Subject; 1],
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: P,
}

/// As much of any predicate as a header needs.
#[derive(Deserialize)]
struct Placed {
    environment: Option<EnvironmentId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: AgentId,
    digest: SubjectDigest,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectDigest {
    sha256: String,
}

impl<P: Predicate> Statement<P> {
    /// Signs the statement.
    ///
    /// # Errors
    /// A value that has no canonical form.
    pub fn sign(self, key: &SigningKey) -> Result<VerifiedStatement<P>, StatementError> {
        let payload = self.to_payload()?.into_bytes();
        let envelope = Envelope::sign(PAYLOAD_TYPE, payload, key);
        Ok(VerifiedStatement { statement: self, envelope })
    }

    /// Reads a payload that was verified before, such as one that a log recorded.
    ///
    /// # Errors
    /// Another predicate type, unknown fields, any other spelling.
    pub fn read(payload: &[u8]) -> Result<Self, StatementError> {
        let document: Document<P> = read(payload)?;
        if document.predicate_type != P::TYPE {
            let message = format!("its predicate is `{}`", document.predicate_type);
            return Err(StatementError::Shape(message));
        }
        let [subject] = document.subject;
        let body = subject.digest()?;
        let statement = Self { agent: subject.name, body, predicate: document.predicate };
        if statement.to_payload()?.as_bytes() == payload {
            Ok(statement)
        } else {
            Err(StatementError::NotCanonical)
        }
    }

    /// The statement as an unsigned payload: canonical JSON.
    ///
    /// # Errors
    /// A value that has no canonical form.
    pub fn to_payload(&self) -> Result<String, StatementError> {
        let subject = [Subject {
            name: self.agent.clone(),
            digest: SubjectDigest { sha256: self.body.hex() },
        }];
        let document = Document {
            statement_type: STATEMENT_TYPE.to_owned(),
            subject,
            predicate_type: P::TYPE.to_owned(),
            predicate: &self.predicate,
        };
        json::to_canonical(&document).map_err(StatementError::shape)
    }
}

impl<P: Predicate> VerifiedStatement<P> {
    /// Verifies an envelope and reads the statement out of the verified bytes.
    ///
    /// # Errors
    /// A wrong signature, type or predicate type, unknown fields, any other spelling.
    pub fn verify(envelope: Envelope, key: &PublicKey) -> Result<Self, StatementError> {
        let envelope = envelope.verify(PAYLOAD_TYPE, key)?;
        let statement = Statement::read(envelope.payload())?;
        Ok(Self { statement, envelope })
    }

    /// What is said, about what.
    #[must_use]
    pub fn statement(&self) -> &Statement<P> {
        &self.statement
    }

    /// What is said.
    #[must_use]
    pub fn predicate(&self) -> &P {
        &self.statement.predicate
    }

    /// The digest of the payload, by which other statements cite this one.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.envelope.envelope().payload_digest()
    }

    /// The key that signed.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        self.envelope.key()
    }

    /// The verified envelope around the statement.
    #[must_use]
    pub fn envelope(&self) -> &VerifiedEnvelope {
        &self.envelope
    }

    /// The envelope alone, to be written somewhere.
    #[must_use]
    pub fn to_envelope(&self) -> Envelope {
        self.envelope.envelope().clone()
    }
}

impl Header {
    /// Reads the head of a payload whatever its predicate says.
    ///
    /// # Errors
    /// A payload that is no canonical statement about one subject with a
    /// SHA-256 digest, or whose environment is no text.
    pub fn of(payload: &[u8]) -> Result<Self, StatementError> {
        let document: Document<Json> = read(payload)?;
        let canonical = json::to_canonical(&document).map_err(StatementError::shape)?;
        if canonical.as_bytes() != payload {
            return Err(StatementError::NotCanonical);
        }
        Self::recall(payload)
    }

    /// Reads the head of a payload that [`Header::of`] accepted before.
    pub(crate) fn recall(payload: &[u8]) -> Result<Self, StatementError> {
        // The payload is known to be canonical, so that the strict reader, which
        // is ten times slower, would see nothing else in it.
        let document: Document<Placed> =
            serde_json::from_slice(payload).map_err(StatementError::shape)?;
        let [subject] = document.subject;
        Ok(Self {
            predicate_type: document.predicate_type,
            body: subject.digest()?,
            agent: subject.name,
            environment: document.predicate.environment,
        })
    }
}

impl Subject {
    fn digest(&self) -> Result<Digest, StatementError> {
        format!("sha256:{}", self.digest.sha256).parse().map_err(StatementError::shape)
    }
}

impl StatementError {
    fn shape(error: impl fmt::Display) -> Self {
        Self::Shape(error.to_string())
    }
}

fn read<P: DeserializeOwned>(payload: &[u8]) -> Result<Document<P>, StatementError> {
    let document: Document<P> = json::from_slice(payload).map_err(StatementError::shape)?;
    if document.statement_type == STATEMENT_TYPE {
        Ok(document)
    } else {
        Err(StatementError::Shape(format!("its type is `{}`", document.statement_type)))
    }
}

#[cfg(test)]
mod tests;
