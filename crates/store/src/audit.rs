//! Reading everything again: every row is hashed, replayed and compared with what was signed.

mod auditor;

use crate::{SqliteStore, StoreError};
use auditor::Auditor;

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// How many entries were read.
    pub entries: u64,
    /// How many of them the latest checkpoint covers.
    pub signed: u64,
    /// How many blobs were read.
    pub blobs: u64,
    /// Everything that is wrong; empty for a good log.
    pub findings: Vec<Finding>,
}

/// A row is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The table.
    pub table: &'static str,
    /// The key of the row, or its place in the order of the table.
    pub row: i64,
    /// What is wrong.
    pub reason: FindingReason,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingReason {
    /// The row is not there.
    Missing,
    /// The row should not be there.
    Surplus,
    /// The leaf does not have the digest that the tree holds for it.
    Leaf,
    /// The payload is not the one under the leaf.
    Payload,
    /// The row says something else than the payload.
    Header,
    /// The digest is not that of the subtree.
    Node,
    /// The root is not that of the entries.
    Root,
    /// The checkpoint is not what the log signed.
    Signature,
    /// The statement does not follow from those before it.
    State,
    /// The row says something else than the entries.
    Derived,
    /// The bytes do not have the digest by which they are found.
    Blob,
}

impl FindingReason {
    /// The stable code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "row-missing",
            Self::Surplus => "row-surplus",
            Self::Leaf => "leaf-changed",
            Self::Payload => "payload-changed",
            Self::Header => "header-changed",
            Self::Node => "node-changed",
            Self::Root => "root-mismatch",
            Self::Signature => "checkpoint-changed",
            Self::State => "state-impossible",
            Self::Derived => "derived-changed",
            Self::Blob => "blob-changed",
        }
    }
}

impl SqliteStore {
    /// Reads the whole database again and compares everything with everything.
    ///
    /// # Errors
    /// A database that cannot be read at all; whatever is wrong with its content
    /// is a finding.
    pub fn audit(&self) -> Result<Audit, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let audit = Auditor::new(self)?.run()?;
        snapshot.commit()?;
        Ok(audit)
    }
}
