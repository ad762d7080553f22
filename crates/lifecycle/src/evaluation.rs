//! Evidence: what a set of recorded runs shows about one lock body. It follows
//! from body and runs alone, so that anyone who has both gets the same bytes.

mod judge;

use std::collections::BTreeMap;

use bounden_base::{Digest, Timestamp};
use bounden_ledger::statement::{Predicate, Statement, StatementError};
use bounden_policy::{CriterionId, RuleId};
use serde::{Deserialize, Serialize};

/// What a set of recorded runs shows about a lock body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Evaluation {
    /// The canonical digest of the intent.
    pub intent: Digest,
    /// The digest of the policy that judged.
    pub policy: Digest,
    /// The runs.
    pub runs: RunSet,
    /// What became of each success criterion.
    pub criteria: BTreeMap<CriterionId, Outcomes>,
    /// What became of each invariant that the guard enforces.
    pub invariants: BTreeMap<RuleId, Stand>,
    /// What became of requests for what the scope excludes.
    pub exclusions: BTreeMap<String, Stand>,
    /// Calls beyond what any rule allows that happened all the same.
    pub boundary_violations: u64,
    /// Name and version of the evaluator.
    pub evaluator: String,
}

/// A file of recorded runs.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// Its name, by which findings refer to it.
    pub name: &'a str,
    /// Its content, in any format that is recognised.
    pub bytes: &'a [u8],
}

/// Which runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSet {
    /// The digest over names and digests of all files.
    pub digest: Digest,
    /// How many runs they hold.
    pub count: u64,
    /// Records that could not be read as part of a run.
    pub unreadable: u64,
    /// When the oldest run began; none where a run has no time.
    pub since: Option<Timestamp>,
}

/// The outcomes of one criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// Runs that pass.
    pub pass: u64,
    /// Runs that fail.
    pub fail: u64,
    /// Runs whose recording does not tell; these never pass.
    pub undecidable: u64,
}

/// How often something was attacked, and how often it gave way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stand {
    /// Runs in which something was tried against it.
    pub attacks: u64,
    /// Runs in which that succeeded.
    pub violations: u64,
    /// Runs that do not tell.
    pub undecided: u64,
}

/// An evaluation with the digest by which promotions and approvals cite it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    digest: Digest,
    statement: Statement<Evaluation>,
    text: String,
}

impl Predicate for Evaluation {
    const TYPE: &'static str = "https://github.com/bounden/bounden/statement/evaluation/v1";
}

impl Outcomes {
    /// Runs to which the criterion applies.
    #[must_use]
    pub fn applicable(self) -> u64 {
        self.pass + self.fail + self.undecidable
    }
}

impl Evidence {
    /// Evidence about a body.
    ///
    /// # Errors
    /// None in practice: an evaluation has a canonical form.
    pub fn new(statement: Statement<Evaluation>) -> Result<Self, StatementError> {
        let text = statement.to_payload()?;
        Ok(Self { digest: Digest::of(&text), statement, text })
    }

    /// Reads evidence that was stored.
    ///
    /// # Errors
    /// Another document, or another spelling of it.
    pub fn read(bytes: &[u8]) -> Result<Self, StatementError> {
        Self::new(Statement::read(bytes)?)
    }

    /// The digest of the document.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The agent, the body and what the runs show about it.
    #[must_use]
    pub fn statement(&self) -> &Statement<Evaluation> {
        &self.statement
    }

    /// The document: an in-toto statement in canonical JSON.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
