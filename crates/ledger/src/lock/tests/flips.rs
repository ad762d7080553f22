//! Every byte of a lock counts: whichever is changed, the lock is refused with a reason.

use std::collections::BTreeSet;

use super::world::World;
use crate::lock::{Reason, verify_lock};

/// The neighbour of a character, its other case, and a byte outside ASCII.
const MASKS: [u8; 3] = [0x01, 0x20, 0x80];

#[test]
fn every_changed_byte_is_found() {
    let world = World::new();
    let (trust, now) = (world.trust(), world.now);
    let good = world.lock().render().unwrap().into_bytes();
    let refuse = |part: usize| {
        let mut reasons = BTreeSet::new();
        for at in (part..good.len()).step_by(2) {
            for mask in MASKS {
                let mut changed = good.clone();
                changed[at] ^= mask;
                let verdict = verify_lock(&changed, &trust, &[], now);
                reasons.insert(verdict.expect_err(&format!("byte {at} ^ {mask:#x}")).reason);
            }
        }
        reasons
    };
    let found = std::thread::scope(|scope| {
        let odd = scope.spawn(|| refuse(1));
        &refuse(0) | &odd.join().unwrap()
    });
    // The changes reach every layer of verification, not only the outermost.
    for reason in [
        Reason::LockUnreadable,
        Reason::LockNotCanonical,
        Reason::BodyDigest,
        Reason::GateUnknown,
        Reason::PromotionSignature,
        Reason::PromotionSubject,
        Reason::ApprovalNotCited,
        Reason::ApproverUnknown,
        Reason::ApprovalSignature,
        Reason::CheckpointMalformed,
        Reason::CheckpointSignature,
        Reason::LedgerUnknown,
        Reason::InclusionProof,
        Reason::ConsistencyProof,
    ] {
        assert!(found.contains(&reason), "{reason} was never the answer");
    }
}

#[test]
fn every_truncation_is_found() {
    let world = World::new();
    let (trust, now) = (world.trust(), world.now);
    let good = world.lock().render().unwrap().into_bytes();
    for end in 0..good.len() {
        assert!(verify_lock(&good[..end], &trust, &[], now).is_err(), "cut at {end}");
    }
}
