//! What the ledger says about one agent, read as of one checkpoint.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Digest, Json, json};
use bounden_ledger::dsse::Envelope;
use bounden_ledger::lock::{Binding, Body, Lock};
use bounden_ledger::statement::{Approval, Promotion};
use bounden_ledger::{AgentId, Checkpoint, Deployment, EnvironmentId};
use bounden_lifecycle::plan::Side;
use bounden_policy::Bundle;
use bounden_store::{Recorded, SqliteStore, StoreError};

use crate::exit::Failure;
use crate::folder::Sources;
use crate::state::inside;

/// What the ledger says about one agent.
pub(crate) struct View {
    /// The state that all this was read from, or an earlier one.
    pub(crate) head: Checkpoint,
    pub(crate) running: BTreeMap<EnvironmentId, Deployment>,
    /// Oldest first.
    pub(crate) promotions: Vec<Recorded<Promotion>>,
    /// Every vote, oldest first.
    pub(crate) votes: Vec<Envelope>,
}

/// A body that ran, with the policy that it names.
pub(crate) struct Past {
    digest: Digest,
    body: Body,
    bundle: Bundle,
}

impl View {
    /// Reads what the ledger holds. Whatever is appended meanwhile makes the
    /// next append refuse the head that was read first.
    pub(crate) fn read(ledger: &SqliteStore, agent: &AgentId) -> Result<Self, Failure> {
        let head = ledger.head().map_err(inside)?;
        let running = ledger.deployments().map_err(inside)?;
        let votes = ledger.statements::<Approval>(agent).map_err(inside)?;
        let envelope = |vote: &Recorded<Approval>| envelope_of(ledger, vote.number);
        Ok(Self {
            head,
            running: running
                .into_iter()
                .filter(|running| running.agent == *agent)
                .map(|running| (running.environment.clone(), running))
                .collect(),
            promotions: ledger.statements::<Promotion>(agent).map_err(inside)?,
            votes: votes.iter().map(envelope).collect::<Result<_, _>>()?,
        })
    }

    /// Approvals that a promotion has counted.
    pub(crate) fn spent(&self) -> BTreeSet<Digest> {
        let cited = self.promotions.iter().map(|found| &found.statement.predicate.approvals);
        cited.flatten().copied().collect()
    }

    /// Whether the body ran in the environment before.
    pub(crate) fn ran_in(&self, environment: &EnvironmentId, body: Digest) -> bool {
        self.promotions.iter().any(|found| {
            found.statement.body == body && found.statement.predicate.environment == *environment
        })
    }

    /// The organisations under whose policies what runs in the environment was admitted.
    pub(crate) fn governed(
        &self,
        ledger: &SqliteStore,
        environment: &EnvironmentId,
    ) -> Result<BTreeSet<String>, Failure> {
        let mut last = self.promotions.iter().map(|found| &found.statement.predicate);
        let Some(last) = last.rfind(|found| found.environment == *environment) else {
            return Ok(BTreeSet::new());
        };
        let plan = Json::parse(&blob(ledger, last.diff.digest)?).map_err(inside)?;
        let judgements = plan.get("organisation").and_then(Json::as_array).unwrap_or_default();
        let name = |judgement: &Json| judgement.get("organisation")?.as_str().map(str::to_owned);
        Ok(judgements.iter().filter_map(name).collect())
    }

    /// The body that was promoted last, wherever.
    pub(crate) fn latest_body(&self) -> Option<Digest> {
        self.promotions.last().map(|found| found.statement.body)
    }

    /// The lock of a body, put together from the ledger alone.
    pub(crate) fn lock_of(&self, ledger: &SqliteStore, body: Digest) -> Result<Lock, Failure> {
        let past = Past::read(ledger, body)?;
        let mut lock = Lock::new(past.body).map_err(inside)?;
        for found in self.promotions.iter().filter(|found| found.statement.body == body) {
            lock = lock.bound(binding(ledger, found)?);
        }
        Ok(lock)
    }
}

impl Past {
    /// A body and its bundle, as the promoter kept them.
    pub(crate) fn read(ledger: &SqliteStore, digest: Digest) -> Result<Self, Failure> {
        let body: Body = json::from_slice(&blob(ledger, digest)?).map_err(inside)?;
        let bundle = json::from_slice(&blob(ledger, body.policy.digest)?).map_err(inside)?;
        Ok(Self { digest, body, bundle })
    }

    pub(crate) fn side(&self) -> Side<'_> {
        Side { body: &self.body, digest: self.digest, bundle: &self.bundle }
    }

    pub(crate) fn version(&self) -> &str {
        &self.body.version
    }

    /// Everything that the body was built from.
    pub(crate) fn sources(&self, ledger: &SqliteStore) -> Result<Sources, Failure> {
        let is_file = |kind: &str| !matches!(kind, "server" | "model");
        let files = self.body.components.iter().filter(|part| is_file(&part.kind));
        let parts = files.map(|part| {
            let key = (part.kind.clone(), part.name.clone());
            Ok((key, blob(ledger, part.identity)?))
        });
        Ok(Sources {
            intent: blob(ledger, self.body.intent.raw)?,
            contracts: blob(ledger, self.body.contracts)?,
            parts: parts.collect::<Result<_, Failure>>()?,
        })
    }
}

fn blob(ledger: &SqliteStore, digest: Digest) -> Result<Vec<u8>, Failure> {
    let missing = || StoreError::NotFound(format!("bytes with the digest {digest}"));
    let found = ledger.blob(&digest).map_err(inside)?;
    found.ok_or_else(missing).map_err(inside)
}

fn envelope_of(ledger: &SqliteStore, number: u64) -> Result<Envelope, Failure> {
    let entry = ledger.entry(number).map_err(inside)?;
    let envelope = entry.to_envelope().map_err(|error| {
        Failure::unavailable(format!("entry {number}: {error}; run `bounden ledger audit`"))
    })?;
    Ok(envelope.envelope().clone())
}

fn binding(ledger: &SqliteStore, found: &Recorded<Promotion>) -> Result<Binding, Failure> {
    let promotion = &found.statement.predicate;
    let approvals = promotion.approvals.iter().map(|digest| {
        let number = ledger.find(digest).map_err(inside)?;
        let missing = || inside(format!("the ledger has no approval {digest}"));
        envelope_of(ledger, number.ok_or_else(missing)?)
    });
    Ok(Binding {
        environment: promotion.environment.clone(),
        promotion: envelope_of(ledger, found.number)?,
        approvals: approvals.collect::<Result<_, Failure>>()?,
        inclusion: ledger.inclusion(found.number, &promotion.read_checkpoint).map_err(inside)?,
    })
}
