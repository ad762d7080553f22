//! Whatever is appended in whatever portions, everything is proved.

use bounden_ledger::lock::Inclusion;
use bounden_ledger::merkle::{verify_consistency, verify_inclusion};
use bounden_ledger::{Checkpoint, Note};
use proptest::prelude::*;

use super::world::{remark, signer, store};
use crate::StoreError;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_entry_and_every_pair_of_sizes_is_proved(batches in prop::collection::vec(0u32..9, 1..6)) {
        let mut store = store();
        let mut history = vec![store.head().unwrap()];
        for batch in batches {
            let head = store.head().unwrap();
            let start = u32::try_from(head.size).unwrap();
            let entries: Vec<_> = (start..start + batch).map(remark).collect();
            let appended = store.append(&head, &entries, &signer()).unwrap();
            let signed = Checkpoint::open(&appended.checkpoint, store.verifier()).unwrap();
            prop_assert_eq!(signed.size, head.size + u64::from(batch));
            history.push(signed);
        }
        let head = store.head().unwrap();
        for known in &history {
            prop_assert_eq!(store.root_at(known.size).unwrap(), known.root);
        }
        for new in 1..=head.size {
            let root = store.root_at(new).unwrap();
            for number in 0..new {
                let leaf = store.entry(number).unwrap().leaf_digest();
                let proof = store.inclusion_proof(number, new).unwrap();
                prop_assert_eq!(verify_inclusion(number, new, leaf, &proof, root), Ok(()));
            }
            for old in 1..=new {
                let proof = store.consistency_proof(old, new).unwrap();
                let old_root = store.root_at(old).unwrap();
                prop_assert_eq!(verify_consistency(old, new, old_root, root, &proof), Ok(()));
            }
        }
        prop_assert_eq!(store.audit().unwrap().findings, vec![]);
    }
}

#[test]
fn a_lock_gets_its_whole_proof() {
    let mut store = super::world::store_of(&[remark(0), remark(1)]);
    let read = store.head().unwrap();
    store.append(&read, &[remark(2)], &signer()).unwrap();
    store.append(&store.head().unwrap(), &[remark(3), remark(4)], &signer()).unwrap();
    let Inclusion { leaf_index, tree_size, hashes, consistency, checkpoint } =
        store.inclusion(2, &read).unwrap();
    let note: Note = checkpoint.parse().unwrap();
    let now = Checkpoint::open(&note, store.verifier()).unwrap();
    assert_eq!((leaf_index, tree_size), (2, now.size));
    let leaf = store.entry(2).unwrap().leaf_digest();
    assert_eq!(verify_inclusion(2, now.size, leaf, &hashes, now.root), Ok(()));
    assert_eq!(verify_consistency(read.size, now.size, read.root, now.root, &consistency), Ok(()));
}

#[test]
fn what_is_not_there_is_not_proved() {
    let mut store = super::world::store_of(&[remark(0)]);
    let missing = |result: Result<(), StoreError>| matches!(result, Err(StoreError::NotFound(_)));
    assert!(missing(store.inclusion_proof(1, 1).map(drop)));
    assert!(missing(store.inclusion_proof(0, 2).map(drop)));
    assert!(missing(store.inclusion_proof(u64::MAX, u64::MAX).map(drop)));
    assert!(missing(store.consistency_proof(0, 2).map(drop)));
    assert!(missing(store.consistency_proof(2, 1).map(drop)));
    assert!(missing(store.root_at(2).map(drop)));
    let head = store.head().unwrap();
    store.record(&head, &[remark(1)]).unwrap();
    assert!(missing(store.inclusion(1, &head).map(drop)), "not signed yet");
}
