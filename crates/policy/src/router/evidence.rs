//! How strongly a text speaks of each topic: the sum of weights over the run of
//! words that speaks of it most.
//!
//! A run, not the whole text: words before and after an excluded request do
//! not make it weaker, however many there are.

use super::features::{self, Feature};
use super::words::Words;

/// What sums of weights are divided by: ten points are one bit of a whole word.
const POINT: i64 = 60 * (super::logarithm::ONE as i64) / 10;

/// The run of words that speaks most of one topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Peak {
    /// In points; none below zero.
    pub(super) points: i64,
    /// The first word of the run.
    pub(super) from: usize,
    /// The word after it.
    pub(super) to: usize,
}

/// The sum over the current run, and the largest one so far (Kadane's algorithm).
#[derive(Clone, Copy, Default)]
struct Run {
    sum: i64,
    from: usize,
    best: i64,
    peak: Peak,
}

/// The peak of each topic; `weigh` adds what a feature weighs for each.
pub(super) fn peaks(
    words: &Words,
    topics: usize,
    mut weigh: impl FnMut(&Feature<'_>, &mut [i64]),
) -> Vec<Peak> {
    let mut runs = vec![Run::default(); topics];
    let mut row = vec![0; topics];
    for index in 0..words.len() {
        row.fill(0);
        features::of_word(words, index, |feature| weigh(&feature, &mut row));
        for (run, weight) in runs.iter_mut().zip(&row) {
            run.go_on(index, *weight);
        }
    }
    runs.into_iter().map(|run| Peak { points: run.best / POINT, ..run.peak }).collect()
}

/// Points for a sum of weights.
pub(super) fn points(sum: i64) -> i64 {
    sum / POINT
}

impl Run {
    fn go_on(&mut self, index: usize, weight: i64) {
        if self.sum <= 0 {
            (self.sum, self.from) = (0, index);
        }
        self.sum = self.sum.saturating_add(weight);
        if self.sum > self.best {
            self.best = self.sum;
            self.peak = Peak { points: 0, from: self.from, to: index + 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The peak where `good` weighs one point and `bad` minus one.
    fn peak(text: &str) -> Peak {
        let words = Words::of(text);
        let weigh = |feature: &Feature<'_>, row: &mut [i64]| {
            row[0] += match feature.spelling {
                features::Spelling::Word("good") => POINT,
                features::Spelling::Word("bad") => -POINT,
                _ => 0,
            };
        };
        peaks(&words, 1, weigh)[0]
    }

    #[test]
    fn the_best_run_counts_whatever_surrounds_it() {
        assert_eq!(peak("good good"), Peak { points: 2, from: 0, to: 2 });
        assert_eq!(peak("bad bad good bad good good bad"), Peak { points: 2, from: 4, to: 6 });
        assert_eq!(peak("good good bad good good"), Peak { points: 3, from: 0, to: 5 });
        let padded = format!("{0} good good {0}", "bad ".repeat(40));
        assert_eq!(peak(&padded).points, 2);
        assert_eq!(peak("bad"), Peak::default());
        assert_eq!(peak(""), Peak::default());
    }
}
