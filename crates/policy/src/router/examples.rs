//! What the examples show: in how many of them each feature occurs, and the
//! weights that follow.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{self, Peak};
use super::features;
use super::logarithm::log2;
use super::weights::Weights;
use super::words::Words;

/// Which side of the boundary a topic lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Inside,
    Outside,
}

/// Fewer examples weigh no more each than of so many: a topic with three would
/// otherwise be sure of everything.
const FULL: u32 = 16;

/// All examples of all topics, counted.
#[derive(Debug)]
pub(super) struct Examples {
    pub(super) sides: Vec<Side>,
    /// How many examples each topic has.
    totals: Vec<u32>,
    /// In how many examples of each topic a feature occurs.
    counts: BTreeMap<u64, Vec<u32>>,
    pub(super) all: Vec<Example>,
    /// The logarithms of small numbers.
    logarithms: Vec<i32>,
}

/// One example of a topic.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) topic: usize,
    pub(super) words: Words,
    keys: BTreeSet<u64>,
}

impl Examples {
    /// Counts the examples of topics, each with its side.
    pub(super) fn of<'e>(topics: impl Iterator<Item = (Side, &'e [String])>) -> Self {
        let topics: Vec<(Side, &[String])> = topics.collect();
        let most = topics.iter().map(|(_, texts)| texts.len()).max().unwrap_or(0);
        let most = u32::try_from(most).unwrap_or(u32::MAX).max(FULL);
        let mut examples = Self {
            sides: topics.iter().map(|(side, _)| *side).collect(),
            totals: vec![0; topics.len()],
            counts: BTreeMap::new(),
            all: Vec::new(),
            logarithms: (0..=most.saturating_mul(1 + FULL)).map(log2).collect(),
        };
        for (topic, (_, texts)) in topics.into_iter().enumerate() {
            texts.iter().for_each(|text| examples.count(topic, text));
        }
        examples
    }

    fn count(&mut self, topic: usize, text: &str) {
        let words = Words::of(text);
        let mut keys = BTreeSet::new();
        for index in 0..words.len() {
            features::of_word(&words, index, |feature| {
                keys.insert(feature.spelling.key());
            });
        }
        for key in &keys {
            let counts = self.counts.entry(*key).or_insert_with(|| vec![0; self.sides.len()]);
            counts.get_mut(topic).into_iter().for_each(|count| *count += 1);
        }
        self.totals.get_mut(topic).into_iter().for_each(|total| *total += 1);
        self.all.push(Example { topic, words, keys });
    }

    /// How many examples a topic has.
    pub(super) fn total(&self, topic: usize) -> u32 {
        self.totals.get(topic).copied().unwrap_or(0)
    }

    /// The weights of all features that tell topics apart.
    pub(super) fn table(&self) -> Weights {
        let rows = self.counts.iter().filter_map(|(key, counts)| {
            let row = self.weights(counts, None);
            let row = row.into_iter().map(|weight| i16::try_from(weight).unwrap_or(i16::MAX));
            let row: Vec<i16> = row.collect();
            row.iter().any(|weight| *weight != 0).then_some((*key, row))
        });
        Weights::new(rows, self.sides.len())
    }

    /// The peaks of an example under the weights of all the others.
    pub(super) fn without(&self, example: &Example) -> Vec<Peak> {
        evidence::peaks(&example.words, self.sides.len(), |feature, row| {
            let key = feature.spelling.key();
            let Some(counts) = self.counts.get(&key) else { return };
            let left_out = example.keys.contains(&key).then_some(example.topic);
            let mut counts = counts.clone();
            if let Some(count) = left_out.and_then(|topic| counts.get_mut(topic)) {
                *count -= 1;
            }
            for (sum, weight) in row.iter_mut().zip(self.weights(&counts, Some(example.topic))) {
                *sum += i64::from(weight) * feature.value;
            }
        })
    }

    /// What a feature weighs for each topic: how often it occurs there, less
    /// how often in the topic of the other side where it is most at home, in
    /// bits. A topic may have lost an example.
    fn weights(&self, counts: &[u32], shorter: Option<usize>) -> Vec<i32> {
        let frequency = |(topic, count): (usize, &u32)| {
            let total = self.total(topic) - u32::from(shorter == Some(topic));
            let of = total.max(FULL);
            self.logarithm(of + FULL * count) - self.logarithm(of)
        };
        let own: Vec<i32> = counts.iter().enumerate().map(frequency).collect();
        let most = |side: Side| {
            let there = self.sides.iter().zip(&own).filter(|(of, _)| **of == side);
            there.map(|(_, bits)| *bits).max().unwrap_or(0)
        };
        let (inside, outside) = (most(Side::Inside), most(Side::Outside));
        let against = |side: Side| if side == Side::Inside { outside } else { inside };
        own.iter().zip(&self.sides).map(|(bits, side)| bits - against(*side)).collect()
    }

    fn logarithm(&self, number: u32) -> i32 {
        let known = usize::try_from(number).ok().and_then(|number| self.logarithms.get(number));
        known.copied().unwrap_or_else(|| log2(number))
    }
}
