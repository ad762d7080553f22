//! Finding entries by number, by payload digest and by agent, and what runs where.

use bounden_base::Digest;
use bounden_ledger::statement::{Predicate, Promotion, Statement};
use bounden_ledger::{AgentId, Deployment, Entry, EnvironmentId};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use crate::sqlite::{digest, signed, unsigned};
use crate::{SqliteStore, StoreError};

/// A statement and its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<P> {
    /// The number of the entry, from 0.
    pub number: u64,
    /// The payload digest, by which other statements cite it.
    pub digest: Digest,
    /// What is stated.
    pub statement: Statement<P>,
}

impl SqliteStore {
    /// Entry `number`.
    ///
    /// # Errors
    /// No such entry, or one that is not what was recorded.
    pub fn entry(&self, number: u64) -> Result<Entry, StoreError> {
        let row = signed(number)?;
        let sql =
            "SELECT leaf, payload FROM entries JOIN payloads USING (number) WHERE number = ?1";
        let (leaf, payload) = self
            .connection
            .prepare_cached(sql)?
            .query_row([row], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or_else(|| StoreError::NotFound(format!("entry {number}")))?;
        let damaged = StoreError::Damaged { table: "entries", row };
        Entry::restore(leaf, payload).map_err(|_| damaged)
    }

    /// The number of the first entry whose payload has this digest.
    ///
    /// # Errors
    /// A damaged database.
    pub fn find(&self, payload: &Digest) -> Result<Option<u64>, StoreError> {
        self.bring_indexes_up_to_date()?;
        let sql = "SELECT min(number) FROM entries_by_payload WHERE digest = ?1";
        let number: Option<i64> = self
            .connection
            .prepare_cached(sql)?
            .query_row([payload.as_bytes()], |row| row.get(0))?;
        number.map(unsigned).transpose()
    }

    /// All statements of one kind about an agent, in the order of the log.
    ///
    /// # Errors
    /// A damaged database.
    pub fn statements<P: Predicate>(
        &self,
        agent: &AgentId,
    ) -> Result<Vec<Recorded<P>>, StoreError> {
        self.bring_indexes_up_to_date()?;
        let sql =
            "SELECT number FROM entries_by_agent WHERE agent = ?1 AND kind = ?2 ORDER BY number";
        let mut statement = self.connection.prepare_cached(sql)?;
        let numbers = statement.query_map([agent.as_str(), P::TYPE], |row| row.get(0))?;
        numbers.map(|number| self.recorded(number?)).collect()
    }

    /// All promotions of an agent in an environment, in the order of the log.
    ///
    /// # Errors
    /// A damaged database.
    pub fn history(
        &self,
        agent: &AgentId,
        environment: &EnvironmentId,
    ) -> Result<Vec<Recorded<Promotion>>, StoreError> {
        let mut promotions = self.statements::<Promotion>(agent)?;
        promotions.retain(|found| found.statement.predicate.environment == *environment);
        Ok(promotions)
    }

    /// What runs of an agent in an environment.
    ///
    /// # Errors
    /// A damaged database.
    pub fn deployment(
        &self,
        agent: &AgentId,
        environment: &EnvironmentId,
    ) -> Result<Option<Deployment>, StoreError> {
        deployment(&self.connection, agent, environment)
    }

    /// Everything that runs, ordered by agent and environment.
    ///
    /// # Errors
    /// A damaged database.
    pub fn deployments(&self) -> Result<Vec<Deployment>, StoreError> {
        let sql = format!("{SELECT_DEPLOYMENT} ORDER BY agent, environment");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([], read_deployment)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn recorded<P: Predicate>(&self, row: i64) -> Result<Recorded<P>, StoreError> {
        let number = unsigned(row)?;
        let entry = self.entry(number)?;
        let statement = Statement::read(entry.payload())
            .map_err(|_| StoreError::Damaged { table: "entries", row })?;
        Ok(Recorded { number, digest: Digest::of(entry.payload()), statement })
    }

    /// Indexes what was appended since somebody last looked, so that appending
    /// itself never writes to a random place.
    fn bring_indexes_up_to_date(&self) -> Result<(), StoreError> {
        let sql = "SELECT indexed.size, head.size FROM indexed, head";
        let mut sizes = self.connection.prepare_cached(sql)?;
        let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        if sizes.query_row([], read).map(|(indexed, size)| indexed == size)? {
            return Ok(());
        }
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let (indexed, size) = sizes.query_row([], read)?;
        transaction.execute(
            "INSERT INTO entries_by_agent (agent, kind, number)
             SELECT agent, kind, number FROM entries WHERE number >= ?1",
            [indexed],
        )?;
        index_payloads(&transaction, indexed)?;
        transaction.execute("UPDATE indexed SET size = ?1", [size])?;
        Ok(transaction.commit()?)
    }
}

fn index_payloads(connection: &Connection, from: i64) -> Result<(), StoreError> {
    let mut payloads =
        connection.prepare_cached("SELECT number, payload FROM payloads WHERE number >= ?1")?;
    let mut insert = connection
        .prepare_cached("INSERT INTO entries_by_payload (digest, number) VALUES (?1, ?2)")?;
    let mut rows = payloads.query([from])?;
    while let Some(row) = rows.next()? {
        let digest = Digest::of(row.get_ref(1)?.as_blob().unwrap_or_default());
        insert.execute(params![digest.as_bytes(), row.get::<_, i64>(0)?])?;
    }
    Ok(())
}

const SELECT_DEPLOYMENT: &str =
    "SELECT agent, environment, body, binding, epoch, number, held FROM deployments";

pub(crate) fn deployment(
    connection: &Connection,
    agent: &AgentId,
    environment: &EnvironmentId,
) -> Result<Option<Deployment>, StoreError> {
    let sql = format!("{SELECT_DEPLOYMENT} WHERE agent = ?1 AND environment = ?2");
    let found = connection
        .prepare_cached(&sql)?
        .query_row([agent.as_str(), environment.as_str()], read_deployment)
        .optional()?;
    Ok(found)
}

pub(crate) fn put_deployment(
    connection: &Connection,
    deployment: &Deployment,
) -> Result<(), StoreError> {
    let Deployment { agent, environment, body, binding, epoch, index, held } = deployment;
    let sql = "INSERT OR REPLACE INTO deployments
         (agent, environment, body, binding, epoch, number, held) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.prepare_cached(sql)?.execute(params![
        agent.as_str(),
        environment.as_str(),
        body.as_bytes(),
        binding.as_bytes(),
        signed(*epoch)?,
        signed(*index)?,
        held
    ])?;
    Ok(())
}

fn read_deployment(row: &Row<'_>) -> rusqlite::Result<Deployment> {
    let count = |column| {
        let number: i64 = row.get(column)?;
        u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
    };
    Ok(Deployment {
        agent: AgentId::new(row.get::<_, String>(0)?),
        environment: EnvironmentId::new(row.get::<_, String>(1)?),
        body: digest(row, 2)?,
        binding: digest(row, 3)?,
        epoch: count(4)?,
        index: count(5)?,
        held: row.get(6)?,
    })
}
