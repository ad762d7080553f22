//! The store keeps what it acknowledged, refuses what does not follow, and proves the rest.

mod crash;
mod flips;
mod proofs;
mod world;

use bounden_base::Digest;
use bounden_ledger::statement::{Action, Approval, Hold, Promotion};
use bounden_ledger::{Checkpoint, NoteSigner, StateError};

use crate::{SqliteStore, StoreError};
use world::{agent, environment, hold, promotion, remark, signer, store};

#[test]
fn what_is_appended_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let open = || SqliteStore::open(&path, &signer().verifier()).unwrap();
    let mut store = open();
    let entries = [remark(0), remark(1), remark(2)];
    let appended = store.append(&store.head().unwrap(), &entries, &signer()).unwrap();
    assert_eq!(appended.first, 0);
    let digest = store.put_blob(b"evidence").unwrap();
    drop(store);

    let store = open();
    let signed = store.signed().unwrap().unwrap();
    assert_eq!(signed, (store.head().unwrap(), appended.checkpoint));
    for (number, entry) in (0..).zip(&entries) {
        let found = store.entry(number).unwrap();
        assert_eq!((found.leaf(), found.payload()), (entry.leaf(), entry.payload()));
        assert!(found.verify_signature().is_ok());
        assert_eq!(store.find(&Digest::of(entry.payload())).unwrap(), Some(number));
    }
    assert!(matches!(store.entry(3), Err(StoreError::NotFound(_))));
    assert_eq!(store.find(&Digest::of("nothing")).unwrap(), None);
    assert_eq!(store.blob(&digest).unwrap().as_deref(), Some(b"evidence".as_slice()));
    assert_eq!(store.blob(&Digest::of("nothing")).unwrap(), None);
    let audit = store.audit().unwrap();
    assert_eq!((audit.entries, audit.signed, audit.blobs), (3, 3, 1));
    assert_eq!(audit.findings, []);
}

#[test]
fn only_who_knows_the_head_appends() {
    let mut store = store();
    let empty = store.head().unwrap();
    store.append(&empty, &[remark(0)], &signer()).unwrap();
    let one = store.head().unwrap();
    let late = store.append(&empty, &[remark(1)], &signer());
    assert!(matches!(late, Err(StoreError::HeadMoved(head)) if head == one));
    let forked = Checkpoint { root: Digest::of("fork"), ..one.clone() };
    assert!(store.append(&forked, &[remark(1)], &signer()).is_err());
    assert_eq!(store.head().unwrap(), one);
    assert!(store.append(&one, &[remark(1)], &signer()).is_ok());
}

#[test]
fn a_log_has_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut store = SqliteStore::open(&path, &signer().verifier()).unwrap();
    let other = NoteSigner::from_seed("log.example", [9; 32]).unwrap();
    let refused = store.append(&store.head().unwrap(), &[remark(0)], &other);
    assert!(matches!(refused, Err(StoreError::AnotherLog { .. })));
    assert_eq!(store.head().unwrap().size, 0, "nothing was recorded");
    let reopened = SqliteStore::open(&path, &other.verifier());
    assert!(matches!(reopened, Err(StoreError::AnotherLog { .. })));
}

#[test]
fn a_file_of_a_newer_version_or_of_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let open = || SqliteStore::open(&path, &signer().verifier());
    open().unwrap().connection.pragma_update(None, "user_version", 99).unwrap();
    let refused = open().unwrap_err();
    assert!(matches!(refused, StoreError::NewerSchema { found: 99, known: 1 }));
    std::fs::write(&path, "no database, but long enough to be taken for one").unwrap();
    assert!(matches!(open(), Err(StoreError::Database(_))));
    assert!(SqliteStore::open(folder.path(), &signer().verifier()).is_err());
}

#[test]
fn a_log_that_is_behind_what_is_known_outside_is_not_signed() {
    let mut ahead = store();
    ahead.append(&ahead.head().unwrap(), &[remark(0), remark(1)], &signer()).unwrap();
    let known = ahead.head().unwrap();
    assert!(ahead.anchor(&known).is_ok());

    let mut restored = store();
    restored.append(&restored.head().unwrap(), &[remark(0)], &signer()).unwrap();
    let behind = |result| matches!(result, Err(StoreError::BehindAnchor { size: 2 }));
    assert!(behind(restored.anchor(&known)));
    let head = restored.head().unwrap();
    assert!(behind(restored.append(&head, &[remark(7)], &signer()).map(drop)), "a fork");
    assert_eq!(restored.signed().unwrap().unwrap().0.size, 1);

    let mut same = store();
    same.append(&same.head().unwrap(), &[remark(0)], &signer()).unwrap();
    assert!(behind(same.anchor(&known)));
    let head = same.head().unwrap();
    assert!(same.append(&head, &[remark(1)], &signer()).is_ok(), "the same history again");
}

#[test]
fn the_log_only_grows() {
    let store = world::small_log();
    for sql in [
        "DELETE FROM entries WHERE number = 0",
        "UPDATE entries SET agent = 'x' WHERE number = 0",
        "UPDATE nodes SET digest = zeroblob(32)",
        "DELETE FROM checkpoints",
    ] {
        let refused = store.connection.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("only grows") || refused.contains("stays signed"), "{refused}");
    }
}

#[test]
fn what_runs_is_what_the_log_says() {
    let mut store = store();
    let first = promotion(&store, "one", Action::Promote);
    store.append(&store.head().unwrap(), &[remark(0), first], &signer()).unwrap();
    let back = promotion(&store, "zero", Action::Rollback);
    store.append(&store.head().unwrap(), &[back], &signer()).unwrap();
    let runs = |store: &SqliteStore| {
        let found = store.deployment(&agent(), &environment()).unwrap().unwrap();
        (found.body, found.epoch, found.index, found.held)
    };
    assert_eq!(runs(&store), (Digest::of("zero"), 2, 2, true));

    let held = promotion(&store, "two", Action::Promote);
    let refused = store.append(&store.head().unwrap(), &[remark(1), held], &signer());
    let expected = StateError::Held;
    assert!(matches!(refused, Err(StoreError::State { number: 4, error }) if error == expected));
    assert_eq!(store.head().unwrap().size, 3, "nothing of the batch was recorded");

    store.append(&store.head().unwrap(), &[hold(false)], &signer()).unwrap();
    let two = promotion(&store, "two", Action::Promote);
    store.append(&store.head().unwrap(), &[two], &signer()).unwrap();
    assert_eq!(runs(&store), (Digest::of("two"), 3, 4, false));
    assert_eq!(store.deployments().unwrap().len(), 1);

    let history = store.history(&agent(), &environment()).unwrap();
    let bodies: Vec<_> = history.iter().map(|found| (found.number, found.statement.body)).collect();
    assert_eq!(bodies, [(1, Digest::of("one")), (2, Digest::of("zero")), (4, Digest::of("two"))]);
    assert_eq!(history[1].statement.predicate.previous, Some(history[0].digest));
    assert_eq!(store.statements::<Hold>(&agent()).unwrap().len(), 1);
    assert_eq!(store.statements::<Approval>(&agent()).unwrap(), []);
    assert_eq!(store.audit().unwrap().findings, []);
}

#[test]
fn a_promotion_decided_on_another_history_is_refused() {
    let mut store = store();
    store.append(&store.head().unwrap(), &[remark(0)], &signer()).unwrap();
    let other = world::store_of(&[remark(1)]);
    let foreign = promotion(&other, "one", Action::Promote);
    let refused = store.append(&store.head().unwrap(), &[foreign], &signer());
    assert!(matches!(refused, Err(StoreError::ForeignCheckpoint(1))));
    assert_eq!(store.statements::<Promotion>(&agent()).unwrap(), []);
}

#[test]
fn a_crash_between_recording_and_signing_is_made_good() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut store = SqliteStore::open(&path, &signer().verifier()).unwrap();
    store.record(&store.head().unwrap(), &[remark(0), remark(1)]).unwrap();
    drop(store);
    let mut store = SqliteStore::open(&path, &signer().verifier()).unwrap();
    assert_eq!(store.signed().unwrap(), None);
    let head = store.head().unwrap();
    assert_eq!(head.size, 2);
    assert_eq!(store.audit().unwrap().findings, []);
    let note = store.publish(&signer()).unwrap();
    assert_eq!(Checkpoint::open(&note, store.verifier()), Ok(head));
    assert_eq!(store.publish(&signer()).unwrap(), note, "signing twice changes nothing");
}

#[test]
fn two_processes_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let append = |start: u32| {
        let mut store = SqliteStore::open(&path, &signer().verifier()).unwrap();
        for number in start..start + 10 {
            while let Err(error) =
                store.append(&store.head().unwrap(), &[remark(number)], &signer())
            {
                assert!(matches!(error, StoreError::HeadMoved(_)), "{error}");
            }
        }
    };
    SqliteStore::open(&path, &signer().verifier()).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| append(0));
        append(100);
    });
    let store = SqliteStore::open(&path, &signer().verifier()).unwrap();
    let audit = store.audit().unwrap();
    assert_eq!((audit.entries, audit.signed, audit.findings), (20, 20, vec![]));
}
