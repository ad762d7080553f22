//! A small world in which a lock is made: one gate, two people, one ledger.

use bounden_base::{Digest, Json, Timestamp};

use crate::dsse::Envelope;
use crate::lock::{
    Assurance, Binding, Body, Component, Inclusion, IntentIdentity, Lock, PolicyIdentity,
    VerifiedLock, VerifyError, verify_lock,
};
use crate::merkle::Tree;
use crate::statement::{Action, Approval, Decision, Diff, DiffClass, Nonce, Promotion, Statement};
use crate::trust::{Person, PinnedKey};
use crate::{
    AgentId, Checkpoint, Entry, EnvironmentId, NoteSigner, PersonId, RoleId, SigningKey, TrustRoot,
};

pub(super) const GATE: u8 = 1;
const ANA: u8 = 2;
pub(super) const ANA_SECOND_KEY: u8 = 3;
const BEN: u8 = 4;
const LOG: u8 = 5;
const ORIGIN: &str = "log.example";

/// What goes into the next binding, and whom the verifier trusts.
pub(super) struct World {
    pub(super) now: Timestamp,
    pub(super) agent: &'static str,
    pub(super) gate_trusted: bool,
    pub(super) gate_until: Option<Timestamp>,
    pub(super) ana_from: Option<Timestamp>,
    pub(super) ana_until: Option<Timestamp>,
    pub(super) log_seed: u8,
    pub(super) gate_signs_approval: bool,
    pub(super) votes: Vec<Vote>,
    pub(super) promotion: Promotion,
    log: Tree,
    past: Vec<Binding>,
}

#[derive(Clone)]
pub(super) struct Vote {
    pub(super) seed: u8,
    pub(super) agent: &'static str,
    pub(super) body: Option<Digest>,
    pub(super) approval: Approval,
}

pub(super) fn environment(name: &str) -> EnvironmentId {
    EnvironmentId::new(name)
}

pub(super) fn body() -> Body {
    let component = |kind: &str, name: &str| Component {
        kind: kind.to_owned(),
        name: name.to_owned(),
        identity: Digest::of(name),
        assurance: Assurance::C,
        version: Some("1.2.3".to_owned()),
        contract: None,
        access: vec!["read".to_owned()],
        not_after: Some(time("2027-01-01T00:00:00Z")),
        resolver: None,
    };
    Body {
        agent: AgentId::new("acme/support"),
        version: "3.2.0".to_owned(),
        intent: IntentIdentity {
            raw: Digest::of("raw"),
            canonical: Digest::of("canonical"),
            schema: "behavior.intent/v1".to_owned(),
        },
        policy: PolicyIdentity { digest: Digest::of("policy"), semantics: 1 },
        contracts: Digest::of("contracts"),
        surface: Json::parse(r#"{"tools":["billing.get_order"],"limit":0.25}"#.as_bytes()).unwrap(),
        components: vec![component("file", "prompts/system.md"), component("server", "billing")],
    }
}

impl World {
    /// A world in which staging comes next, which needs no votes.
    pub(super) fn before_staging() -> Self {
        Self {
            now: time("2026-01-03T00:00:00Z"),
            agent: "acme/support",
            gate_trusted: true,
            gate_until: None,
            ana_from: None,
            ana_until: None,
            log_seed: LOG,
            gate_signs_approval: false,
            votes: vec![],
            promotion: promotion("staging", Checkpoint::empty(ORIGIN)),
            log: ["an earlier", "history"].iter().map(Digest::of).collect(),
            past: vec![],
        }
    }

    /// A world in which production comes next, carried forward from staging.
    pub(super) fn new() -> Self {
        let vote = |seed, person: &str, role: &str| Vote {
            seed,
            agent: "acme/support",
            body: None,
            approval: approval(seed, person, role),
        };
        let mut world = Self::before_staging();
        world.pass();
        let read = world.promotion.read_checkpoint.clone();
        world.promotion = promotion("production", read);
        world.promotion.carried_from = Some(environment("staging"));
        world.votes = vec![vote(ANA, "ana", "security"), vote(BEN, "ben", "owner")];
        world
    }

    /// Appends the next binding; the same promotion, as the next epoch, comes after it.
    pub(super) fn pass(&mut self) {
        let (binding, log) = self.bind();
        self.log = log;
        self.promotion.epoch += 1;
        self.promotion.previous = Some(binding.promotion.payload_digest());
        self.promotion.read_checkpoint =
            Checkpoint { origin: ORIGIN.into(), size: self.log.size(), root: self.log.root() };
        self.past.push(binding);
    }

    /// Makes the lock and verifies it.
    pub(super) fn verify(&self) -> Result<VerifiedLock, VerifyError> {
        self.verify_lock(&self.lock())
    }

    pub(super) fn verify_lock(&self, lock: &Lock) -> Result<VerifiedLock, VerifyError> {
        verify_lock(lock.render().unwrap().as_bytes(), &self.trust(), &[], self.now)
    }

    pub(super) fn lock(&self) -> Lock {
        let bindings = self.past.iter().cloned().chain([self.bind().0]);
        bindings.fold(Lock::new(body()).unwrap(), Lock::bound)
    }

    pub(super) fn trust(&self) -> TrustRoot {
        let pinned =
            |seed, until| PinnedKey { until, ..PinnedKey::new(key(seed).public().clone()) };
        let person = |name: &str, role: &str, keys| Person {
            person: PersonId::new(name),
            roles: [RoleId::new(role)].into(),
            teams: [].into(),
            keys,
        };
        let early = |until: Option<Timestamp>| until.map(|_| time("2026-01-02T06:00:00Z"));
        let gate = if self.gate_trusted { GATE } else { 66 };
        let first = PinnedKey { from: self.ana_from, ..pinned(ANA, early(self.ana_until)) };
        let ana = vec![first, pinned(ANA_SECOND_KEY, None)];
        let people =
            vec![person("ana", "security", ana), person("ben", "owner", vec![pinned(BEN, None)])];
        let log = NoteSigner::from_seed(ORIGIN, [LOG; 32]).unwrap().verifier();
        TrustRoot::new(log, vec![pinned(gate, early(self.gate_until))], people).unwrap()
    }

    /// Signs the votes and the promotion and appends it to the ledger.
    fn bind(&self) -> (Binding, Tree) {
        let votes: Vec<_> = self.votes.iter().map(Vote::sign).collect();
        let digests = votes.iter().map(Envelope::payload_digest).collect();
        let promotion = Promotion { approvals: digests, ..self.promotion.clone() };
        let agent = AgentId::new(self.agent);
        let digest = Lock::new(body()).unwrap().body_digest();
        let signed = Statement { agent: agent.clone(), body: digest, predicate: promotion }
            .sign(&key(GATE))
            .unwrap();
        let mut log = self.log.clone();
        log.push(Entry::of(signed.envelope()).unwrap().leaf_digest());
        let size = log.size();
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size, root: log.root() };
        let signer = NoteSigner::from_seed(ORIGIN, [self.log_seed; 32]).unwrap();
        let read = self.promotion.read_checkpoint.size.min(size);
        let inclusion = Inclusion {
            leaf_index: size - 1,
            tree_size: size,
            hashes: log.inclusion_proof(size - 1).unwrap(),
            consistency: log.consistency_proof(read).unwrap(),
            checkpoint: checkpoint.sign(&signer).unwrap().to_string(),
        };
        let mut envelope = signed.to_envelope();
        if self.gate_signs_approval {
            let approval = self.votes[0].approval.clone();
            let signed = Statement { agent, body: digest, predicate: approval }.sign(&key(GATE));
            envelope = signed.unwrap().to_envelope();
        }
        let environment = self.promotion.environment.clone();
        (Binding { environment, promotion: envelope, approvals: votes, inclusion }, log)
    }
}

impl Vote {
    fn sign(&self) -> Envelope {
        let body = self.body.unwrap_or_else(|| Lock::new(body()).unwrap().body_digest());
        let agent = AgentId::new(self.agent);
        let statement = Statement { agent, body, predicate: self.approval.clone() };
        statement.sign(&key(self.seed)).unwrap().to_envelope()
    }
}

fn approval(seed: u8, person: &str, role: &str) -> Approval {
    Approval {
        environment: environment("production"),
        action: Action::Promote,
        decision: Decision::Approve,
        intent: Digest::of("canonical"),
        base: None,
        diff: Digest::of("diff"),
        evidence: vec![Digest::of("run")],
        person: PersonId::new(person),
        role: RoleId::new(role),
        nonce: Nonce([seed; 16]),
        issued: time("2026-01-01T00:00:00Z"),
        expires: time("2026-01-08T00:00:00Z"),
    }
}

fn promotion(name: &str, read: Checkpoint) -> Promotion {
    Promotion {
        environment: environment(name),
        action: Action::Promote,
        epoch: 1,
        previous: None,
        carried_from: None,
        approvals: vec![],
        evidence: vec![Digest::of("run")],
        diff: Diff { base: None, class: DiffClass::Expansion, digest: Digest::of("diff") },
        read_checkpoint: read,
        gate: "bounden 0.1.0".to_owned(),
        time: time("2026-01-02T12:00:00Z"),
    }
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_entropy([seed; 32]).unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}
