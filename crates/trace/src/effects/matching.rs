//! Maximum bipartite matching by augmenting paths (Kuhn).

/// Pairs as many left with right nodes as edges allow; for each left node its
/// partner. `edge` says whether a left and a right node may be paired.
///
/// How many pairs there are does not depend on the order of either side.
#[must_use]
pub fn maximum_matching(
    left: usize,
    right: usize,
    edge: impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let mut search = Search { edge, partners: vec![None; right] };
    for node in 0..left {
        let mut visited = vec![false; right];
        search.augment(node, &mut visited);
    }
    let mut pairs = vec![None; left];
    for (right, partner) in search.partners.iter().enumerate() {
        if let Some(pair) = partner.and_then(|left| pairs.get_mut(left)) {
            *pair = Some(right);
        }
    }
    pairs
}

struct Search<E> {
    edge: E,
    /// For each right node its left partner.
    partners: Vec<Option<usize>>,
}

impl<E: Fn(usize, usize) -> bool> Search<E> {
    /// Finds `left` a partner, moving others where they can move.
    fn augment(&mut self, left: usize, visited: &mut [bool]) -> bool {
        for right in 0..self.partners.len() {
            let Some(seen) = visited.get_mut(right) else { continue };
            if *seen || !(self.edge)(left, right) {
                continue;
            }
            *seen = true;
            let holder = self.partners.get(right).copied().flatten();
            if holder.is_none_or(|holder| self.augment(holder, visited)) {
                if let Some(partner) = self.partners.get_mut(right) {
                    *partner = Some(left);
                }
                return true;
            }
        }
        false
    }
}
