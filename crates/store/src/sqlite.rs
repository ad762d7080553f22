//! Opening the log and reading its state.

use std::path::Path;
use std::time::Duration;

use bounden_base::Digest;
use bounden_ledger::{Checkpoint, Note, NoteVerifier};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::{StoreError, schema};

/// A log in one SQLite file (write-ahead log, every commit synced to disk).
#[derive(Debug)]
pub struct SqliteStore {
    pub(crate) connection: Connection,
    pub(crate) verifier: NoteVerifier,
}

/// How long to wait for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

impl SqliteStore {
    /// Opens the file, or makes it, as the log of `verifier`.
    ///
    /// # Errors
    /// A file that cannot be written, is of another log or of a newer version.
    pub fn open(path: &Path, verifier: &NoteVerifier) -> Result<Self, StoreError> {
        Self::with(Connection::open(path)?, verifier)
    }

    /// A log that is gone when it is dropped.
    ///
    /// # Errors
    /// None in practice.
    pub fn in_memory(verifier: &NoteVerifier) -> Result<Self, StoreError> {
        Self::with(Connection::open_in_memory()?, verifier)
    }

    fn with(mut connection: Connection, verifier: &NoteVerifier) -> Result<Self, StoreError> {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        schema::migrate(&mut connection)?;
        let empty = Checkpoint::empty(verifier.name());
        connection.execute(
            "INSERT OR IGNORE INTO log (one, verifier) VALUES (1, ?1)",
            [verifier.to_string()],
        )?;
        connection.execute(
            "INSERT OR IGNORE INTO head (one, size, root) VALUES (1, 0, ?1)",
            [empty.root.as_bytes()],
        )?;
        connection.execute("INSERT OR IGNORE INTO indexed (one, size) VALUES (1, 0)", [])?;
        let found: String =
            connection.query_row("SELECT verifier FROM log", [], |row| row.get(0))?;
        if found != verifier.to_string() {
            return Err(StoreError::AnotherLog { found, expected: verifier.to_string() });
        }
        Ok(Self { connection, verifier: verifier.clone() })
    }

    /// The key that checkpoints of this log are verified with.
    #[must_use]
    pub fn verifier(&self) -> &NoteVerifier {
        &self.verifier
    }

    /// What is recorded, whether it is signed yet or not.
    ///
    /// # Errors
    /// A damaged database.
    pub fn head(&self) -> Result<Checkpoint, StoreError> {
        let sql = "SELECT size, root FROM head";
        let (size, root) = self
            .connection
            .prepare_cached(sql)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.checkpoint_of(size, root)
    }

    /// The latest signed state and its note; none before the first append.
    ///
    /// # Errors
    /// A damaged database.
    pub fn signed(&self) -> Result<Option<(Checkpoint, Note)>, StoreError> {
        let sql = "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1";
        let row: Option<(i64, String)> = self
            .connection
            .prepare_cached(sql)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((size, text)) = row else { return Ok(None) };
        let damaged = || StoreError::Damaged { table: "checkpoints", row: size };
        let note: Note = text.parse().map_err(|_| damaged())?;
        let checkpoint = Checkpoint::open(&note, &self.verifier).map_err(|_| damaged())?;
        if signed(checkpoint.size)? == size { Ok(Some((checkpoint, note))) } else { Err(damaged()) }
    }

    /// Remembers a state of this log that is known outside, such as one in a lock
    /// or in version control. From then on nothing is signed that does not contain it.
    ///
    /// # Errors
    /// A state that this log does not contain; it is remembered nevertheless.
    pub fn anchor(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        if checkpoint.origin != self.verifier.name() {
            return Err(StoreError::AnotherLog {
                found: checkpoint.origin.clone(),
                expected: self.verifier.name().to_owned(),
            });
        }
        self.connection.execute(
            "INSERT OR IGNORE INTO anchors (size, root) VALUES (?1, ?2)",
            params![signed(checkpoint.size)?, checkpoint.root.as_bytes()],
        )?;
        self.require_contains(checkpoint)
    }

    /// Checks that the log extends `known`.
    pub(crate) fn require_contains(&self, known: &Checkpoint) -> Result<(), StoreError> {
        let inside = known.size <= self.head()?.size && self.root_at(known.size)? == known.root;
        if inside { Ok(()) } else { Err(StoreError::BehindAnchor { size: known.size }) }
    }

    pub(crate) fn largest_anchor(&self) -> Result<Option<Checkpoint>, StoreError> {
        let sql = "SELECT size, root FROM anchors ORDER BY size DESC LIMIT 1";
        let row = self
            .connection
            .prepare_cached(sql)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        row.map(|(size, root)| self.checkpoint_of(size, root)).transpose()
    }

    fn checkpoint_of(&self, size: i64, root: [u8; 32]) -> Result<Checkpoint, StoreError> {
        let origin = self.verifier.name().to_owned();
        Ok(Checkpoint { origin, size: unsigned(size)?, root: Digest::from_bytes(root) })
    }
}

/// A number as SQLite stores it.
pub(crate) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::NotFound(format!("entry {number}")))
}

/// A number as SQLite stored it.
pub(crate) fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::NotFound(format!("entry {number}")))
}

/// A digest column.
pub(crate) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    row.get(column).map(Digest::from_bytes)
}
