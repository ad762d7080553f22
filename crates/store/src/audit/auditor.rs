//! One pass over all tables, in the order of the log.

use std::collections::BTreeMap;

use bounden_base::Digest;
use bounden_ledger::merkle::{Frontier, leaf_digest};
use bounden_ledger::{AgentId, Checkpoint, Deployment, Entry, EnvironmentId, Note};
use rusqlite::{Row, Rows, Statement};

use super::{Audit, Finding, FindingReason};
use crate::sqlite::{signed, unsigned};
use crate::{SqliteStore, StoreError};

pub(super) struct Auditor<'a> {
    store: &'a SqliteStore,
    audit: Audit,
    tree: Frontier,
    /// What rows say that the root is at a size: their table and the root.
    claims: BTreeMap<i64, Vec<(&'static str, Digest)>>,
    /// How many entries the indexes cover.
    indexed: i64,
    running: BTreeMap<(AgentId, EnvironmentId), Deployment>,
}

/// The stored nodes, read once from the first to the last.
struct Nodes<'s> {
    rows: Rows<'s>,
    ahead: Option<(i64, Option<Digest>)>,
}

impl<'a> Auditor<'a> {
    pub(super) fn new(store: &'a SqliteStore) -> Result<Self, StoreError> {
        let indexed =
            store.connection.query_row("SELECT size FROM indexed", [], |row| row.get(0))?;
        Ok(Self {
            store,
            audit: Audit::default(),
            tree: Frontier::default(),
            claims: BTreeMap::new(),
            indexed,
            running: BTreeMap::new(),
        })
    }

    pub(super) fn run(mut self) -> Result<Audit, StoreError> {
        self.collect_claims()?;
        self.entries()?;
        self.unreached_claims();
        self.deployments();
        self.counts()?;
        self.blobs()?;
        Ok(self.audit)
    }

    fn find(&mut self, table: &'static str, row: i64, reason: FindingReason) {
        self.audit.findings.push(Finding { table, row, reason });
    }

    fn claim(&mut self, table: &'static str, size: i64, root: Digest) {
        self.claims.entry(size).or_default().push((table, root));
    }

    /// What the head, the anchors and the signed checkpoints say.
    fn collect_claims(&mut self) -> Result<(), StoreError> {
        let connection = &self.store.connection;
        for (table, sql) in
            [("head", "SELECT size, root FROM head"), ("anchors", "SELECT size, root FROM anchors")]
        {
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                match row.get(1) {
                    Ok(root) => self.claim(table, row.get(0)?, Digest::from_bytes(root)),
                    Err(_) => self.find(table, row.get(0)?, FindingReason::Root),
                }
            }
        }
        let verifier = self.store.verifier.to_string();
        if !connection.prepare("SELECT 1 FROM log WHERE verifier = ?1")?.exists([verifier])? {
            self.find("log", 1, FindingReason::Derived);
        }
        let mut statement = connection.prepare("SELECT size, note FROM checkpoints")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let size: i64 = row.get(0)?;
            match self.checkpoint(bytes(row, 1)?.unwrap_or_default()) {
                Some(checkpoint) if signed(checkpoint.size).is_ok_and(|known| known == size) => {
                    self.audit.signed = self.audit.signed.max(checkpoint.size);
                    self.claim("checkpoints", size, checkpoint.root);
                }
                _ => self.find("checkpoints", size, FindingReason::Signature),
            }
        }
        Ok(())
    }

    fn checkpoint(&self, note: &[u8]) -> Option<Checkpoint> {
        let note: Note = std::str::from_utf8(note).ok()?.parse().ok()?;
        // The store adds no other signature, and one that cannot be verified could change.
        let alone = note.signature_count() == 1;
        alone.then(|| Checkpoint::open(&note, &self.store.verifier).ok()).flatten()
    }

    /// Hashes and replays every entry in order.
    fn entries(&mut self) -> Result<(), StoreError> {
        let connection = &self.store.connection;
        let mut statement = connection.prepare(
            "SELECT number, kind, agent, environment, leaf, payload
             FROM entries LEFT JOIN payloads USING (number) ORDER BY number",
        )?;
        let mut nodes =
            connection.prepare("SELECT position, digest FROM nodes ORDER BY position")?;
        let mut nodes = Nodes { rows: nodes.query([])?, ahead: None };
        let mut indexes = [
            connection.prepare(
                "SELECT 1 FROM entries_by_agent WHERE agent = ?1 AND kind = ?2 AND number = ?3",
            )?,
            connection
                .prepare("SELECT 1 FROM entries_by_payload WHERE digest = ?1 AND number = ?2")?,
        ];
        self.check_claims(0);
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let expected = signed(self.tree.size())?;
            if number != expected {
                self.find("entries", expected, FindingReason::Missing);
                break;
            }
            self.leaf(number, bytes(row, 4)?.unwrap_or_default(), &mut nodes)?;
            self.payload(number, row, &mut indexes)?;
            self.check_claims(number + 1);
        }
        self.audit.entries = self.tree.size();
        Ok(())
    }

    /// The leaf has the digest that the tree holds, and the tree above it is right.
    fn leaf(&mut self, number: i64, leaf: &[u8], nodes: &mut Nodes<'_>) -> Result<(), StoreError> {
        let position = signed(self.tree.next_position())?;
        let recorded = nodes.at(position)?;
        let actual = leaf_digest(leaf);
        if recorded != Some(actual) {
            self.find("entries", number, FindingReason::Leaf);
        }
        // The tree goes on from what it holds, so that one changed leaf is one finding.
        let mut completed = Vec::new();
        self.tree.push(recorded.unwrap_or(actual), &mut completed);
        for (position, digest) in (position..).zip(completed).skip(1) {
            if nodes.at(position)? != Some(digest) {
                self.find("nodes", position, FindingReason::Node);
            }
        }
        Ok(())
    }

    /// The payload is under the leaf, the columns say what it says, it follows
    /// from what ran before, and the indexes know it.
    fn payload(
        &mut self,
        number: i64,
        row: &Row<'_>,
        [by_agent, by_payload]: &mut [Statement<'_>; 2],
    ) -> Result<(), StoreError> {
        let column = |column| bytes(row, column).map(|bytes| bytes.unwrap_or_default().to_vec());
        let Ok(entry) = Entry::restore(column(4)?, column(5)?) else {
            self.find("payloads", number, FindingReason::Payload);
            return Ok(());
        };
        let header = entry.header();
        let environment = header.environment.as_ref().map(EnvironmentId::as_str);
        let says = |column, text: Option<&str>| {
            bytes(row, column).map(|bytes| bytes == text.map(str::as_bytes))
        };
        let same = says(1, Some(&header.predicate_type))?
            && says(2, Some(header.agent.as_str()))?
            && says(3, environment)?;
        if !same {
            self.find("entries", number, FindingReason::Header);
        }
        if number < self.indexed {
            let (agent, kind) = (header.agent.as_str(), header.predicate_type.as_str());
            if !by_agent.exists((agent, kind, number))? {
                self.find("entries_by_agent", number, FindingReason::Missing);
            }
            if !by_payload.exists((Digest::of(entry.payload()).as_bytes(), number))? {
                self.find("entries_by_payload", number, FindingReason::Missing);
            }
        }
        self.replay(number, &entry)
    }

    fn replay(&mut self, number: i64, entry: &Entry) -> Result<(), StoreError> {
        let header = entry.header();
        let Some(environment) = header.environment.clone() else { return Ok(()) };
        if !Deployment::is_changed_by(entry) {
            return Ok(());
        }
        let key = (header.agent.clone(), environment);
        let before = self.running.get(&key).cloned();
        match Deployment::after(before, unsigned(number)?, entry) {
            Ok(after) => self.running.extend(after.map(|after| (key, after))),
            Err(_) => self.find("entries", number, FindingReason::State),
        }
        Ok(())
    }

    /// Whatever was claimed about the tree at its present size.
    fn check_claims(&mut self, size: i64) {
        let claims = self.claims.remove(&size).unwrap_or_default();
        let root = if claims.is_empty() { return } else { self.tree.root() };
        for (table, _) in claims.into_iter().filter(|(_, claimed)| *claimed != root) {
            self.find(table, size, FindingReason::Root);
        }
    }

    /// Claims about trees that the entries never reached, and a head behind them.
    fn unreached_claims(&mut self) {
        for (size, claims) in std::mem::take(&mut self.claims) {
            for (table, _) in claims {
                self.find(table, size, FindingReason::Missing);
            }
        }
        if self.store.head().is_ok_and(|head| head.size != self.tree.size()) {
            self.find("head", 1, FindingReason::Derived);
        }
    }

    /// What runs is what the entries say.
    fn deployments(&mut self) {
        let expected: Vec<_> = std::mem::take(&mut self.running).into_values().collect();
        let Ok(stored) = self.store.deployments() else {
            return self.find("deployments", 0, FindingReason::Derived);
        };
        for (row, at) in (0..).zip(0..stored.len().max(expected.len())) {
            if stored.get(at) != expected.get(at) {
                self.find("deployments", row, FindingReason::Derived);
            }
        }
    }

    /// No table has rows that no entry accounts for.
    fn counts(&mut self) -> Result<(), StoreError> {
        let entries = signed(self.tree.size())?;
        let indexed = self.indexed;
        for (table, expected) in [
            ("payloads", entries),
            ("nodes", signed(self.tree.next_position())?),
            ("entries_by_agent", indexed),
            ("entries_by_payload", indexed),
        ] {
            let sql = format!("SELECT count(*) FROM {table}");
            let found: i64 = self.store.connection.query_row(&sql, [], |row| row.get(0))?;
            if found > expected {
                self.find(table, expected, FindingReason::Surplus);
            }
        }
        if !(0..=entries).contains(&indexed) {
            self.find("indexed", 1, FindingReason::Derived);
        }
        Ok(())
    }

    fn blobs(&mut self) -> Result<(), StoreError> {
        let mut statement =
            self.store.connection.prepare("SELECT rowid, digest, bytes FROM blobs")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            self.audit.blobs += 1;
            let digest = Digest::of(bytes(row, 2)?.unwrap_or_default());
            if bytes(row, 1)? != Some(digest.as_bytes()) {
                self.find("blobs", row.get(0)?, FindingReason::Blob);
            }
        }
        Ok(())
    }
}

impl Nodes<'_> {
    /// The digest at `position`, if there is a row with one; positions only grow.
    fn at(&mut self, position: i64) -> Result<Option<Digest>, StoreError> {
        while self.ahead.is_none_or(|(found, _)| found < position) {
            let Some(row) = self.rows.next()? else { return Ok(None) };
            self.ahead = Some((row.get(0)?, row.get(1).ok().map(Digest::from_bytes)));
        }
        Ok(self.ahead.filter(|(found, _)| *found == position).and_then(|(_, digest)| digest))
    }
}

/// The bytes of a text or blob, whatever they are.
fn bytes<'r>(row: &'r Row<'_>, column: usize) -> Result<Option<&'r [u8]>, StoreError> {
    Ok(row.get_ref(column)?.as_bytes_or_null().unwrap_or_default())
}
