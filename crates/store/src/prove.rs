//! Proofs, read from the stored nodes.

use bounden_base::Digest;
use bounden_ledger::Checkpoint;
use bounden_ledger::lock::Inclusion;
use bounden_ledger::merkle::{self, Node};
use rusqlite::{Connection, OptionalExtension as _};

use crate::sqlite::{digest, signed};
use crate::{SqliteStore, StoreError};

impl SqliteStore {
    /// The root over the first `size` entries.
    ///
    /// # Errors
    /// More entries than there are.
    pub fn root_at(&self, size: u64) -> Result<Digest, StoreError> {
        self.require_size(size)?;
        merkle::root_at(size, |node| read_node(&self.connection, node))
    }

    /// Proves that entry `number` is among the first `size`.
    ///
    /// # Errors
    /// An entry or a size that is not there.
    pub fn inclusion_proof(&self, number: u64, size: u64) -> Result<Vec<Digest>, StoreError> {
        self.require_size(size)?;
        if number >= size {
            return Err(StoreError::NotFound(format!("entry {number} among the first {size}")));
        }
        merkle::inclusion_proof(number, size, |node| read_node(&self.connection, node))
    }

    /// Proves that the first `new_size` entries extend the first `old_size`.
    ///
    /// # Errors
    /// A size that is not there, or an old one above the new one.
    pub fn consistency_proof(
        &self,
        old_size: u64,
        new_size: u64,
    ) -> Result<Vec<Digest>, StoreError> {
        self.require_size(new_size)?;
        if old_size > new_size {
            return Err(StoreError::NotFound(format!("{old_size} among the first {new_size}")));
        }
        merkle::consistency_proof(old_size, new_size, |node| read_node(&self.connection, node))
    }

    /// Everything that a lock needs to show that the log holds entry `number` and
    /// extends what the gate `read`, at the latest signed state.
    ///
    /// # Errors
    /// An entry that is not signed yet, or a state that is not of this log.
    pub fn inclusion(&self, number: u64, read: &Checkpoint) -> Result<Inclusion, StoreError> {
        let unsigned = || StoreError::NotFound(format!("signed entry {number}"));
        let (checkpoint, note) = self.signed()?.ok_or_else(unsigned)?;
        if number >= checkpoint.size {
            return Err(unsigned());
        }
        self.require_contains(read)?;
        Ok(Inclusion {
            leaf_index: number,
            tree_size: checkpoint.size,
            hashes: self.inclusion_proof(number, checkpoint.size)?,
            consistency: self.consistency_proof(read.size, checkpoint.size)?,
            checkpoint: note.to_string(),
        })
    }

    fn require_size(&self, size: u64) -> Result<(), StoreError> {
        if size <= self.head()?.size {
            Ok(())
        } else {
            Err(StoreError::NotFound(format!("{size} entries")))
        }
    }
}

pub(crate) fn read_node(connection: &Connection, node: Node) -> Result<Digest, StoreError> {
    let position = signed(node.position())?;
    connection
        .prepare_cached("SELECT digest FROM nodes WHERE position = ?1")?
        .query_row([position], |row| digest(row, 0))
        .optional()?
        .ok_or(StoreError::Damaged { table: "nodes", row: position })
}
