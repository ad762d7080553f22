//! The shipped example, on its way to staging and production.

use std::collections::BTreeSet;

use bounden_base::{Digest, Timestamp};
use bounden_ledger::dsse::Envelope;
use bounden_ledger::lock::Body;
use bounden_ledger::statement::{Action, Approval, Decision, Nonce, Promotion, Statement};
use bounden_ledger::trust::{Person, PinnedKey};
use bounden_ledger::{
    AgentId, Checkpoint, Deployment, EnvironmentId, NoteSigner, PersonId, RoleId, SigningKey,
    TrustRoot,
};
use bounden_testkit::{read, repository};

use crate::evaluation::{Evidence, Recording};
use crate::gate::{Case, Refusal, admit};
use crate::plan::Side;
use crate::{Plan, Release};

pub(crate) const GATE: u8 = 1;
const PEOPLE: [(&str, u8, &str); 3] =
    [("ben", 2, "environment-admin"), ("sam", 3, "security"), ("kim", 4, "security")];

pub(crate) struct World {
    pub(crate) environment: EnvironmentId,
    pub(crate) action: Action,
    pub(crate) running: Option<Deployment>,
    pub(crate) origin: Option<Deployment>,
    pub(crate) ran_before: bool,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) votes: Vec<Vote>,
    pub(crate) interested: BTreeSet<PersonId>,
    /// The teams of `sam`.
    pub(crate) teams: &'static [&'static str],
    pub(crate) plan: Plan,
    pub(crate) governed: BTreeSet<String>,
    spent: BTreeSet<Digest>,
    pub(crate) release: Release,
}

/// A vote; what is absent is as it should be.
#[derive(Clone)]
pub(crate) struct Vote {
    pub(crate) person: &'static str,
    pub(crate) seed: u8,
    pub(crate) role: String,
    pub(crate) agent: &'static str,
    pub(crate) environment: &'static str,
    pub(crate) action: Action,
    pub(crate) decision: Decision,
    pub(crate) nonce: u8,
    pub(crate) body: Option<&'static str>,
    pub(crate) diff: Option<&'static str>,
    pub(crate) intent: Option<&'static str>,
    pub(crate) evidence: Option<&'static str>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl World {
    /// To staging, with the votes that it needs.
    pub(crate) fn staging() -> Self {
        Self::with(str::to_owned, "")
    }

    /// To production, with the votes that it needs.
    pub(crate) fn production() -> Self {
        Self::staging().into_production()
    }

    /// To staging, with a changed intent and one more recording.
    pub(crate) fn with(change: impl FnOnce(&str) -> String, trace: &str) -> Self {
        Self::of(shipped(change), trace, &[])
    }

    /// To staging, without some of the recordings.
    pub(crate) fn without_traces(names: &[&str]) -> Self {
        Self::of(shipped(str::to_owned), "", names)
    }

    pub(crate) fn into_production(mut self) -> Self {
        self.origin = Some(self.deployment("staging", ""));
        self.environment = EnvironmentId::new("production");
        self.votes = PEOPLE.iter().map(|(person, ..)| Vote::of(person, "production")).collect();
        self
    }

    /// Back to the release at hand, from a body that can do the same.
    pub(crate) fn roll_back(&mut self) {
        self.action = Action::Rollback;
        self.ran_before = true;
        // Nothing runs that could differ, so that the plan has no material item.
        self.plan = Plan { items: Vec::new(), material: false, ..self.plan.clone() };
        self.votes[0].action = Action::Rollback;
    }

    pub(crate) fn spend_kim(&mut self) {
        let vote = self.vote("kim").clone();
        self.spent.insert(self.sign(&vote).payload_digest());
    }

    pub(crate) fn vote(&mut self, person: &str) -> &mut Vote {
        self.votes.iter_mut().find(|vote| vote.person == person).unwrap()
    }

    /// `environment` runs a body; the release at hand, if it has no name.
    pub(crate) fn deployment(&self, environment: &str, body: &str) -> Deployment {
        let own = body.is_empty();
        Deployment {
            agent: self.release.body().agent.clone(),
            environment: EnvironmentId::new(environment),
            body: if own { self.release.digest() } else { Digest::of(body) },
            binding: Digest::of("binding"),
            epoch: 1,
            index: 0,
            held: false,
        }
    }

    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let refusals = self.admit().err().unwrap_or_default();
        refusals.iter().map(|refusal| refusal.reason.code()).collect()
    }

    pub(crate) fn admit(&self) -> Result<Promotion, Vec<Refusal>> {
        let votes = self.envelopes();
        let admission = admit(&Case {
            release: &self.release,
            environment: &self.environment,
            action: self.action,
            plan: &self.plan,
            running: self.running.as_ref(),
            origin: self.origin.as_ref(),
            ran_before: self.ran_before,
            evidence: &self.evidence,
            votes: &votes,
            spent: &self.spent,
            interested: &self.interested,
            governed: &self.governed,
            trust: &self.trust(),
            read: &Checkpoint::empty("log.example"),
            now: time("2026-03-09T23:00:00Z"),
        })?;
        let signed = admission.sign(&key(GATE)).unwrap();
        Ok(signed.statement().predicate().clone())
    }

    /// To staging, with a body that no resolver and no compiler made.
    pub(crate) fn tampered(change: impl FnOnce(&mut Body)) -> Self {
        Self::of(shipped(str::to_owned).tampered(change), "", &[])
    }

    fn of(release: Release, trace: &str, without: &[&str]) -> Self {
        let folder = repository().join("examples/support");
        let mut files: Vec<_> = std::fs::read_dir(folder.join("traces"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| !without.contains(&path.file_stem().unwrap().to_str().unwrap()))
            .map(|path| (path.display().to_string(), read(&path)))
            .collect();
        if !trace.is_empty() {
            files.push(("one-more.jsonl".to_owned(), trace.as_bytes().to_vec()));
        }
        let recordings: Vec<_> =
            files.iter().map(|(name, bytes)| Recording { name, bytes }).collect();
        let next = Side {
            body: release.body(),
            digest: release.digest(),
            bundle: release.policy().bundle(),
        };
        Self {
            environment: EnvironmentId::new("staging"),
            action: Action::Promote,
            running: None,
            origin: None,
            ran_before: false,
            evidence: vec![Evidence::of(&release, &recordings).unwrap()],
            votes: vec![Vote::of("ben", "staging")],
            interested: BTreeSet::new(),
            teams: &["risk"],
            plan: Plan::of(None, next).unwrap(),
            governed: BTreeSet::new(),
            spent: BTreeSet::new(),
            release,
        }
    }

    pub(crate) fn trust(&self) -> TrustRoot {
        let people = PEOPLE.iter().map(|(name, seed, role)| Person {
            person: PersonId::new(*name),
            roles: [RoleId::new(*role)].into(),
            teams: self.teams.iter().map(|team| (*team).into()).collect(),
            keys: vec![PinnedKey::new(key(*seed).public().clone())],
        });
        let ledger = log().verifier();
        let gate = PinnedKey::new(key(GATE).public().clone());
        TrustRoot::new(ledger, vec![gate], people.collect()).unwrap()
    }

    pub(crate) fn envelopes(&self) -> Vec<Envelope> {
        self.votes.iter().map(|vote| self.sign(vote)).collect()
    }

    fn sign(&self, vote: &Vote) -> Envelope {
        let or = |changed: Option<&str>, own: Digest| changed.map_or(own, Digest::of);
        let evidence = self.evidence.iter().map(Evidence::digest);
        let approval = Approval {
            environment: EnvironmentId::new(vote.environment),
            action: vote.action,
            decision: vote.decision,
            intent: or(vote.intent, self.release.body().intent.canonical),
            base: None,
            diff: or(vote.diff, self.plan.diff().unwrap().digest),
            evidence: evidence.map(|digest| or(vote.evidence, digest)).collect(),
            person: PersonId::new(vote.person),
            role: RoleId::new(vote.role.clone()),
            nonce: Nonce([vote.nonce; 16]),
            issued: vote.issued,
            expires: vote.expires,
        };
        let agent = AgentId::new(vote.agent);
        let body = or(vote.body, self.release.digest());
        let statement = Statement { agent, body, predicate: approval };
        statement.sign(&key(vote.seed)).unwrap().to_envelope()
    }
}

impl Vote {
    fn of(person: &str, environment: &'static str) -> Self {
        let (person, seed, role) = PEOPLE.into_iter().find(|(name, ..)| *name == person).unwrap();
        Self {
            person,
            seed,
            role: role.to_owned(),
            agent: "acme/support-desk",
            environment,
            action: Action::Promote,
            decision: Decision::Approve,
            nonce: seed,
            body: None,
            diff: None,
            intent: None,
            evidence: None,
            issued: time("2026-03-09T00:00:00Z"),
            expires: time("2026-03-16T00:00:00Z"),
        }
    }
}

/// The shipped example, with a changed intent.
fn shipped(change: impl FnOnce(&str) -> String) -> Release {
    let folder = repository().join("examples/support");
    let intent = String::from_utf8(read(folder.join("behavior.intent"))).unwrap();
    let contracts = read(folder.join("behavior.contracts.json"));
    Release::build(change(&intent).as_bytes(), &contracts, &[]).unwrap()
}

/// The ledger.
pub(crate) fn log() -> NoteSigner {
    NoteSigner::from_seed("log.example", [9; 32]).unwrap()
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_entropy([seed; 32]).unwrap()
}
