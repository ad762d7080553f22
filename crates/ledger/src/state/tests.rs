//! Promotions follow each other; a rollback holds until somebody releases it.

use super::*;
use crate::statement::{Diff, DiffClass};
use crate::{Checkpoint, PersonId, SigningKey};

fn entry<P: crate::statement::Predicate>(body: &str, predicate: P) -> Entry {
    let agent = AgentId::new("acme/support");
    let statement = Statement { agent, body: Digest::of(body), predicate };
    let key = SigningKey::from_entropy([1; 32]).unwrap();
    Entry::of(statement.sign(&key).unwrap().envelope()).unwrap()
}

fn promotion(action: Action, epoch: u64, previous: Option<Digest>, body: &str) -> Entry {
    entry(
        body,
        Promotion {
            environment: EnvironmentId::new("production"),
            action,
            epoch,
            previous,
            carried_from: None,
            approvals: vec![],
            evidence: vec![],
            diff: Diff { base: None, class: DiffClass::Equal, digest: Digest::of("diff") },
            read_checkpoint: Checkpoint::empty("log.example"),
            gate: "bounden 0.1.0".to_owned(),
            time: "2026-01-02T00:00:00Z".parse().unwrap(),
        },
    )
}

fn hold(held: bool) -> Entry {
    entry(
        "body",
        Hold {
            environment: EnvironmentId::new("production"),
            held,
            person: PersonId::new("ana"),
            reason: "freeze".to_owned(),
            time: "2026-01-02T00:00:00Z".parse().unwrap(),
        },
    )
}

#[test]
fn a_rollback_holds_until_released() {
    let first = Deployment::after(None, 3, &promotion(Action::Promote, 1, None, "one")).unwrap();
    let first = first.unwrap();
    assert_eq!((first.body, first.epoch, first.held), (Digest::of("one"), 1, false));
    let back = promotion(Action::Rollback, 2, Some(first.binding), "zero");
    let back = Deployment::after(Some(first), 5, &back).unwrap().unwrap();
    assert_eq!((back.body, back.index, back.held), (Digest::of("zero"), 5, true));
    let forward = promotion(Action::Promote, 3, Some(back.binding), "two");
    assert_eq!(Deployment::after(Some(back.clone()), 6, &forward), Err(StateError::Held));
    let released = Deployment::after(Some(back), 6, &hold(false)).unwrap().unwrap();
    assert_eq!((released.epoch, released.index), (2, 5));
    assert!(Deployment::after(Some(released), 7, &forward).is_ok());
}

#[test]
fn what_does_not_follow_is_refused() {
    let after = |before: Option<&Deployment>, entry: &Entry| {
        Deployment::after(before.cloned(), 9, entry).unwrap_err()
    };
    let one = promotion(Action::Promote, 1, None, "one");
    let first = Deployment::after(None, 3, &one).unwrap();
    let first = first.as_ref();
    let binding = Some(Digest::of(one.payload()));
    assert_eq!(after(first, &one), StateError::Epoch { expected: 2, found: 1 });
    let skipped = promotion(Action::Promote, 3, binding, "two");
    assert_eq!(after(first, &skipped), StateError::Epoch { expected: 2, found: 3 });
    let forked = promotion(Action::Promote, 2, Some(Digest::of("x")), "two");
    assert_eq!(after(first, &forked), StateError::Previous);
    assert_eq!(after(first, &promotion(Action::Promote, 2, None, "two")), StateError::Previous);
    let back = promotion(Action::Rollback, 1, None, "two");
    assert_eq!(after(None, &back), StateError::NothingRuns);
    assert_eq!(after(None, &hold(true)), StateError::NothingRuns);
}
