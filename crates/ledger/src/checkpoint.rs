//! Checkpoints (C2SP tlog-checkpoint): a log, its size and its root, signed as a note.

use std::fmt;
use std::str::FromStr;

use bounden_base::Digest;
use serde::{Deserialize, Serialize};

use crate::note::{Note, NoteError, NoteSigner, NoteVerifier};
use crate::{Base64, merkle};

/// The state of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many leaves it has.
    pub size: u64,
    /// The Merkle root over them.
    pub root: Digest,
}

/// A checkpoint cannot be read or trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note is signed, but is no checkpoint.
    #[error("this is not a checkpoint")]
    Malformed,
    /// The checkpoint is of another log than the key that signed it.
    #[error("the checkpoint is of another log")]
    Origin,
    /// The note around the checkpoint is wrong.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The state of a log without leaves.
    #[must_use]
    pub fn empty(origin: impl Into<String>) -> Self {
        Self { origin: origin.into(), size: 0, root: merkle::empty_root() }
    }

    /// Reads a checkpoint out of a note that the log itself signed.
    ///
    /// # Errors
    /// Another log, a missing or wrong signature, another text.
    pub fn open(note: &Note, log: &NoteVerifier) -> Result<Self, CheckpointError> {
        let checkpoint: Self = note.verify(log)?.parse()?;
        if checkpoint.origin == log.name() { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
    }

    /// Signs the checkpoint as the log that it names.
    ///
    /// # Errors
    /// A signer of another name.
    pub fn sign(&self, log: &NoteSigner) -> Result<Note, CheckpointError> {
        if log.verifier().name() == self.origin {
            Ok(log.sign(&self.to_string())?)
        } else {
            Err(CheckpointError::Origin)
        }
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Reads the text of a checkpoint; extension lines are allowed and ignored.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').ok_or(CheckpointError::Malformed)?;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Malformed);
        };
        let size: u64 = size
            .parse()
            .ok()
            .filter(|number: &u64| number.to_string() == size)
            .ok_or(CheckpointError::Malformed)?;
        let root = Base64::decode(root).map_err(|_| CheckpointError::Malformed)?;
        let root = root.try_into().map_err(|_| CheckpointError::Malformed)?;
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(CheckpointError::Malformed);
        }
        Ok(Self { origin: origin.to_owned(), size, root: Digest::from_bytes(root) })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, Base64::encode(self.root.as_bytes()))
    }
}

#[cfg(test)]
mod tests;
