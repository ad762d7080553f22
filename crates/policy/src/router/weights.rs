//! The weights of features, found by their keys.

use bounden_base::Digest;

/// Weights of known features, one for each topic.
#[derive(Debug, Default)]
pub(super) struct Weights {
    /// In order; spread evenly, since they are digests.
    keys: Vec<u64>,
    /// As many as there are topics for each key.
    weights: Vec<i16>,
    topics: usize,
    /// Where the keys begin that start with the same bits.
    starts: Vec<usize>,
    /// By how much a key is shifted to leave these bits.
    shift: u32,
}

impl Weights {
    /// The table of rows in the order of their keys.
    pub(super) fn new(rows: impl Iterator<Item = (u64, Vec<i16>)>, topics: usize) -> Self {
        let mut table = Self { topics, ..Self::default() };
        for (key, row) in rows {
            table.keys.push(key);
            table.weights.extend(row);
        }
        // About one key behind each start.
        let bits = table.keys.len().checked_ilog2().unwrap_or(0) + 1;
        table.shift = u64::BITS - bits;
        let first = |prefix: u64| table.keys.partition_point(|key| (key >> table.shift) < prefix);
        table.starts = (0..=(1 << bits)).map(first).collect();
        table
    }

    /// The weights of a feature; none where no example has it.
    pub(super) fn row(&self, key: u64) -> Option<&[i16]> {
        let prefix = usize::try_from(key >> self.shift).ok()?;
        let (from, to) = (*self.starts.get(prefix)?, *self.starts.get(prefix + 1)?);
        let place = self.keys.get(from..to)?.iter().position(|known| *known == key)? + from;
        self.weights.get(place * self.topics..(place + 1) * self.topics)
    }

    /// How many features have weights.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The digest of all weights: for each key its eight bytes and the two of
    /// each weight, most significant first.
    pub(super) fn digest(&self) -> Digest {
        let mut bytes = Vec::with_capacity(self.keys.len() * (8 + 2 * self.topics));
        for (key, row) in self.keys.iter().zip(self.weights.chunks(self.topics.max(1))) {
            bytes.extend(key.to_be_bytes());
            row.iter().for_each(|weight| bytes.extend(weight.to_be_bytes()));
        }
        Digest::of(bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_key_finds_its_own_weights(keys in proptest::collection::btree_set(any::<u64>(), 0..200), other: u64) {
            let rows = keys.iter().map(|key| (*key, vec![(key % 100) as i16, 7]));
            let table = Weights::new(rows, 2);
            for key in &keys {
                prop_assert_eq!(table.row(*key), Some(&[(key % 100) as i16, 7][..]));
            }
            prop_assert_eq!(table.row(other).is_some(), keys.contains(&other));
            prop_assert_eq!(table.len(), keys.len());
        }
    }

    #[test]
    fn keys_that_begin_alike_are_told_apart() {
        let table = Weights::new([(0, vec![1]), (1, vec![2]), (u64::MAX, vec![3])].into_iter(), 1);
        assert_eq!(table.row(1), Some(&[2][..]));
        assert_eq!(table.row(u64::MAX), Some(&[3][..]));
        assert_eq!(table.row(2), None);
    }
}
