//! Growing a Merkle tree and building proofs from its perfect subtrees.

use bounden_base::Digest;

use super::{empty_root, node_digest};

/// A perfect subtree: the leaves from `index · 2^level` up to `(index + 1) · 2^level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Height above the leaves.
    pub level: u32,
    /// Number from the left among the nodes of its level.
    pub index: u64,
}

/// What has to be known of a tree to append to it: its perfect subtrees from left to right.
#[derive(Clone, Debug, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Digest>,
}

/// A whole tree in memory.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    frontier: Frontier,
    nodes: Vec<Digest>,
}

impl Node {
    /// The place of the node in the order in which nodes become complete, from 0.
    ///
    /// Appending a leaf completes nodes with consecutive positions, so that all
    /// nodes of a growing tree can be stored as one sequence.
    #[must_use]
    pub fn position(self) -> u64 {
        let last_leaf = ((self.index + 1) << self.level) - 1;
        positions(last_leaf) + u64::from(self.level)
    }
}

/// How many nodes are complete in a tree of `size` leaves.
fn positions(size: u64) -> u64 {
    2 * size - u64::from(size.count_ones())
}

impl Frontier {
    /// The frontier of a tree of `size` leaves, reading its nodes.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn load<E>(size: u64, mut read: impl FnMut(Node) -> Result<Digest, E>) -> Result<Self, E> {
        let peaks = peaks(size).map(&mut read).collect::<Result<_, E>>()?;
        Ok(Self { size, peaks })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The position of the next node that becomes complete.
    #[must_use]
    pub fn next_position(&self) -> u64 {
        positions(self.size)
    }

    /// Appends a leaf and adds the nodes that it completes, in order of their positions.
    pub fn push(&mut self, leaf: Digest, completed: &mut Vec<Digest>) {
        let mut node = leaf;
        completed.push(node);
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            node = node_digest(left, node);
            completed.push(node);
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Digest {
        join(self.peaks.iter().copied())
    }
}

impl Tree {
    /// Appends a leaf by its digest.
    pub fn push(&mut self, leaf: Digest) {
        self.frontier.push(leaf, &mut self.nodes);
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.frontier.root()
    }

    /// Proves that the tree has leaf `index`; `None` where it has not.
    #[must_use]
    pub fn inclusion_proof(&self, index: u64) -> Option<Vec<Digest>> {
        let inside = index < self.size();
        inside.then(|| inclusion_proof(index, self.size(), |node| self.node(node)).ok()).flatten()
    }

    /// Proves that the tree extends its own first `old_size` leaves; `None` where it has fewer.
    #[must_use]
    pub fn consistency_proof(&self, old_size: u64) -> Option<Vec<Digest>> {
        let inside = old_size <= self.size();
        inside
            .then(|| consistency_proof(old_size, self.size(), |node| self.node(node)).ok())
            .flatten()
    }

    fn node(&self, node: Node) -> Result<Digest, ()> {
        let position = usize::try_from(node.position()).map_err(|_| ())?;
        self.nodes.get(position).copied().ok_or(())
    }
}

impl FromIterator<Digest> for Tree {
    fn from_iter<I: IntoIterator<Item = Digest>>(leaves: I) -> Self {
        leaves.into_iter().fold(Self::default(), |mut tree, leaf| {
            tree.push(leaf);
            tree
        })
    }
}

/// The root over the first `size` leaves, from nodes of that or a larger tree.
///
/// # Errors
/// Those of `read`.
pub fn root_at<E>(size: u64, read: impl FnMut(Node) -> Result<Digest, E>) -> Result<Digest, E> {
    Frontier::load(size, read).map(|frontier| frontier.root())
}

/// The path from leaf `index` to the root of the first `size` leaves (RFC 6962
/// section 2.1.1); empty where the tree has no such leaf.
///
/// # Errors
/// Those of `read`.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    mut read: impl FnMut(Node) -> Result<Digest, E>,
) -> Result<Vec<Digest>, E> {
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, if index < size { size } else { 0 });
    while end - start > 1 {
        let middle = start + left_width(end - start);
        if index < middle {
            proof.push(range_digest(middle, end, &mut read)?);
            end = middle;
        } else {
            proof.push(range_digest(start, middle, &mut read)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The nodes that show how the first `old_size` leaves grow to `new_size`
/// (RFC 6962 section 2.1.2); empty for an empty, equal or larger old tree.
///
/// # Errors
/// Those of `read`.
pub fn consistency_proof<E>(
    old_size: u64,
    new_size: u64,
    mut read: impl FnMut(Node) -> Result<Digest, E>,
) -> Result<Vec<Digest>, E> {
    let mut proof = Vec::new();
    if old_size == 0 || old_size >= new_size {
        return Ok(proof);
    }
    let (mut start, mut end) = (0, new_size);
    while old_size != end {
        let middle = start + left_width(end - start);
        if old_size <= middle {
            proof.push(range_digest(middle, end, &mut read)?);
            end = middle;
        } else {
            proof.push(range_digest(start, middle, &mut read)?);
            start = middle;
        }
    }
    // The verifier knows the old root itself; a part of it has to be told.
    if start > 0 {
        proof.push(range_digest(start, end, &mut read)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The largest power of two below `width`, for a width of at least 2.
fn left_width(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

/// The digest over leaves `start..end`, where `start` is a split of RFC 6962.
fn range_digest<E>(
    start: u64,
    end: u64,
    read: &mut impl FnMut(Node) -> Result<Digest, E>,
) -> Result<Digest, E> {
    let digests = peaks(end - start)
        .map(|Node { level, index }| read(Node { level, index: (start >> level) + index }));
    Ok(join(digests.collect::<Result<Vec<_>, E>>()?.into_iter()))
}

/// The perfect subtrees of a tree of `size` leaves, from left to right.
fn peaks(size: u64) -> impl Iterator<Item = Node> {
    (0..u64::BITS)
        .rev()
        .filter(move |level| size >> level & 1 == 1)
        .map(move |level| Node { level, index: (size >> level) - 1 })
}

fn join(peaks: impl DoubleEndedIterator<Item = Digest>) -> Digest {
    peaks.rev().reduce(|right, left| node_digest(left, right)).unwrap_or_else(empty_root)
}
