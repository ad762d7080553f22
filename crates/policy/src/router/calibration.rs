//! How much more one side has to have than the other before the router answers.
//!
//! Each example is left out in turn, weights are made from all the others, and
//! the example is weighed by them. The threshold is the smallest whole number
//! of points, and at least [`LEAST`], at which none of them would have been
//! answered with the wrong side.

use super::examples::{Examples, Side};
use super::{Standing, answer};

/// More than one word that a single example has in common weighs.
pub(super) const LEAST: i64 = 27;
/// A topic of fewer examples is never an answer.
pub(super) const LEAST_EXAMPLES: u32 = 3;

/// What became of one example when it was left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeftOut {
    pub(super) topic: usize,
    /// Which one of its topic.
    pub(super) number: usize,
    pub(super) standing: Standing,
    /// The smallest threshold at which it is not answered with the wrong side.
    pub(super) needs: i64,
}

/// Leaves out each example in turn.
pub(super) fn leave_out(examples: &Examples) -> Vec<LeftOut> {
    let mut numbers = vec![0; examples.sides.len()];
    let mut left_out = Vec::with_capacity(examples.all.len());
    for example in &examples.all {
        let peaks = examples.without(example);
        let is_learned = |topic: usize| examples.is_learned(topic);
        let standing = Standing::of(&peaks, &examples.sides, is_learned);
        let number =
            numbers.get_mut(example.topic).map_or(0, |next| std::mem::replace(next, *next + 1));
        let own = examples.sides.get(example.topic).copied().unwrap_or(Side::Inside);
        let needs = needs(&standing, own);
        left_out.push(LeftOut { topic: example.topic, number, standing, needs });
    }
    left_out
}

/// The threshold that all examples need.
pub(super) fn threshold(left_out: &[LeftOut]) -> i64 {
    left_out.iter().map(|example| example.needs).max().unwrap_or(LEAST).max(LEAST)
}

/// One above the lead of the wrong side, if that would be an answer.
fn needs(standing: &Standing, own: Side) -> i64 {
    let lead = match own {
        Side::Inside => standing.outside_lead(),
        Side::Outside => standing.inside_lead(),
    };
    let wrong = answer(standing, lead.max(1)).is_some_and(|side| side != own);
    if wrong { lead + 1 } else { 0 }
}

impl Examples {
    /// Whether a topic has enough examples to be an answer.
    pub(super) fn is_learned(&self, topic: usize) -> bool {
        self.total(topic) >= LEAST_EXAMPLES
    }

    /// Whether both sides have a topic that can be an answer.
    pub(super) fn suffice(&self) -> bool {
        [Side::Inside, Side::Outside].into_iter().all(|side| {
            let mut topics = self.sides.iter().enumerate().filter(|(_, of)| **of == side);
            topics.any(|(topic, _)| self.is_learned(topic))
        })
    }
}
