//! What the router makes of its own examples, for whoever writes them.

use super::calibration::{LEAST, LEAST_EXAMPLES, LeftOut};
use super::{Router, Scope, ScopeRouter, Side};
use crate::TopicName;

/// One example, and how it fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The topic that it was given for.
    pub topic: TopicName,
    /// The example.
    pub example: String,
    /// What the trained router says of it.
    pub trained: Outcome,
    /// What it would say if the example had not been given.
    pub left_out: Outcome,
    /// The threshold that this example alone demands, if that is more than the least one.
    pub raises: Option<i64>,
}

/// What became of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is answered with its own side.
    Right,
    /// It is not answered.
    Ambiguous,
    /// It is answered with the other side.
    Wrong,
}

impl ScopeRouter {
    /// The fewest examples by which a topic can be an answer.
    pub const LEAST_EXAMPLES: u32 = LEAST_EXAMPLES;

    /// How each example fares, with the router that was trained from these.
    #[must_use]
    pub fn review(&self, from: &Router) -> Vec<Reviewed> {
        self.left_out.iter().filter_map(|left_out| self.reviewed(from, left_out)).collect()
    }

    fn reviewed(&self, from: &Router, left_out: &LeftOut) -> Option<Reviewed> {
        let topic = self.topics.get(left_out.topic)?.name.clone();
        let example = from.examples(&topic).get(left_out.number)?.clone();
        let own = *self.sides.get(left_out.topic)?;
        let trained = match self.route(&example).scope {
            Scope::Ambiguous => None,
            Scope::Inside(_) => Some(Side::Inside),
            Scope::Outside { .. } => Some(Side::Outside),
        };
        let without =
            self.threshold.and_then(|threshold| super::answer(&left_out.standing, threshold));
        Some(Reviewed {
            topic,
            example,
            trained: Outcome::of(trained, own),
            left_out: Outcome::of(without, own),
            raises: (left_out.needs > LEAST).then_some(left_out.needs),
        })
    }
}

impl Outcome {
    fn of(answered: Option<Side>, own: Side) -> Self {
        match answered {
            None => Self::Ambiguous,
            Some(side) if side == own => Self::Right,
            Some(_) => Self::Wrong,
        }
    }
}
