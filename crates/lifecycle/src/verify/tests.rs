//! What a gate that lies has signed is found out; so is whatever has changed since.

use std::collections::BTreeMap;

use bounden_base::{Digest, json};
use bounden_ledger::dsse::Envelope;
use bounden_ledger::lock::{Binding, Inclusion, VerifiedLock, verify_lock};
use bounden_ledger::merkle::Tree;
use bounden_ledger::statement::{DiffClass, Promotion, Statement};
use bounden_ledger::{Checkpoint, Deployment, Entry, EnvironmentId, SigningKey};
use bounden_testkit::{read, repository};

use super::*;
use crate::world::{GATE, World, key, log, time};

/// A lock to staging, and everything that it cites.
struct Stage {
    world: World,
    promotion: Promotion,
    intent: Vec<u8>,
    contracts: Vec<u8>,
    recorded: BTreeMap<Digest, Vec<u8>>,
    running: BTreeMap<EnvironmentId, Deployment>,
}

impl Stage {
    fn new() -> Self {
        Self::of(World::staging())
    }

    fn of(world: World) -> Self {
        let folder = repository().join("examples/support");
        let promotion = world.admit().unwrap();
        let mut recorded = BTreeMap::new();
        let release = &world.release;
        let body = json::to_canonical(release.body()).unwrap();
        let texts = [body, release.policy().canonical().to_owned()];
        let evidence = world.evidence.iter().map(|piece| piece.text().to_owned());
        for text in texts.into_iter().chain(evidence) {
            recorded.insert(Digest::of(&text), text.into_bytes());
        }
        Self {
            promotion,
            intent: read(folder.join("behavior.intent")),
            contracts: read(folder.join("behavior.contracts.json")),
            recorded,
            running: BTreeMap::new(),
            world,
        }
    }

    /// The promotion as this gate signed it, in a lock whose signatures are good.
    fn lock(&self) -> VerifiedLock {
        let release = &self.world.release;
        let statement = Statement {
            agent: release.body().agent.clone(),
            body: release.digest(),
            predicate: self.promotion.clone(),
        };
        let gate: SigningKey = key(GATE);
        let signed = statement.sign(&gate).unwrap();
        let tree: Tree =
            [Entry::of(signed.envelope()).unwrap().leaf_digest()].into_iter().collect();
        let checkpoint = Checkpoint { origin: "log.example".into(), size: 1, root: tree.root() };
        let inclusion = Inclusion {
            leaf_index: 0,
            tree_size: 1,
            hashes: vec![],
            consistency: vec![],
            checkpoint: checkpoint.sign(&log()).unwrap().to_string(),
        };
        let binding = Binding {
            environment: self.promotion.environment.clone(),
            promotion: signed.to_envelope(),
            approvals: self.cited(),
            inclusion,
        };
        let text = release.lock().unwrap().bound(binding).render().unwrap();
        verify_lock(text.as_bytes(), &self.world.trust(), &[], time("2026-03-10T00:00:00Z"))
            .unwrap()
    }

    /// The votes that the promotion cites, in its order.
    fn cited(&self) -> Vec<Envelope> {
        let votes = self.world.envelopes();
        let of = |digest: &Digest| votes.iter().find(|vote| vote.payload_digest() == *digest);
        self.promotion.approvals.iter().map(|digest| of(digest).unwrap().clone()).collect()
    }

    fn codes(&self) -> Vec<&'static str> {
        self.codes_of(&self.lock())
    }

    fn codes_of(&self, lock: &VerifiedLock) -> Vec<&'static str> {
        let recorded = |digest: &Digest| self.recorded.get(digest).cloned();
        let sources = Sources {
            intent: &self.intent,
            contracts: &self.contracts,
            parts: &[],
            recorded: &recorded,
            running: &self.running,
        };
        verify(lock, &sources).iter().map(|finding| finding.code).collect()
    }

    fn replace(&mut self, from: &str, to: &str) {
        let text = String::from_utf8(self.intent.clone()).unwrap();
        assert!(text.contains(from), "{from} is not there");
        self.intent = text.replacen(from, to, 1).into_bytes();
    }
}

#[test]
fn a_good_lock_has_no_findings() {
    assert_eq!(Stage::new().codes(), [""; 0]);
}

#[test]
fn every_byte_of_the_intent_counts() {
    let mut stage = Stage::new();
    let lock = stage.lock();
    for at in (0..stage.intent.len()).step_by(97) {
        stage.intent[at] ^= 1;
        let codes = stage.codes_of(&lock);
        stage.intent[at] ^= 1;
        assert!(["intent-changed", "intent-unusable"].contains(&codes[0]), "byte {at}: {codes:?}");
    }
}

#[test]
fn what_lies_beside_the_lock_has_to_be_what_was_locked() {
    let mut stage = Stage::new();
    stage.replace("# What an outdoor", "# What a");
    assert_eq!(stage.codes(), ["intent-changed"]);
    stage.replace("tool_calls: 25", "tool_calls: twenty");
    assert_eq!(stage.codes(), ["intent-unusable"]);
    let mut stage = Stage::new();
    let text = String::from_utf8(stage.contracts).unwrap();
    stage.contracts = text.replacen("Look up an order", "Look up any order", 1).into_bytes();
    assert_eq!(stage.codes(), ["contracts-changed"]);
    stage.contracts = b"{}".to_vec();
    assert_eq!(stage.codes(), ["contracts-unreadable"]);
}

#[test]
fn the_bundle_that_a_guard_loads_has_to_be_the_locked_one() {
    let mut stage = Stage::new();
    let digest = stage.world.release.policy().digest();
    let bundle = stage.recorded.remove(&digest).unwrap();
    assert_eq!(stage.codes(), ["bundle-missing"]);
    stage.recorded.insert(digest, [bundle.as_slice(), b" "].concat());
    assert_eq!(stage.codes(), ["bundle-changed"]);
}

#[test]
fn a_gate_that_lies_is_found_out() {
    type Lie = fn(&mut Stage);
    let lies: [(&str, Lie); 6] = [
        ("evidence-insufficient", |stage| {
            stage.world.evidence.clear();
            stage.promotion.evidence.clear();
            let votes = stage.world.envelopes();
            stage.promotion.approvals = votes.iter().map(Envelope::payload_digest).collect();
        }),
        ("evidence-missing", |stage| stage.promotion.evidence.push(Digest::of("x"))),
        ("evidence-not-bound", |stage| {
            stage.promotion.evidence.push(Digest::of("x"));
            stage.recorded.insert(Digest::of("x"), b"x".to_vec());
        }),
        ("diff-not-reproduced", |stage| stage.promotion.diff.class = DiffClass::Equal),
        ("quorum-short", |stage| {
            stage.world.votes.clear();
            stage.promotion.approvals.clear();
        }),
        ("not-what-runs", |stage| {
            let running = stage.world.deployment("staging", "another body");
            stage.running.insert(EnvironmentId::new("staging"), running);
        }),
    ];
    for (code, lie) in lies {
        let mut stage = Stage::new();
        lie(&mut stage);
        assert_eq!(stage.codes(), [code]);
    }
}

#[test]
fn a_gate_that_skips_staging_is_found_out() {
    let mut stage = Stage::of(World::production());
    // A gate that did not say where the body comes from.
    stage.promotion.carried_from = None;
    assert_eq!(stage.codes(), ["way-not-taken"]);
}

#[test]
fn a_base_that_is_not_recorded_cannot_be_compared_with() {
    let mut stage = Stage::new();
    stage.promotion.diff.base = Some(Digest::of("x"));
    stage.world.plan.base = Some(Digest::of("x"));
    stage.world.votes.clear();
    stage.promotion.approvals.clear();
    assert_eq!(stage.codes(), ["base-missing", "quorum-short"]);
}

#[test]
fn a_surface_that_shows_less_than_the_policy_enforces_is_found_out() {
    let mut stage = Stage::of(World::tampered(|body| {
        let mut surface = Surface::read(&body.surface).unwrap();
        surface.enforced.tools.pop_first();
        body.surface = surface.to_json().unwrap();
    }));
    assert_eq!(stage.codes(), ["surface-mismatch"]);
    // The bundle alone tells, whatever lies beside the lock.
    stage.replace("# What an outdoor", "# What a");
    assert_eq!(stage.codes(), ["surface-mismatch", "intent-changed"]);
}

#[test]
fn a_body_that_follows_from_no_source_is_found_out() {
    let stage = Stage::of(World::tampered(|body| body.components[0].version = None));
    assert_eq!(stage.codes(), ["body-not-reproduced"]);
    let stage = Stage::of(World::tampered(|body| body.policy.semantics = 2));
    assert_eq!(stage.codes(), ["policy-not-reproduced"]);
}

#[test]
fn files_are_compared_one_by_one() {
    let part = |bytes| Part { kind: "prompt", path: "prompts/system.md", bytes };
    let stage = Stage::new();
    let recorded = |digest: &Digest| stage.recorded.get(digest).cloned();
    let (lock, unlisted) = (stage.lock(), [part(b"be kind")]);
    let sources = Sources {
        intent: &stage.intent,
        contracts: &stage.contracts,
        parts: &unlisted,
        recorded: &recorded,
        running: &stage.running,
    };
    let codes: Vec<_> = verify(&lock, &sources).iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["file-unlisted"]);
}
