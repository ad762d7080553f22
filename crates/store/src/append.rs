//! Appending: compare-and-set on the head; record, then sign exactly what is recorded.

use bounden_ledger::merkle::Frontier;
use bounden_ledger::statement::{Predicate as _, Promotion, Statement};
use bounden_ledger::{Checkpoint, Deployment, Entry, EnvironmentId, Note, NoteSigner};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::find::{deployment, put_deployment};
use crate::prove::read_node;
use crate::sqlite::signed;
use crate::{SqliteStore, StoreError};

/// What was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The number of the first of the entries.
    pub first: u64,
    /// The signed checkpoint that contains them all.
    pub checkpoint: Note,
}

impl SqliteStore {
    /// Appends `entries` if the log still is at `expected`, and signs the result.
    ///
    /// When this returns, the entries survive a crash. When it fails after the
    /// entries were recorded, [`SqliteStore::publish`] signs them later.
    ///
    /// # Errors
    /// A log that has moved on, a promotion that does not follow from what runs,
    /// a log that is behind what is known outside, a disk that refuses.
    pub fn append(
        &mut self,
        expected: &Checkpoint,
        entries: &[Entry],
        signer: &NoteSigner,
    ) -> Result<Appended, StoreError> {
        self.require_signer(signer)?;
        self.record(expected, entries)?;
        Ok(Appended { first: expected.size, checkpoint: self.publish(signer)? })
    }

    /// Signs what is recorded, unless it is signed already.
    ///
    /// # Errors
    /// A log that does not contain what was signed or anchored before.
    pub fn publish(&mut self, signer: &NoteSigner) -> Result<Note, StoreError> {
        self.require_signer(signer)?;
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let head = self.head()?;
        if let Some((last, note)) = self.signed()? {
            self.require_contains(&last)?;
            if last == head {
                return Ok(note);
            }
        }
        if let Some(anchor) = self.largest_anchor()? {
            self.require_contains(&anchor)?;
        }
        // A root that the nodes do not lead to is not ours to sign.
        self.require_contains(&head)?;
        let note = head.sign(signer).map_err(|_| self.another_log(signer))?;
        transaction.execute(
            "INSERT INTO checkpoints (size, note) VALUES (?1, ?2)",
            params![signed(head.size)?, note.to_string()],
        )?;
        transaction.commit()?;
        Ok(note)
    }

    /// Records entries durably without signing them.
    pub(crate) fn record(
        &mut self,
        expected: &Checkpoint,
        entries: &[Entry],
    ) -> Result<(), StoreError> {
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let head = self.head()?;
        if head != *expected {
            return Err(StoreError::HeadMoved(head));
        }
        let mut frontier = Frontier::load(head.size, |node| read_node(&transaction, node))?;
        if frontier.root() != head.root {
            return Err(StoreError::Damaged { table: "head", row: 1 });
        }
        for entry in entries {
            self.follow_state(frontier.size(), entry)?;
            insert(&transaction, &mut frontier, entry)?;
        }
        transaction.execute(
            "UPDATE head SET size = ?1, root = ?2",
            params![signed(frontier.size())?, frontier.root().as_bytes()],
        )?;
        Ok(transaction.commit()?)
    }

    /// Refuses a promotion that does not follow from what runs, and notes what runs now.
    fn follow_state(&self, number: u64, entry: &Entry) -> Result<(), StoreError> {
        let Some(environment) = &entry.header().environment else { return Ok(()) };
        if !Deployment::is_changed_by(entry) {
            return Ok(());
        }
        let refuse = |error| StoreError::State { number, error };
        if entry.header().predicate_type == Promotion::TYPE {
            let promotion = Statement::<Promotion>::read(entry.payload())
                .map_err(|error| refuse(error.into()))?;
            self.require_contains(&promotion.predicate.read_checkpoint)
                .map_err(|_| StoreError::ForeignCheckpoint(number))?;
        }
        let before = deployment(&self.connection, &entry.header().agent, environment)?;
        match Deployment::after(before, number, entry).map_err(refuse)? {
            Some(after) => put_deployment(&self.connection, &after),
            None => Ok(()),
        }
    }

    fn require_signer(&self, signer: &NoteSigner) -> Result<(), StoreError> {
        let own = signer.verifier() == self.verifier;
        if own { Ok(()) } else { Err(self.another_log(signer)) }
    }

    fn another_log(&self, signer: &NoteSigner) -> StoreError {
        let found = signer.verifier().to_string();
        StoreError::AnotherLog { found, expected: self.verifier.to_string() }
    }
}

fn insert(
    connection: &Connection,
    frontier: &mut Frontier,
    entry: &Entry,
) -> Result<(), StoreError> {
    let number = signed(frontier.size())?;
    let header = entry.header();
    let sql =
        "INSERT INTO entries (number, kind, agent, environment, leaf) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![
        number,
        header.predicate_type,
        header.agent.as_str(),
        header.environment.as_ref().map(EnvironmentId::as_str),
        entry.leaf()
    ])?;
    connection
        .prepare_cached("INSERT INTO payloads (number, payload) VALUES (?1, ?2)")?
        .execute(params![number, entry.payload()])?;
    let first = signed(frontier.next_position())?;
    let mut completed = Vec::with_capacity(2);
    frontier.push(entry.leaf_digest(), &mut completed);
    let mut insert =
        connection.prepare_cached("INSERT INTO nodes (position, digest) VALUES (?1, ?2)")?;
    for (position, node) in (first..).zip(completed) {
        insert.execute(params![position, node.as_bytes()])?;
    }
    Ok(())
}
