//! Log leaves: `hashedrekord` 0.0.2 bodies (Rekor v2), so that stock Sigstore clients verify inclusion.

use bounden_base::{Digest, json};
use serde::{Deserialize, Serialize};

use crate::dsse::{Envelope, EnvelopeError, VerifiedEnvelope, pre_authentication_encoding};
use crate::statement::{Header, PAYLOAD_TYPE, StatementError};
use crate::{Base64, KeyError, PublicKey, merkle};

/// A signed statement as the log takes it: the leaf is public, the payload stays private.
#[derive(Debug)]
pub struct Entry {
    leaf: Vec<u8>,
    payload: Vec<u8>,
    header: Header,
}

/// A leaf does not belong to a payload.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// The leaf is not a `hashedrekord` body in canonical form.
    #[error("the leaf is not a canonical hashedrekord 0.0.2 body")]
    Malformed,
    /// The leaf is over other bytes.
    #[error("the leaf is over another payload")]
    Payload,
    /// The signature in the leaf is wrong.
    #[error(transparent)]
    Signature(#[from] KeyError),
    /// The leaf and the payload make no envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The payload is no statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    api_version: String,
    kind: String,
    spec: Spec,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    #[serde(rename = "hashedRekordV002")]
    record: Record,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    data: Data,
    signature: Signature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    algorithm: String,
    digest: Base64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    content: Base64,
    verifier: Verifier,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Verifier {
    key_details: String,
    public_key: RawKey,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawKey {
    raw_bytes: PublicKey,
}

/// How every canonical leaf starts, up to the digest of the signed bytes.
const LEAF_START: &str = r#"{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":""#;
const API_VERSION: &str = "0.0.2";
const KIND: &str = "hashedrekord";
const DATA_ALGORITHM: &str = "SHA2_256";
const KEY_DETAILS: &str = "PKIX_ECDSA_P256_SHA_256";

impl Entry {
    /// The entry for a signed statement.
    ///
    /// # Errors
    /// A payload that is no statement.
    pub fn of(envelope: &VerifiedEnvelope) -> Result<Self, LeafError> {
        let header = Header::of(envelope.payload())?;
        let leaf = leaf(envelope.signed_digest(), envelope.signature(), envelope.key())?;
        Ok(Self { leaf, payload: envelope.payload().to_vec(), header })
    }

    /// Puts a recorded leaf and its payload together again. Only that they belong
    /// together is checked: the log took the leaf from [`Entry::of`].
    ///
    /// # Errors
    /// A leaf that is not over this payload.
    pub fn restore(leaf: Vec<u8>, payload: Vec<u8>) -> Result<Self, LeafError> {
        let signed = Digest::of(pre_authentication_encoding(PAYLOAD_TYPE, &payload));
        let head = format!("{LEAF_START}{}\"", Base64::encode(signed.as_bytes()));
        if !leaf.starts_with(head.as_bytes()) {
            return Err(LeafError::Payload);
        }
        let header = Header::recall(&payload)?;
        Ok(Self { leaf, payload, header })
    }

    /// Checks the signature that the leaf carries over the payload.
    ///
    /// # Errors
    /// A signature of another key or payload.
    pub fn verify_signature(&self) -> Result<&Self, LeafError> {
        let Signature { content, verifier } = Record::read(&self.leaf)?.signature;
        let signed = pre_authentication_encoding(PAYLOAD_TYPE, &self.payload);
        verifier.public_key.raw_bytes.verify(&signed, content.bytes())?;
        Ok(self)
    }

    /// The envelope that was recorded, verified again.
    ///
    /// # Errors
    /// A leaf that is malformed or whose signature is wrong.
    pub fn to_envelope(&self) -> Result<VerifiedEnvelope, LeafError> {
        let Signature { content, verifier } = Record::read(&self.leaf)?.signature;
        let key = verifier.public_key.raw_bytes;
        let envelope = Envelope::of_parts(PAYLOAD_TYPE, self.payload.clone(), &key, content);
        Ok(envelope.verify(PAYLOAD_TYPE, &key)?)
    }

    /// The bytes that the log hashes.
    #[must_use]
    pub fn leaf(&self) -> &[u8] {
        &self.leaf
    }

    /// The Merkle digest of the leaf.
    #[must_use]
    pub fn leaf_digest(&self) -> Digest {
        merkle::leaf_digest(&self.leaf)
    }

    /// The signed statement.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What the statement is about.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }
}

impl Record {
    fn read(leaf: &[u8]) -> Result<Self, LeafError> {
        let document: Document = json::from_slice(leaf).map_err(|_| LeafError::Malformed)?;
        let canonical = json::to_canonical(&document).map_err(|_| LeafError::Malformed)?;
        let as_we_write = document.api_version == API_VERSION
            && document.kind == KIND
            && document.spec.record.data.algorithm == DATA_ALGORITHM
            && document.spec.record.signature.verifier.key_details == KEY_DETAILS
            && canonical.as_bytes() == leaf;
        if as_we_write { Ok(document.spec.record) } else { Err(LeafError::Malformed) }
    }
}

fn leaf(signed: Digest, signature: &[u8], key: &PublicKey) -> Result<Vec<u8>, LeafError> {
    let data =
        Data { algorithm: DATA_ALGORITHM.to_owned(), digest: signed.as_bytes().to_vec().into() };
    let verifier = Verifier {
        key_details: KEY_DETAILS.to_owned(),
        public_key: RawKey { raw_bytes: key.clone() },
    };
    let signature = Signature { content: signature.to_vec().into(), verifier };
    let document = Document {
        api_version: API_VERSION.to_owned(),
        kind: KIND.to_owned(),
        spec: Spec { record: Record { data, signature } },
    };
    json::to_canonical(&document).map(String::into_bytes).map_err(|_| LeafError::Malformed)
}

#[cfg(test)]
mod tests;
