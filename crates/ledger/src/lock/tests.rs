//! A lock of two environments verifies; whatever is changed in it or in its making is refused.

mod flips;
mod world;

use super::*;
use bounden_base::SignedDuration;

use crate::statement::{Action, Approval, Decision};
use crate::{Checkpoint, PersonId, RoleId};
use world::{World, environment};

/// The reason for which a lock is refused that was made in a changed world.
fn refused(change: impl FnOnce(&mut World)) -> Reason {
    let mut world = World::new();
    change(&mut world);
    world.verify().unwrap_err().reason
}

#[test]
fn a_lock_of_two_environments_verifies() {
    let world = World::new();
    let lock = world.verify().unwrap();
    assert_eq!(lock.agent().as_str(), "acme/support");
    assert_eq!(lock.bindings().len(), 2);
    let production = lock.binding(&environment("production")).unwrap();
    assert_eq!(production.promotion().carried_from, Some(environment("staging")));
    let people: Vec<_> =
        production.approvals().iter().map(|vote| vote.approval().person.as_str()).collect();
    assert_eq!(people, ["ana", "ben"]);
    assert!(lock.binding(&environment("development")).is_none());
    let read = &world.lock().bindings[1];
    let again =
        Binding::new(production.statement(), production.approvals(), read.inclusion.clone());
    assert_eq!(&again, read);
    let bundle = lock.bundle(b"policy".to_vec()).unwrap();
    assert_eq!((bundle.bytes(), bundle.semantics()), (b"policy".as_slice(), 1));
    let other = lock.bundle(b"Policy".to_vec()).unwrap_err();
    assert_eq!(other.reason, Reason::BundleDigest);
}

#[test]
fn a_lock_without_bindings_is_refused() {
    let lock = Lock::new(world::body()).unwrap();
    assert_eq!(Lock::read(lock.render().unwrap().as_bytes()).unwrap(), lock);
    let world = World::new();
    let verdict = verify_lock(lock.render().unwrap().as_bytes(), &world.trust(), &[], world.now);
    assert_eq!(verdict.unwrap_err().reason, Reason::NotBound);
}

#[test]
fn only_one_rendering_is_read() {
    let text = World::new().lock().render().unwrap();
    assert!(text.ends_with("}\n"));
    for (changed, reason) in [
        (text.trim_end().to_owned(), Reason::LockNotCanonical),
        (text.replacen("  ", "   ", 1), Reason::LockNotCanonical),
        (text.replacen('\n', "\r\n", 1), Reason::LockNotCanonical),
        (text.replace("\"surface\": {", "\"surface\": {\"new\": 1,"), Reason::BodyDigest),
        (text.replace("\"agent\":", "\"note\": 1, \"agent\":"), Reason::LockUnreadable),
        (text.replacen("\"agent\":", "\"agent\": \"x\", \"agent\":", 1), Reason::LockUnreadable),
        (text.replace("lock/v1", "lock/v2"), Reason::LockSchema),
        (String::new(), Reason::LockUnreadable),
        ("[".repeat(1 << 20), Reason::LockUnreadable),
    ] {
        assert_eq!(Lock::read(changed.as_bytes()).unwrap_err().reason, reason);
    }
}

#[test]
fn components_have_one_order() {
    let mut body = world::body();
    body.components.reverse();
    assert_eq!(Lock::new(body.clone()).unwrap(), Lock::new(world::body()).unwrap());
    let first = body.components[0].clone();
    body.components.push(first);
    assert_eq!(Lock::new(body).unwrap_err().reason, Reason::ComponentOrder);
}

#[test]
fn only_pinned_keys_that_counted_at_the_time_sign() {
    assert_eq!(refused(|world| world.gate_trusted = false), Reason::GateUnknown);
    assert_eq!(refused(|world| world.gate_until = Some(world.now)), Reason::GateKeyNotValid);
    assert_eq!(refused(|world| world.ana_until = Some(world.now)), Reason::ApproverKeyNotValid);
    let late = |world: &mut World| world.ana_from = Some("2026-01-02T06:00:00Z".parse().unwrap());
    assert_eq!(refused(late), Reason::ApproverKeyNotValid);
    assert_eq!(refused(|world| world.log_seed = 99), Reason::LedgerUnknown);
    assert_eq!(refused(|world| world.votes[0].seed = 77), Reason::ApproverUnknown);
    assert_eq!(refused(|world| world.votes[0].seed = world::GATE), Reason::ApproverUnknown);
}

#[test]
fn a_vote_counts_for_its_person_and_role_only() {
    let vote = |change: fn(&mut Approval)| refused(|world| change(&mut world.votes[0].approval));
    assert_eq!(vote(|vote| vote.person = PersonId::new("ben")), Reason::ApproverMismatch);
    assert_eq!(vote(|vote| vote.role = RoleId::new("owner")), Reason::RoleNotHeld);
    assert_eq!(vote(|vote| vote.decision = Decision::Reject), Reason::ApprovalRejected);
    assert_eq!(vote(|vote| vote.decision = Decision::Revoke), Reason::ApprovalRejected);
}

#[test]
fn a_vote_is_not_replayed_on_another_change() {
    let vote = |change: fn(&mut Approval)| refused(|world| change(&mut world.votes[0].approval));
    let other = || Digest::of("other");
    assert_eq!(vote(|vote| vote.environment = environment("x")), Reason::ApprovalMismatch);
    assert_eq!(vote(|vote| vote.action = Action::Rollback), Reason::ApprovalMismatch);
    assert_eq!(refused(|world| world.votes[0].approval.intent = other()), Reason::ApprovalMismatch);
    assert_eq!(refused(|world| world.votes[0].approval.diff = other()), Reason::ApprovalMismatch);
    let based = |world: &mut World| world.votes[0].approval.base = Some(other());
    assert_eq!(refused(based), Reason::ApprovalMismatch);
    let seen = |world: &mut World| world.votes[0].approval.evidence = vec![other()];
    assert_eq!(refused(seen), Reason::ApprovalMismatch);
    assert_eq!(refused(|world| world.votes[0].body = Some(other())), Reason::ApprovalMismatch);
    assert_eq!(refused(|world| world.votes[0].agent = "acme/other"), Reason::ApprovalMismatch);
}

#[test]
fn a_vote_counts_only_in_its_time() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let early = |world: &mut World| world.votes[0].approval.issued = world.now;
    assert_eq!(refused(early), Reason::ApprovalNotCurrent);
    // The gate decides at noon; the last moment before counts, noon itself does not.
    let expired = |world: &mut World| world.votes[0].approval.expires = at("2026-01-02T12:00:00Z");
    assert_eq!(refused(expired), Reason::ApprovalNotCurrent);
    let mut world = World::new();
    world.votes[0].approval.expires = at("2026-01-02T12:00:01Z");
    assert!(world.verify().is_ok());
}

#[test]
fn people_are_counted_not_signatures() {
    let twice = |world: &mut World| {
        let mut again = world.votes[0].clone();
        again.approval.nonce.0[0] ^= 1;
        world.votes.push(again);
    };
    assert_eq!(refused(twice), Reason::ApproverRepeated);
    let second_key = |world: &mut World| {
        let mut again = world.votes[0].clone();
        again.approval.nonce.0[0] ^= 1;
        again.seed = world::ANA_SECOND_KEY;
        world.votes.push(again);
    };
    assert_eq!(refused(second_key), Reason::ApproverRepeated);
    assert_eq!(refused(same_nonce), Reason::NonceRepeated);
    assert_eq!(refused(World::pass), Reason::NonceRepeated);
}

fn same_nonce(world: &mut World) {
    world.votes[1].approval.nonce = world.votes[0].approval.nonce;
}

#[test]
fn a_gate_counts_votes_before_there_is_a_binding() {
    let count = |world: &World| {
        let (lock, trust) = (world.lock(), world.trust());
        let proposal = Proposal {
            agent: &lock.body.agent,
            body: lock.digest,
            intent: lock.body.intent.canonical,
            environment: &world.promotion.environment,
            action: world.promotion.action,
            base: world.promotion.diff.base,
            diff: world.promotion.diff.digest,
            evidence: &world.promotion.evidence,
            at: world.promotion.time,
        };
        verify_approvals(&lock.bindings[1].approvals, &proposal, &trust).map(|votes| votes.len())
    };
    let mut world = World::new();
    assert_eq!(count(&world), Ok(2));
    same_nonce(&mut world);
    let error = count(&world).unwrap_err();
    assert_eq!((error.reason, error.place.as_str()), (Reason::NonceRepeated, "approval 2"));
}

#[test]
fn approvals_are_those_that_the_promotion_cites() {
    let lock = World::new().lock();
    let change = |change: fn(&mut Binding)| {
        let mut lock = lock.clone();
        change(&mut lock.bindings[1]);
        World::new().verify_lock(&lock).unwrap_err().reason
    };
    assert_eq!(change(|binding| drop(binding.approvals.pop())), Reason::ApprovalNotCited);
    assert_eq!(change(|binding| binding.approvals.swap(0, 1)), Reason::ApprovalNotCited);
    assert_eq!(change(|binding| binding.approvals.clear()), Reason::ApprovalNotCited);
    let relabel = |binding: &mut Binding| binding.environment = environment("staging");
    assert_eq!(change(relabel), Reason::PromotionSubject);
    let confuse = |binding: &mut Binding| binding.promotion = binding.approvals[0].clone();
    assert_eq!(change(confuse), Reason::GateUnknown);
}

#[test]
fn a_promotion_is_of_its_own_lock() {
    assert_eq!(refused(|world| world.agent = "acme/other"), Reason::PromotionSubject);
    let staging = World::before_staging();
    let mut other = world::body();
    other.version = "4.0.0".to_owned();
    let moved = Lock::new(other).unwrap().bound(staging.lock().bindings[0].clone());
    assert_eq!(staging.verify_lock(&moved).unwrap_err().reason, Reason::PromotionSubject);
}

#[test]
fn a_person_cannot_be_the_gate_nor_the_gate_a_person() {
    let mut world = World::new();
    world.gate_signs_approval = true;
    assert_eq!(world.verify().unwrap_err().reason, Reason::PromotionMalformed);
}

#[test]
fn bindings_follow_each_other() {
    let epoch = |epoch: u64, previous: Option<Digest>| {
        refused(|world| {
            world.promotion.epoch = epoch;
            world.promotion.previous = previous;
        })
    };
    assert_eq!(epoch(0, None), Reason::EpochChain);
    assert_eq!(epoch(2, None), Reason::EpochChain);
    assert_eq!(epoch(1, Some(Digest::of("x"))), Reason::EpochChain);
    let third = |change: fn(&mut Promotion)| {
        let mut world = World::before_staging();
        world.promotion.epoch = 5;
        world.promotion.previous = Some(Digest::of("on another body"));
        world.pass();
        change(&mut world.promotion);
        world.verify().map(drop).map_err(|error| error.reason)
    };
    assert_eq!(third(|_| ()), Ok(()));
    assert_eq!(third(|next| next.epoch = 5), Err(Reason::EpochChain));
    assert_eq!(third(|next| next.epoch = 7), Err(Reason::EpochChain), "5 is not before 7");
    let other = |next: &mut Promotion| next.previous = Some(Digest::of("on another body"));
    assert_eq!(third(other), Err(Reason::EpochChain), "6 follows 5");
    let back = |next: &mut Promotion| {
        (next.epoch, next.previous) = (3, Some(Digest::of("on another body")));
    };
    assert_eq!(third(back), Err(Reason::EpochChain));
    let mut later = World::new();
    (later.promotion.epoch, later.promotion.previous) = (7, Some(Digest::of("on another body")));
    assert!(later.verify().is_ok());
    let lock = World::new().lock();
    let mut swapped = lock.clone();
    swapped.bindings.swap(0, 1);
    let reason = World::new().verify_lock(&swapped).unwrap_err().reason;
    assert_eq!(reason, Reason::CarriedFrom);
    let mut doubled = lock;
    doubled.bindings.push(doubled.bindings[1].clone());
    let reason = World::new().verify_lock(&doubled).unwrap_err().reason;
    assert_eq!(reason, Reason::EpochChain);
}

#[test]
fn a_body_is_carried_only_from_where_it_was() {
    let from = |world: &mut World| world.promotion.carried_from = Some(environment("qa"));
    assert_eq!(refused(from), Reason::CarriedFrom);
}

#[test]
fn a_promotion_from_the_future_is_not_yet_good() {
    let mut world = World::new();
    let decided: Timestamp = "2026-01-02T12:00:00Z".parse().unwrap();
    world.now = decided - SignedDuration::from_mins(5);
    assert!(world.verify().is_ok());
    world.now = decided - SignedDuration::from_secs(301);
    assert_eq!(world.verify().unwrap_err().reason, Reason::PromotionInFuture);
}

#[test]
fn the_ledger_has_one_history() {
    let world = World::new();
    let lock = world.lock();
    let verified = world.verify_lock(&lock).unwrap();
    let known = verified.bindings()[1].checkpoint().clone();
    let bytes = lock.render().unwrap();
    let with = |seen: Checkpoint| {
        verify_lock(bytes.as_bytes(), &world.trust(), &[seen], world.now).map(drop)
    };
    assert_eq!(with(known.clone()), Ok(()));
    let forked = Checkpoint { root: Digest::of("fork"), ..known };
    assert_eq!(with(forked).unwrap_err().reason, Reason::LedgerForked);
}

#[test]
fn the_ledger_extends_what_the_gate_read() {
    let read =
        |change: fn(&mut Checkpoint)| refused(|world| change(&mut world.promotion.read_checkpoint));
    assert_eq!(read(|read| read.root = Digest::of("fork")), Reason::ConsistencyProof);
    assert_eq!(read(|read| read.origin = "other.example".into()), Reason::ConsistencyProof);
    assert_eq!(read(|read| read.size = 1000), Reason::ConsistencyProof);
    let unread = |read: &mut Checkpoint| *read = Checkpoint::empty("log.example");
    assert_eq!(read(unread), Reason::EpochChain);
    let mut first = World::before_staging();
    assert!(first.verify().is_ok(), "a gate may have read an empty ledger");
    let mut lock = first.lock();
    lock.bindings[0].inclusion.consistency.push(Digest::of("surplus"));
    assert_eq!(first.verify_lock(&lock).unwrap_err().reason, Reason::ConsistencyProof);
    first.promotion.read_checkpoint.root = Digest::of("no tree");
    assert_eq!(first.verify().unwrap_err().reason, Reason::ConsistencyProof);
}

#[test]
fn a_promotion_that_the_ledger_does_not_hold_is_refused() {
    let lock = World::new().lock();
    let change = |change: fn(&mut Inclusion)| {
        let mut lock = lock.clone();
        change(&mut lock.bindings[1].inclusion);
        World::new().verify_lock(&lock).unwrap_err().reason
    };
    assert_eq!(change(|proof| proof.leaf_index -= 1), Reason::InclusionProof);
    assert_eq!(change(|proof| proof.tree_size += 1), Reason::InclusionProof);
    assert_eq!(change(|proof| proof.hashes.truncate(1)), Reason::InclusionProof);
    assert_eq!(change(|proof| proof.consistency.clear()), Reason::ConsistencyProof);
    let unsigned = |proof: &mut Inclusion| proof.checkpoint = "log.example\n3\n".to_owned();
    assert_eq!(change(unsigned), Reason::CheckpointMalformed);
    let cosigned = |proof: &mut Inclusion| proof.checkpoint.push_str("\u{2014} other AAAAAAA=\n");
    assert_eq!(change(cosigned), Reason::CheckpointMalformed);
}
