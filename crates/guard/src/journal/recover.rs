//! Opening a journal: every line is checked, a torn last one dropped.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use bounden_base::{Digest, json};

use super::{Journal, JournalError, create_segment};
use crate::Entry;

/// What was found when a journal was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Whole entries.
    pub entries: u64,
    /// Bytes of an unfinished last line, which were dropped.
    pub dropped: u64,
}

/// The end of the chain so far.
pub(super) struct Chain {
    sequence: u64,
    previous: Digest,
}

/// The segment that is written to.
pub(super) struct Last {
    path: PathBuf,
    /// Bytes of whole lines.
    whole: u64,
    /// Bytes of an unfinished last line.
    torn: u64,
}

pub(super) fn open(
    folder: &Path,
    mut visit: impl FnMut(Entry),
) -> Result<(Journal, Recovery), JournalError> {
    let failed = |error| JournalError::Io(folder.to_owned(), error);
    fs::create_dir_all(folder).map_err(failed)?;
    let (chain, last) = read_all(folder, &mut visit)?;
    let (segment, length, dropped) = match last {
        None => (create_segment(folder, 0).map_err(failed)?, 0, 0),
        Some(Last { path, whole, torn }) => {
            (reopen(&path, whole, torn > 0).map_err(failed)?, whole, torn)
        }
    };
    let Chain { sequence, previous } = chain;
    let (folder, buffer) = (folder.to_owned(), Vec::new());
    let journal = Journal { folder, segment, length, buffer, sequence, previous, broken: false };
    Ok((journal, Recovery { entries: sequence, dropped }))
}

/// Visits every whole line of a journal; only the last segment may end in a torn one.
pub(super) fn read_all(
    folder: &Path,
    visit: &mut impl FnMut(Entry),
) -> Result<(Chain, Option<Last>), JournalError> {
    let failed = |error| JournalError::Io(folder.to_owned(), error);
    let mut chain = Chain { sequence: 0, previous: Digest::from_bytes([0; 32]) };
    let mut last: Option<Last> = None;
    for path in segments(folder).map_err(failed)? {
        if let Some(torn) = last.filter(|before| before.torn > 0) {
            return Err(damaged(&torn.path, 0, "its last line has no end"));
        }
        let bytes = fs::read(&path).map_err(failed)?;
        let torn = read(&path, &bytes, &mut chain, visit)? as u64;
        last = Some(Last { path, whole: bytes.len() as u64 - torn, torn });
    }
    Ok((chain, last))
}

fn segments(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn reopen(path: &Path, length: u64, torn: bool) -> io::Result<File> {
    let file = OpenOptions::new().append(true).open(path)?;
    if torn {
        file.set_len(length)?;
        file.sync_all()?;
    }
    Ok(file)
}

/// Visits the whole lines of a segment; the length of what follows the last one.
fn read(
    path: &Path,
    bytes: &[u8],
    chain: &mut Chain,
    visit: &mut impl FnMut(Entry),
) -> Result<usize, JournalError> {
    let mut rest = bytes;
    for number in 1.. {
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { break };
        let (line, tail) = rest.split_at(end);
        let entry = checked(line, chain).map_err(|problem| damaged(path, number, problem))?;
        chain.previous = entry.receipt.digest();
        chain.sequence += 1;
        visit(entry);
        rest = tail.get(1..).unwrap_or_default();
    }
    Ok(rest.len())
}

fn checked(line: &[u8], chain: &Chain) -> Result<Entry, String> {
    let entry: Entry = json::from_slice(line).map_err(|error| error.to_string())?;
    if entry.receipt.sequence != chain.sequence {
        return Err(format!("receipt {} is missing", chain.sequence));
    }
    if entry.receipt.previous != chain.previous {
        return Err("the receipt does not follow the one before".to_owned());
    }
    if !entry.is_intact() {
        return Err("the recorded input is not what the receipt attests".to_owned());
    }
    Ok(entry)
}

fn damaged(path: &Path, line: usize, problem: impl Into<String>) -> JournalError {
    JournalError::Damaged { path: path.to_owned(), line, problem: problem.into() }
}
