//! Merkle tree hashing and proofs (RFC 6962 section 2.1, verified as RFC 9162 sections 2.1.3.2 and 2.1.4.2).

mod tree;

use bounden_base::Digest;
use sha2::{Digest as _, Sha256};

pub use tree::{Frontier, Node, Tree, consistency_proof, inclusion_proof, root_at};

/// A Merkle proof does not prove what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The position or size lies outside the tree.
    #[error("the position lies outside the tree")]
    OutOfRange,
    /// The proof has too many or too few digests for these sizes.
    #[error("the proof does not have the length that the tree demands")]
    Length,
    /// The digests lead to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// The digest of a leaf: SHA-256 over the byte 0 and the leaf.
#[must_use]
pub fn leaf_digest(leaf: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::new().chain_update([0]).chain_update(leaf).finalize().into())
}

/// The digest of an inner node: SHA-256 over the byte 1 and both children.
#[must_use]
pub fn node_digest(left: Digest, right: Digest) -> Digest {
    let hasher = Sha256::new().chain_update([1]);
    let hasher = hasher.chain_update(left.as_bytes()).chain_update(right.as_bytes());
    Digest::from_bytes(hasher.finalize().into())
}

/// The root of the tree without leaves.
#[must_use]
pub fn empty_root() -> Digest {
    Digest::of("")
}

/// Checks that `leaf` is leaf number `index` of the tree with `size` leaves and this `root`.
///
/// # Errors
/// Any other leaf, place, tree or proof.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: Digest,
    proof: &[Digest],
    root: Digest,
) -> Result<(), ProofError> {
    let mut last = size.checked_sub(1).ok_or(ProofError::OutOfRange)?;
    let mut at = index;
    if at > last {
        return Err(ProofError::OutOfRange);
    }
    let mut digest = leaf;
    for &sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            digest = node_digest(sibling, digest);
            (at, last) = skip_missing_right_siblings(at, last);
        } else {
            digest = node_digest(digest, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    finish(last, digest == root)
}

/// Checks that the tree with `new_size` leaves extends the tree with `old_size` leaves.
///
/// # Errors
/// Any other pair of trees or proof. An old size of 0 proves nothing and is
/// refused unless the new size is 0, too.
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    old_root: Digest,
    new_root: Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old_size == new_size {
        return finish(u64::from(!proof.is_empty()), old_root == new_root);
    }
    if old_size == 0 || old_size > new_size {
        return Err(ProofError::OutOfRange);
    }
    let (start, rest) = if old_size.is_power_of_two() && !proof.is_empty() {
        (old_root, proof)
    } else {
        proof.split_first().map(|(first, rest)| (*first, rest)).ok_or(ProofError::Length)?
    };
    let levels = (old_size - 1).trailing_ones();
    let (mut at, mut last) = ((old_size - 1) >> levels, (new_size - 1) >> levels);
    let (mut old, mut new) = (start, start);
    for &sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            old = node_digest(sibling, old);
            new = node_digest(sibling, new);
            (at, last) = skip_missing_right_siblings(at, last);
        } else {
            new = node_digest(new, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    finish(last, old == old_root && new == new_root)
}

/// At the right border a node without a right sibling moves up unchanged.
fn skip_missing_right_siblings(mut at: u64, mut last: u64) -> (u64, u64) {
    while at & 1 == 0 && at != 0 {
        (at, last) = (at >> 1, last >> 1);
    }
    (at, last)
}

fn finish(levels_left: u64, roots_match: bool) -> Result<(), ProofError> {
    match (levels_left, roots_match) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

#[cfg(test)]
mod tests;
