//! Entries and small logs to test with.

use bounden_base::Digest;
use bounden_ledger::statement::{Action, Diff, DiffClass, Hold, Predicate, Promotion, Statement};
use bounden_ledger::{AgentId, Entry, EnvironmentId, NoteSigner, PersonId, SigningKey};
use serde::{Deserialize, Serialize};

use crate::SqliteStore;

/// A statement of a kind that the store has never heard of.
#[derive(Serialize, Deserialize)]
struct Remark {
    text: String,
}

impl Predicate for Remark {
    const TYPE: &'static str = "https://example.com/remark/v1";
}

pub(super) fn signer() -> NoteSigner {
    NoteSigner::from_seed("log.example", [7; 32]).unwrap()
}

pub(super) fn store() -> SqliteStore {
    SqliteStore::in_memory(&signer().verifier()).unwrap()
}

pub(super) fn store_of(entries: &[Entry]) -> SqliteStore {
    let mut store = store();
    store.append(&store.head().unwrap(), entries, &signer()).unwrap();
    store
}

/// Three entries of different kinds, with everything that a log can have beside them.
pub(super) fn small_log() -> SqliteStore {
    let mut store = store();
    let first = promotion(&store, "one", Action::Promote);
    store.append(&store.head().unwrap(), &[first], &signer()).unwrap();
    store.append(&store.head().unwrap(), &[hold(true), remark(0)], &signer()).unwrap();
    store.put_blob(b"evidence").unwrap();
    store.anchor(&store.head().unwrap()).unwrap();
    store.find(&Digest::of("to bring the indexes up to date")).unwrap();
    store
}

pub(super) fn agent() -> AgentId {
    AgentId::new("acme/support")
}

pub(super) fn environment() -> EnvironmentId {
    EnvironmentId::new("production")
}

pub(super) fn remark(number: u32) -> Entry {
    entry("body", Remark { text: format!("remark {number}") })
}

pub(super) fn hold(held: bool) -> Entry {
    let hold = Hold {
        environment: environment(),
        held,
        person: PersonId::new("ana"),
        reason: "freeze".to_owned(),
        time: "2026-01-02T00:00:00Z".parse().unwrap(),
    };
    entry("one", hold)
}

/// The promotion that follows what runs in `store`.
pub(super) fn promotion(store: &SqliteStore, body: &str, action: Action) -> Entry {
    let before = store.deployment(&agent(), &environment()).unwrap();
    let promotion = Promotion {
        environment: environment(),
        action,
        epoch: before.as_ref().map_or(1, |before| before.epoch + 1),
        previous: before.as_ref().map(|before| before.binding),
        carried_from: None,
        approvals: vec![],
        evidence: vec![],
        diff: Diff {
            base: before.map(|before| before.body),
            class: DiffClass::Equal,
            digest: Digest::of("diff"),
        },
        read_checkpoint: store.head().unwrap(),
        gate: "bounden 0.1.0".to_owned(),
        time: "2026-01-02T00:00:00Z".parse().unwrap(),
    };
    entry(body, promotion)
}

fn entry<P: Predicate>(body: &str, predicate: P) -> Entry {
    let statement = Statement { agent: agent(), body: Digest::of(body), predicate };
    let key = SigningKey::from_entropy([1; 32]).unwrap();
    Entry::of(statement.sign(&key).unwrap().envelope()).unwrap()
}
