//! Trust roots that would let one key speak for two are refused.

use super::*;
use crate::{NoteSigner, SigningKey};

fn pinned(seed: u8) -> PinnedKey {
    PinnedKey::new(SigningKey::from_entropy([seed; 32]).unwrap().public().clone())
}

fn person(name: &str, seeds: &[u8]) -> Person {
    Person {
        person: PersonId::new(name),
        roles: [RoleId::new("security")].into(),
        teams: BTreeSet::new(),
        keys: seeds.iter().copied().map(pinned).collect(),
    }
}

fn root(gates: Vec<PinnedKey>, people: Vec<Person>) -> Result<TrustRoot, TrustError> {
    TrustRoot::new(NoteSigner::from_seed("log.example", [9; 32]).unwrap().verifier(), gates, people)
}

#[test]
fn a_document_is_read_back() {
    let root = root(vec![pinned(1)], vec![person("ana", &[2, 3])]).unwrap();
    let text = root.to_canonical().unwrap();
    let read = TrustRoot::read(text.as_bytes()).unwrap();
    assert_eq!(read.to_canonical(), Ok(text.clone()));
    assert_eq!(read.person(&pinned(3).key.id()).unwrap().0.person, PersonId::new("ana"));
    assert!(read.gate(&pinned(3).key.id()).is_none(), "a person is no gate");
    assert!(read.person(&pinned(1).key.id()).is_none(), "a gate is no person");
    for (from, to) in [
        ("trust/v1", "trust/v2"),
        ("\"gates\":", "\"quorum\":0,\"gates\":"),
        ("log.example", "log.example2"),
    ] {
        assert!(TrustRoot::read(text.replace(from, to).as_bytes()).is_err(), "{to}");
    }
}

#[test]
fn nobody_shares_a_key_or_a_name() {
    let shared = |result: Result<TrustRoot, TrustError>| {
        assert!(matches!(result.unwrap_err(), TrustError::SharedKey(_)));
    };
    shared(root(vec![pinned(1)], vec![person("ana", &[1])]));
    shared(root(vec![pinned(1)], vec![person("ana", &[2]), person("ben", &[2])]));
    shared(root(vec![pinned(1), pinned(1)], vec![]));
    let twice = root(vec![pinned(1)], vec![person("ana", &[2]), person("ana", &[3])]);
    assert_eq!(twice.unwrap_err(), TrustError::RepeatedPerson(PersonId::new("ana")));
    assert_eq!(root(vec![], vec![]).unwrap_err(), TrustError::NoGate);
}

#[test]
fn keys_count_from_their_first_moment_until_before_their_last() {
    let key = PinnedKey {
        from: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        until: Some("2026-02-01T00:00:00Z".parse().unwrap()),
        ..pinned(1)
    };
    for (time, counts) in [
        ("2025-12-31T23:59:59Z", false),
        ("2026-01-01T00:00:00Z", true),
        ("2026-01-31T23:59:59Z", true),
        ("2026-02-01T00:00:00Z", false),
    ] {
        assert_eq!(key.counts_at(time.parse().unwrap()), counts, "{time}");
    }
}
