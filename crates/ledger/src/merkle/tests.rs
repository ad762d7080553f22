//! The published vectors, and every proof of every small tree.

use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding as _};
use serde_json::Value;

use super::*;

fn leaves(count: u64) -> Vec<Digest> {
    (0..count).map(|index| leaf_digest(&index.to_be_bytes())).collect()
}

/// The root straight from the definition in RFC 6962 section 2.1.
fn defined_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_digest(defined_root(left), defined_root(right))
        }
    }
}

#[test]
fn roots_follow_the_definition() {
    for count in 0..70 {
        let tree: Tree = leaves(count).into_iter().collect();
        assert_eq!(tree.root(), defined_root(&leaves(count)), "{count} leaves");
    }
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_no_other() {
    for size in 1..40 {
        let leaves = leaves(size);
        let tree: Tree = leaves.iter().copied().collect();
        for (index, leaf) in (0..).zip(&leaves) {
            let proof = tree.inclusion_proof(index).unwrap();
            for other in 0..size + 2 {
                let verdict = verify_inclusion(other, size, *leaf, &proof, tree.root());
                assert_eq!(verdict.is_ok(), other == index, "leaf {index} as {other} of {size}");
            }
            let mut longer = proof.clone();
            longer.push(*leaf);
            assert!(verify_inclusion(index, size, *leaf, &longer, tree.root()).is_err());
        }
        assert_eq!(tree.inclusion_proof(size), None);
    }
}

#[test]
fn every_pair_of_small_trees_is_consistent_and_no_other() {
    for new in 1..40 {
        let leaves = leaves(new);
        let tree: Tree = leaves.iter().copied().collect();
        for old in 1..=new {
            let old_root = defined_root(&leaves[..usize::try_from(old).unwrap()]);
            let proof = tree.consistency_proof(old).unwrap();
            verify_consistency(old, new, old_root, tree.root(), &proof).unwrap();
            let forked = leaf_digest(b"another history");
            assert!(verify_consistency(old, new, forked, tree.root(), &proof).is_err());
            assert!(verify_consistency(old, new, old_root, forked, &proof).is_err());
        }
    }
}

#[test]
fn positions_are_dense() {
    let mut frontier = Frontier::default();
    let mut completed = Vec::new();
    for (index, leaf) in (0..).zip(leaves(64)) {
        let position = Node { level: 0, index }.position();
        assert_eq!(position, frontier.next_position());
        assert_eq!(position, completed.len() as u64);
        frontier.push(leaf, &mut completed);
    }
    assert_eq!(Node { level: 6, index: 0 }.position(), 126);
}

#[test]
fn published_inclusion_proofs() {
    let tried = for_each_vector("rfc6962/inclusion", |vector| {
        verify_inclusion(
            vector["leafIdx"].as_u64()?,
            vector["treeSize"].as_u64()?,
            digest(&vector["leafHash"])?,
            &proof(&vector["proof"])?,
            digest(&vector["root"])?,
        )
        .ok()
    });
    assert!(tried.is_none_or(|tried| tried == 98), "{tried:?}");
}

#[test]
fn published_consistency_proofs() {
    let tried = for_each_vector("rfc6962/consistency", |vector| {
        verify_consistency(
            vector["size1"].as_u64()?,
            vector["size2"].as_u64()?,
            root(&vector["root1"]),
            root(&vector["root2"]),
            &proof(&vector["proof"])?,
        )
        .ok()
    });
    assert!(tried.is_none_or(|tried| tried == 97), "{tried:?}");
}

/// Runs `accepts` on every vector below `folder` and compares; how many there were.
fn for_each_vector(folder: &str, accepts: impl Fn(&Value) -> Option<()>) -> Option<usize> {
    let files = json_files(&bounden_testkit::vectors()?.join(folder));
    for file in &files {
        let vector: Value = serde_json::from_slice(&bounden_testkit::read(file)).unwrap();
        let refused = accepts(&vector).is_none();
        assert_eq!(refused, vector["wantErr"], "{}", file.display());
    }
    Some(files.len())
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { json_files(&path) } else { vec![path] }).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().unwrap_or_default()).unwrap()
}

fn digest(value: &Value) -> Option<Digest> {
    bytes(value).try_into().ok().map(Digest::from_bytes)
}

/// Two equal trees are consistent whatever their root is: some vectors use roots
/// of another length for that, which are kept apart from real digests here.
fn root(value: &Value) -> Digest {
    digest(value).unwrap_or_else(|| Digest::of([b"no digest: ", bytes(value).as_slice()].concat()))
}

fn proof(value: &Value) -> Option<Vec<Digest>> {
    value.as_array().into_iter().flatten().map(digest).collect()
}
