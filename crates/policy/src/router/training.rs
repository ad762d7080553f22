//! From the topics of a bundle to a trained router.

use std::collections::BTreeMap;

use bounden_base::Digest;
use serde::{Deserialize, Serialize};

use super::calibration;
use super::examples::{Examples, Side};
use super::phrases::Phrases;
use super::problems::RouterProblem;
use super::{ScopeRouter, TrainedTopic};
use crate::TopicName;

/// Most topics, both sides together.
pub const MOST_TOPICS: usize = 64;
/// Most examples, and most phrases, of all topics together.
pub const MOST_EXAMPLES: usize = 2_000;
/// The word for a request whose topic cannot be told, which no topic is called.
pub(crate) const AMBIGUOUS: &str = "ambiguous";

/// What requests are told apart by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Router {
    /// What the agent handles.
    #[serde(rename = "in", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inside: BTreeMap<TopicName, Topic>,
    /// What it must not handle.
    #[serde(rename = "out", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outside: BTreeMap<TopicName, Exclusion>,
    /// The lead in points that an answer needs; none where the examples are too
    /// few for any. Follows from the examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<i64>,
    /// The digest of the weights. Follows from the examples; where it is
    /// written, it has to be what they give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Digest>,
}

/// Something that the agent handles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Requests of this kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Words that decide by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<String>,
}

/// Something that the agent must not handle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Where such a case goes, a name in [`crate::Bundle::escalations`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate: Option<String>,
    /// Requests of this kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Words that decide by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<String>,
}

/// One topic of either side.
pub(super) struct Entry<'r> {
    pub(super) name: &'r TopicName,
    pub(super) side: Side,
    escalate: Option<&'r String>,
    pub(super) examples: &'r [String],
    pub(super) phrases: &'r [String],
}

impl ScopeRouter {
    /// Trains a router and brings what it was made from into its normal form:
    /// examples in order and once each, threshold and weights written.
    ///
    /// # Errors
    /// Every reason against it. A threshold or weights that are written and
    /// are not those that the examples give are one.
    pub fn train(from: &mut Router) -> Result<Self, Vec<RouterProblem>> {
        from.sort();
        let problems = from.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let examples = from.counted();
        let router = Self::of(from, &examples);
        let (threshold, weights) = (router.threshold, router.weights.digest());
        let differs = from.weights.is_some_and(|written| written != weights)
            || from.weights.is_some() && from.threshold != threshold
            || from.threshold.is_some_and(|written| Some(written) != threshold);
        if differs {
            let message = "the router's weights are not those that its examples give".to_owned();
            let help = Some("compile the intent again with this version".to_owned());
            return Err(vec![RouterProblem { topic: None, message, help }]);
        }
        (from.threshold, from.weights) = (threshold, Some(weights));
        Ok(router)
    }

    fn of(from: &Router, examples: &Examples) -> Self {
        let learned = |(index, entry): (usize, Entry<'_>)| TrainedTopic {
            name: entry.name.clone(),
            escalate: entry.escalate.cloned(),
            learned: examples.is_learned(index),
        };
        let mut phrases = Phrases::default();
        for side in [Side::Outside, Side::Inside] {
            for (index, entry) in from.entries().enumerate().filter(|(_, own)| own.side == side) {
                entry.phrases.iter().for_each(|phrase| phrases.add(index, phrase));
            }
        }
        let left_out = calibration::leave_out(examples);
        let threshold = examples.suffice().then(|| calibration::threshold(&left_out));
        Self {
            topics: from.entries().enumerate().map(learned).collect(),
            sides: examples.sides.clone(),
            weights: examples.table(),
            phrases,
            threshold,
            left_out,
        }
    }
}

impl Router {
    /// Whether there is nothing to tell requests apart by.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries().all(|entry| entry.examples.is_empty() && entry.phrases.is_empty())
    }

    /// The examples of a topic, on whichever side it is.
    #[must_use]
    pub fn examples(&self, topic: &TopicName) -> &[String] {
        self.entries().find(|entry| entry.name == topic).map_or(&[], |entry| entry.examples)
    }

    /// What a topic is known by: its phrases, then its examples.
    pub fn texts<'r>(&'r self, topic: &TopicName) -> impl Iterator<Item = &'r str> {
        let entry = self.entries().find(|entry| entry.name == topic);
        let texts = entry.into_iter().flat_map(|entry| entry.phrases.iter().chain(entry.examples));
        texts.map(String::as_str)
    }

    pub(super) fn counted(&self) -> Examples {
        Examples::of(self.entries().map(|entry| (entry.side, entry.examples)))
    }

    /// All topics, those inside first, each side by name.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let inside = self.inside.iter().map(|(name, topic)| Entry {
            name,
            side: Side::Inside,
            escalate: None,
            examples: &topic.examples,
            phrases: &topic.phrases,
        });
        let outside = self.outside.iter().map(|(name, topic)| Entry {
            name,
            side: Side::Outside,
            escalate: topic.escalate.as_ref(),
            examples: &topic.examples,
            phrases: &topic.phrases,
        });
        inside.chain(outside)
    }

    fn sort(&mut self) {
        let inside =
            self.inside.values_mut().map(|topic| (&mut topic.examples, &mut topic.phrases));
        let outside =
            self.outside.values_mut().map(|topic| (&mut topic.examples, &mut topic.phrases));
        for (examples, phrases) in inside.chain(outside) {
            for texts in [examples, phrases] {
                texts.sort();
                texts.dedup();
            }
        }
    }
}
