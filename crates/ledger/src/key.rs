//! P-256 keys for statements: ECDSA with SHA-256, deterministic nonces (RFC 6979), low S only.

use std::fmt;

use bounden_base::Digest;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    LineEnding,
};
use serde::{Deserialize, Serialize};

use crate::Base64;

/// A public key, pinned by its whole SubjectPublicKeyInfo (RFC 5480).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Base64", into = "Base64")]
pub struct PublicKey {
    key: p256::ecdsa::VerifyingKey,
    spki: Vec<u8>,
}

/// A private key.
pub struct SigningKey {
    key: p256::ecdsa::SigningKey,
    public: PublicKey,
}

/// A key or signature cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a P-256 public key in the one accepted encoding.
    #[error("this is not a P-256 public key (SubjectPublicKeyInfo, uncompressed point)")]
    Public,
    /// Not a P-256 private key.
    #[error("this is not a P-256 private key (PKCS #8)")]
    Private,
    /// The bytes are no signature, or one of its malleable twins.
    #[error("this is not an ECDSA signature in canonical form (DER, low S)")]
    SignatureForm,
    /// The key did not make this signature over this message.
    #[error("the signature is not of this key over these bytes")]
    Signature,
}

impl PublicKey {
    /// Reads the DER of a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// Another algorithm or curve, or another encoding of the same key.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let key = p256::ecdsa::VerifyingKey::from_public_key_der(der);
        let public = Self::of(key.map_err(|_| KeyError::Public)?)?;
        if public.spki == der { Ok(public) } else { Err(KeyError::Public) }
    }

    /// Reads `-----BEGIN PUBLIC KEY-----`.
    ///
    /// # Errors
    /// As [`PublicKey::from_spki_der`].
    pub fn from_spki_pem(pem: &str) -> Result<Self, KeyError> {
        let key = p256::ecdsa::VerifyingKey::from_public_key_pem(pem.trim());
        Self::of(key.map_err(|_| KeyError::Public)?)
    }

    /// The DER of the SubjectPublicKeyInfo.
    #[must_use]
    pub fn to_spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The key as PEM.
    ///
    /// # Errors
    /// None in practice: the key was encoded before.
    pub fn to_spki_pem(&self) -> Result<String, KeyError> {
        self.key.to_public_key_pem(LineEnding::LF).map_err(|_| KeyError::Public)
    }

    /// The SHA-256 digest of the SubjectPublicKeyInfo.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.spki)
    }

    /// The digest in Base64, as envelopes carry it. It is a hint, never a reason to trust.
    #[must_use]
    pub fn id(&self) -> String {
        Base64::encode(self.digest().as_bytes())
    }

    /// Checks an ECDSA signature in DER.
    ///
    /// # Errors
    /// Another encoding, a high S, another key or message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), KeyError> {
        let parsed =
            p256::ecdsa::Signature::from_der(signature).map_err(|_| KeyError::SignatureForm)?;
        if parsed.normalize_s().to_der().as_bytes() != signature {
            return Err(KeyError::SignatureForm);
        }
        self.key.verify(message, &parsed).map_err(|_| KeyError::Signature)
    }

    fn of(key: p256::ecdsa::VerifyingKey) -> Result<Self, KeyError> {
        let spki = key.to_public_key_der().map_err(|_| KeyError::Public)?.into_vec();
        Ok(Self { key, spki })
    }
}

impl SigningKey {
    /// Reads `-----BEGIN PRIVATE KEY-----` (PKCS #8, RFC 5208).
    ///
    /// # Errors
    /// Anything but a P-256 key.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        Self::of(
            p256::ecdsa::SigningKey::from_pkcs8_pem(pem.trim()).map_err(|_| KeyError::Private)?,
        )
    }

    /// Makes a key from 32 fresh random bytes of the caller.
    ///
    /// # Errors
    /// The one in 2^32 byte strings that is no scalar of the curve: try others.
    pub fn from_entropy(entropy: [u8; 32]) -> Result<Self, KeyError> {
        Self::of(p256::ecdsa::SigningKey::from_slice(&entropy).map_err(|_| KeyError::Private)?)
    }

    /// The secret key as PEM.
    ///
    /// # Errors
    /// None in practice: the key is valid.
    pub fn to_pkcs8_pem(&self) -> Result<String, KeyError> {
        let pem = self.key.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Private)?;
        Ok(pem.as_str().to_owned())
    }

    /// The key that verifies what this one signs.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a message: ECDSA in DER, equal for equal messages.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: p256::ecdsa::Signature = self.key.sign(message);
        signature.normalize_s().to_der().as_bytes().to_vec()
    }

    fn of(key: p256::ecdsa::SigningKey) -> Result<Self, KeyError> {
        let public = PublicKey::of(*key.verifying_key())?;
        Ok(Self { key, public })
    }
}

impl TryFrom<Base64> for PublicKey {
    type Error = KeyError;

    fn try_from(der: Base64) -> Result<Self, KeyError> {
        Self::from_spki_der(der.bytes())
    }
}

impl From<PublicKey> for Base64 {
    fn from(key: PublicKey) -> Self {
        key.spki.into()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

impl fmt::Debug for SigningKey {
    /// Names the key without its secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6979 appendix A.2.5: P-256 with SHA-256, message "sample".
    const SECRET: &str = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
    const R: &str = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716";
    const S: &str = "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";

    fn scalar(hex: &str) -> [u8; 32] {
        *format!("sha256:{}", hex.to_lowercase()).parse::<Digest>().unwrap().as_bytes()
    }

    #[test]
    fn the_published_signature_but_with_a_low_s() {
        let key = SigningKey::from_entropy(scalar(SECRET)).unwrap();
        let published = p256::ecdsa::Signature::from_scalars(scalar(R), scalar(S)).unwrap();
        let low = published.normalize_s();
        assert_ne!(low, published, "the published one has a high S");
        assert_eq!(key.sign(b"sample"), low.to_der().as_bytes());
        assert_eq!(key.public().verify(b"sample", low.to_der().as_bytes()), Ok(()));
        let malleated = published.to_der();
        let verdict = key.public().verify(b"sample", malleated.as_bytes());
        assert_eq!(verdict, Err(KeyError::SignatureForm));
    }

    #[test]
    fn another_key_message_or_signature_is_refused() {
        let key = SigningKey::from_entropy([1; 32]).unwrap();
        let other = SigningKey::from_entropy([2; 32]).unwrap();
        let signature = key.sign(b"message");
        assert_eq!(other.public().verify(b"message", &signature), Err(KeyError::Signature));
        assert_eq!(key.public().verify(b"massage", &signature), Err(KeyError::Signature));
        for at in 0..signature.len() {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert!(key.public().verify(b"message", &changed).is_err(), "byte {at}");
        }
        assert_eq!(key.public().verify(b"message", &[]), Err(KeyError::SignatureForm));
    }

    /// The same key with its point compressed (SEC 1 section 2.3.3).
    fn compressed(key: &PublicKey) -> Vec<u8> {
        let (head, point) = key.to_spki_der().split_at(26);
        let (x, y) = point[1..].split_at(32);
        let mut head = head.to_vec();
        (head[1], head[24]) = (0x39, 0x22);
        [head.as_slice(), &[2 + (y[31] & 1)], x].concat()
    }

    #[test]
    fn keys_survive_their_texts() {
        let key = SigningKey::from_entropy([1; 32]).unwrap();
        let read = SigningKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
        assert_eq!(read.public(), key.public());
        let pem = key.public().to_spki_pem().unwrap();
        assert_eq!(PublicKey::from_spki_pem(&pem), Ok(key.public().clone()));
        let der = key.public().to_spki_der();
        assert_eq!(PublicKey::from_spki_der(der), Ok(key.public().clone()));
        assert_eq!(PublicKey::from_spki_der(&der[1..]), Err(KeyError::Public));
        assert_eq!(PublicKey::from_spki_der(&compressed(key.public())), Err(KeyError::Public));
        assert_eq!(SigningKey::from_entropy([0; 32]).map(drop), Err(KeyError::Private));
        assert_eq!(SigningKey::from_entropy([255; 32]).map(drop), Err(KeyError::Private));
    }
}
