//! What can go wrong between the log and the disk.

use bounden_ledger::{Checkpoint, StateError};

/// The store cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is damaged.
    #[error("the ledger database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A newer version made the database.
    #[error(
        "the ledger database has schema {found}, this version knows up to {known}: update bounden"
    )]
    NewerSchema {
        /// The schema of the file.
        found: i64,
        /// The newest one known here.
        known: i64,
    },
    /// The database belongs to another log.
    #[error("the ledger database is of the log `{found}`, expected `{expected}`")]
    AnotherLog {
        /// The note key in the file.
        found: String,
        /// The one asked for.
        expected: String,
    },
    /// Somebody appended in between.
    #[error("the log has grown to {} entries: read again and decide again", .0.size)]
    HeadMoved(Checkpoint),
    /// A promotion does not follow from what runs.
    #[error("entry {number}: {error}")]
    State {
        /// The number that the entry would have had.
        number: u64,
        /// Why not.
        error: StateError,
    },
    /// A promotion was decided on a state that this log never had.
    #[error("entry {0}: the gate read a checkpoint that this log never had")]
    ForeignCheckpoint(u64),
    /// The log is behind or beside a state that is known outside.
    #[error(
        "the log does not contain the state of {size} entries that is known outside: it was \
         restored from the past or forked; restore a newer backup"
    )]
    BehindAnchor {
        /// The size of the anchored state.
        size: u64,
    },
    /// There is no such entry, tree or blob.
    #[error("the log has no {0}")]
    NotFound(String),
    /// A row is not what was written.
    #[error("{table} {row} is damaged: run `bounden ledger audit`")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The key of the row.
        row: i64,
    },
}
