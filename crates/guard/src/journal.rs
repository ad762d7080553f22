//! The journal: segments of receipts that are only ever appended to, each
//! chained to the one before.
//!
//! A line is written whole or, after a crash, dropped whole. What was
//! [committed](Journal::commit) durably is never lost.

mod recover;

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bounden_base::Digest;

use crate::Entry;

pub use recover::Recovery;

/// A segment is closed when it has grown to this size, in bytes.
const SEGMENT_BYTES: u64 = 64 << 20;

/// An open journal; one process at a time.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    segment: File,
    /// Length of the segment up to the last whole line, in bytes.
    length: u64,
    buffer: Vec<u8>,
    /// The number of the next receipt.
    sequence: u64,
    previous: Digest,
    broken: bool,
}

/// The journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk refuses.
    #[error("the journal at {0}: {1}")]
    Io(PathBuf, io::Error),
    /// A line is not what was written.
    #[error("the journal at {path}, line {line}: {problem}; the chain of receipts is broken")]
    Damaged {
        /// The segment.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// An earlier write failed, so that nothing is known of what is on disk.
    #[error("the journal failed before; nothing is accepted until the guard has restarted")]
    Broken,
}

impl Journal {
    /// Opens the journal in `folder`, hands every entry to `visit` in order and
    /// drops the torn line that a crash may have left at the end.
    ///
    /// # Errors
    /// The disk refuses, or the chain is broken.
    pub fn open(folder: &Path, visit: impl FnMut(Entry)) -> Result<(Self, Recovery), JournalError> {
        recover::open(folder, visit)
    }

    /// Hands every entry that is written to `visit`, in order.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn replay(&self, mut visit: impl FnMut(Entry)) -> Result<(), JournalError> {
        recover::read_all(&self.folder, &mut visit).map(drop)
    }

    /// Puts an entry at the end of the chain, in memory.
    pub fn append(&mut self, mut entry: Entry) {
        entry.receipt.sequence = self.sequence;
        entry.receipt.previous = self.previous;
        self.previous = entry.receipt.digest();
        self.sequence += 1;
        self.buffer.extend_from_slice(entry.to_line().as_bytes());
        self.buffer.push(b'\n');
    }

    /// Writes what was appended; `durable`: not before it is on the disk itself.
    ///
    /// # Errors
    /// The disk refuses. What was appended counts as lost, and the journal
    /// takes nothing more: after a failed write or flush nobody can say what
    /// is on disk.
    pub fn commit(&mut self, durable: bool) -> Result<(), JournalError> {
        if self.broken {
            return Err(JournalError::Broken);
        }
        let written = self.write(durable);
        self.broken = written.is_err();
        written.map_err(|error| JournalError::Io(self.folder.clone(), error))
    }

    /// How many receipts were appended, ever.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.sequence
    }

    /// Whether there is no receipt yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sequence == 0
    }

    /// As if the disk refused: the segment is open for reading only.
    #[cfg(test)]
    pub(crate) fn fail_from_now_on(&mut self) {
        self.segment = File::open(self.folder.join("0000000000000000.jsonl")).unwrap();
    }

    fn write(&mut self, durable: bool) -> io::Result<()> {
        if let Err(error) = self.segment.write_all(&self.buffer) {
            // A torn line would be dropped at the next start anyway.
            let _ = self.segment.set_len(self.length);
            return Err(error);
        }
        self.length += self.buffer.len() as u64;
        self.buffer.clear();
        if durable {
            self.segment.sync_data()?;
        }
        if self.length >= SEGMENT_BYTES {
            self.segment.sync_all()?;
            self.segment = create_segment(&self.folder, self.sequence)?;
            self.length = 0;
        }
        Ok(())
    }
}

/// A new segment, named after its first receipt so that names sort like time.
fn create_segment(folder: &Path, first: u64) -> io::Result<File> {
    let path = folder.join(format!("{first:016}.jsonl"));
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests;
