//! Signed envelopes (DSSE 1.0) with exactly one signature.

use bounden_base::Digest;
use serde::{Deserialize, Serialize};

use crate::{Base64, KeyError, PublicKey, SigningKey};

/// An envelope as read; nothing is verified yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Envelope {
    payload: Base64,
    payload_type: String,
    signatures: [Signature; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: Base64,
}

/// An envelope that was signed or verified here, and the key that signed it.
#[derive(Debug)]
pub struct VerifiedEnvelope {
    envelope: Envelope,
    key: PublicKey,
}

/// An envelope does not say what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// The payload is of another type than the one expected.
    #[error("the envelope holds another type of payload")]
    PayloadType,
    /// The envelope names another key.
    #[error("the envelope names another key")]
    KeyId,
    /// The signature is wrong.
    #[error(transparent)]
    Signature(#[from] KeyError),
}

/// The bytes that are signed: type and payload with their lengths (DSSE 1.0, `PAE`).
#[must_use]
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

impl Envelope {
    /// Signs `payload`.
    #[must_use]
    pub fn sign(payload_type: &str, payload: Vec<u8>, key: &SigningKey) -> VerifiedEnvelope {
        let sig = key.sign(&pre_authentication_encoding(payload_type, &payload));
        let signature = Signature { keyid: key.public().id(), sig: sig.into() };
        let payload_type = payload_type.to_owned();
        let envelope = Self { payload: payload.into(), payload_type, signatures: [signature] };
        VerifiedEnvelope { envelope, key: key.public().clone() }
    }

    /// Puts an envelope together from what a log recorded; nothing is verified yet.
    pub(crate) fn of_parts(
        payload_type: &str,
        payload: Vec<u8>,
        key: &PublicKey,
        sig: Base64,
    ) -> Self {
        let signature = Signature { keyid: key.id(), sig };
        Self {
            payload: payload.into(),
            payload_type: payload_type.to_owned(),
            signatures: [signature],
        }
    }

    /// Which key the envelope says it was signed with: a hint for choosing
    /// among pinned keys, never a reason to trust.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.signature().keyid
    }

    /// Checks that `key` signed this payload as this type.
    ///
    /// # Errors
    /// Another type, key or signature.
    pub fn verify(
        self,
        payload_type: &str,
        key: &PublicKey,
    ) -> Result<VerifiedEnvelope, EnvelopeError> {
        if self.payload_type != payload_type {
            return Err(EnvelopeError::PayloadType);
        }
        if self.key_id() != key.id() {
            return Err(EnvelopeError::KeyId);
        }
        key.verify(&self.signed_bytes(), self.signature().sig.bytes())?;
        Ok(VerifiedEnvelope { envelope: self, key: key.clone() })
    }

    /// The digest of the payload, by which statements cite each other.
    #[must_use]
    pub fn payload_digest(&self) -> Digest {
        Digest::of(self.payload.bytes())
    }

    fn signed_bytes(&self) -> Vec<u8> {
        pre_authentication_encoding(&self.payload_type, self.payload.bytes())
    }

    fn signature(&self) -> &Signature {
        let [signature] = &self.signatures;
        signature
    }
}

impl VerifiedEnvelope {
    /// The payload that was verified.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.envelope.payload.bytes()
    }

    /// The key that signed.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The signature in DER.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        self.envelope.signature().sig.bytes()
    }

    /// SHA-256 over the signed bytes.
    #[must_use]
    pub fn signed_digest(&self) -> Digest {
        Digest::of(self.envelope.signed_bytes())
    }

    /// The envelope, to be written somewhere.
    #[must_use]
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }
}

#[cfg(test)]
mod tests {
    use bounden_base::json;

    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_entropy([seed; 32]).unwrap()
    }

    #[test]
    fn the_published_encoding() {
        // The example of the DSSE specification.
        let encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoded, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    #[test]
    fn type_key_and_payload_are_bound() {
        let signed = Envelope::sign("a/type", b"payload".to_vec(), &key(1));
        let envelope = signed.envelope();
        assert!(envelope.clone().verify("a/type", key(1).public()).is_ok());
        let verdict = |envelope: &Envelope, payload_type, seed| {
            envelope.clone().verify(payload_type, key(seed).public()).map(drop)
        };
        assert_eq!(verdict(envelope, "b/type", 1), Err(EnvelopeError::PayloadType));
        assert_eq!(verdict(envelope, "a/type", 2), Err(EnvelopeError::KeyId));
        let mut relabelled = envelope.clone();
        relabelled.signatures[0].keyid = key(2).public().id();
        let wrong = Err(EnvelopeError::Signature(KeyError::Signature));
        assert_eq!(verdict(&relabelled, "a/type", 2), wrong);
        let mut retyped = envelope.clone();
        retyped.payload_type = "b/type".into();
        assert_eq!(verdict(&retyped, "b/type", 1), wrong);
    }

    #[test]
    fn exactly_one_signature_and_nothing_unknown() {
        let signed = Envelope::sign("a/type", b"payload".to_vec(), &key(1));
        let text = json::to_canonical(signed.envelope()).unwrap();
        assert_eq!(&json::from_slice::<Envelope>(text.as_bytes()).unwrap(), signed.envelope());
        let (head, tail) = text.split_once('[').unwrap();
        let signature = tail.trim_end_matches("]}");
        for bad in [
            format!("{head}[]}}"),
            format!("{head}[{signature},{signature}]}}"),
            text.replace("keyid", "keyId"),
            text.replace("{\"payload\"", "{\"note\":1,\"payload\""),
        ] {
            assert!(json::from_slice::<Envelope>(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
