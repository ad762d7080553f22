//! Signed notes with Ed25519 (C2SP signed-note): a text and named signatures below it.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::Base64;

/// A text with its signature lines, as read; nothing is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    key_hash: [u8; 4],
    signature: Vec<u8>,
}

/// A key that notes are verified with, written `NAME+HASH+KEY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    key: VerifyingKey,
}

/// A key that signs notes.
pub struct NoteSigner {
    name: String,
    key: SigningKey,
}

/// A note or a note key cannot be read or does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The text is not a signed note.
    #[error("this is not a signed note")]
    Malformed,
    /// The text is not an Ed25519 note key, or its hash does not fit.
    #[error("this is not a note key (`NAME+HASH+KEY` with an Ed25519 key)")]
    Key,
    /// No signature line is of this key.
    #[error("the note carries no signature of the expected key")]
    Unsigned,
    /// A signature line of this key does not verify.
    #[error("the signature under the note is wrong")]
    Signature,
}

/// Signature algorithm Ed25519 in the registry of signed-note.
const ED25519: u8 = 1;
const MAX_SIGNATURES: usize = 100;
const LINE_START: &str = "\u{2014} ";
const PRIVATE_KEY: &str = "PRIVATE+KEY+";

impl Note {
    /// The signed text, which ends in a newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many signature lines the note has, known keys or not.
    #[must_use]
    pub fn signature_count(&self) -> usize {
        self.signatures.len()
    }

    /// Hands out the text if `verifier` signed it.
    ///
    /// # Errors
    /// No signature of that key, or a wrong one.
    pub fn verify(&self, verifier: &NoteVerifier) -> Result<&str, NoteError> {
        let hash = verifier.key_hash();
        let mut own = self
            .signatures
            .iter()
            .filter(|line| line.name == verifier.name && line.key_hash == hash);
        let line = own.next().ok_or(NoteError::Unsigned)?;
        if own.next().is_some() {
            return Err(NoteError::Malformed);
        }
        let signature = ed25519_dalek::Signature::from_slice(&line.signature)
            .map_err(|_| NoteError::Signature)?;
        verifier
            .key
            .verify_strict(self.text.as_bytes(), &signature)
            .map_err(|_| NoteError::Signature)?;
        Ok(&self.text)
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.chars().any(|character| character.is_control() && character != '\n') {
            return Err(NoteError::Malformed);
        }
        let split = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, lines) = (note.get(..=split), note.get(split + 2..));
        let (Some(text), Some(lines)) = (text, lines) else { return Err(NoteError::Malformed) };
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed)?;
        let signatures = lines.split('\n').map(str::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Malformed);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for NoteSignature {
    type Err = NoteError;

    fn from_str(line: &str) -> Result<Self, NoteError> {
        let line = line.strip_prefix(LINE_START).ok_or(NoteError::Malformed)?;
        let (name, bytes) = line.split_once(' ').ok_or(NoteError::Malformed)?;
        let bytes = Base64::decode(bytes).map_err(|_| NoteError::Malformed)?;
        let (key_hash, signature) = bytes.split_first_chunk().ok_or(NoteError::Malformed)?;
        if !is_name(name) || signature.is_empty() {
            return Err(NoteError::Malformed);
        }
        Ok(Self { name: name.to_owned(), key_hash: *key_hash, signature: signature.to_owned() })
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_hash.as_slice(), &self.signature].concat();
        write!(f, "{LINE_START}{} {}", self.name, Base64::encode(&bytes))
    }
}

impl NoteVerifier {
    /// The name of the signer.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the key is told apart by: the start of SHA-256 over name and key.
    #[must_use]
    pub fn key_hash(&self) -> [u8; 4] {
        let hasher = Sha256::new().chain_update(&self.name).chain_update([b'\n', ED25519]);
        let [a, b, c, d, ..]: [u8; 32] = hasher.chain_update(self.key.as_bytes()).finalize().into();
        [a, b, c, d]
    }
}

impl FromStr for NoteVerifier {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, hash, key) = key_parts(text)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| NoteError::Key)?;
        let verifier = Self { name: name.to_owned(), key };
        if hex(verifier.key_hash()) == hash { Ok(verifier) } else { Err(NoteError::Key) }
    }
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex(self.key_hash()), Base64::encode(&key))
    }
}

impl NoteSigner {
    /// A signer whose key is this secret seed.
    ///
    /// # Errors
    /// A name that is empty or contains a space, a control character or `+`.
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<Self, NoteError> {
        let signer = Self { name: name.to_owned(), key: SigningKey::from_bytes(&seed) };
        if is_name(name) { Ok(signer) } else { Err(NoteError::Key) }
    }

    /// The key that verifies what this one signs.
    #[must_use]
    pub fn verifier(&self) -> NoteVerifier {
        NoteVerifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The secret key as text, `PRIVATE+KEY+NAME+HASH+SEED`.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        let seed = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        let hash = hex(self.verifier().key_hash());
        format!("{PRIVATE_KEY}{}+{hash}+{}", self.name, Base64::encode(&seed))
    }

    /// Signs a text.
    ///
    /// # Errors
    /// A text that does not end in a newline or holds other control characters.
    pub fn sign(&self, text: &str) -> Result<Note, NoteError> {
        let strange = |character: char| character.is_control() && character != '\n';
        if !text.ends_with('\n') || text.chars().any(strange) {
            return Err(NoteError::Malformed);
        }
        let line = NoteSignature {
            name: self.name.clone(),
            key_hash: self.verifier().key_hash(),
            signature: self.key.sign(text.as_bytes()).to_bytes().to_vec(),
        };
        Ok(Note { text: text.to_owned(), signatures: vec![line] })
    }
}

impl FromStr for NoteSigner {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, hash, seed) = key_parts(text.strip_prefix(PRIVATE_KEY).ok_or(NoteError::Key)?)?;
        let signer = Self::from_seed(name, seed)?;
        if hex(signer.verifier().key_hash()) == hash { Ok(signer) } else { Err(NoteError::Key) }
    }
}

impl fmt::Debug for NoteSigner {
    /// Names the key without its secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.verifier())
    }
}

/// Name, hash and 32 key bytes of `NAME+HASH+KEY`; the key part may itself hold `+`.
fn key_parts(text: &str) -> Result<(&str, &str, [u8; 32]), NoteError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(NoteError::Key);
    };
    let key = Base64::decode(key).map_err(|_| NoteError::Key)?;
    match key.split_first() {
        Some((&ED25519, key)) if is_name(name) => {
            Ok((name, hash, key.try_into().map_err(|_| NoteError::Key)?))
        }
        _ => Err(NoteError::Key),
    }
}

fn is_name(name: &str) -> bool {
    let bad =
        |character: char| character.is_whitespace() || character.is_control() || character == '+';
    !name.is_empty() && !name.contains(bad)
}

fn hex(bytes: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(bytes))
}
