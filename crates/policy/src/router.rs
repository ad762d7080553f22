//! The scope router: says of a request which topic it is about, which
//! exclusion, or that this cannot be told, from the intent's own examples.
//!
//! A linear classifier over words, pairs of words and parts of words, trained
//! and asked in whole numbers only, so that the answer is the same everywhere.

mod calibration;
mod evidence;
mod examples;
mod explanation;
mod features;
mod glyphs;
mod logarithm;
mod phrases;
mod problems;
mod review;
mod silent;
mod training;
mod weights;
mod words;

use calibration::LeftOut;
use evidence::Peak;
use examples::Side;
use phrases::Phrases;
use weights::Weights;
use words::Words;

use crate::TopicName;

pub use explanation::{Explanation, FeatureKind, Leaning, Signal};
pub use problems::RouterProblem;
pub use review::{Outcome, Reviewed};
pub(crate) use training::AMBIGUOUS;
pub use training::{Exclusion, MOST_EXAMPLES, MOST_TOPICS, Router, Topic};

/// A trained router: made from a [`Router`] only.
#[derive(Debug)]
pub struct ScopeRouter {
    topics: Vec<TrainedTopic>,
    sides: Vec<Side>,
    weights: Weights,
    phrases: Phrases,
    /// None where the examples are too few for any answer.
    threshold: Option<i64>,
    /// How each example fares without itself.
    left_out: Vec<LeftOut>,
}

#[derive(Debug)]
struct TrainedTopic {
    name: TopicName,
    escalate: Option<String>,
    /// Whether it has enough examples to be an answer.
    learned: bool,
}

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A topic that the agent handles.
    Inside(TopicName),
    /// One that it must not handle, and where such a case goes.
    Outside {
        /// The exclusion.
        topic: TopicName,
        /// The name of an escalation path.
        escalate: Option<String>,
    },
    /// The text does not say, or speaks of both.
    Ambiguous,
}

/// The answer to one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// What it is about.
    pub scope: Scope,
    /// The phrase that decided, if one did.
    pub phrase: Option<String>,
    /// By how many points the stronger side leads.
    pub margin: i64,
    /// The lead that an answer needs; none where the examples are too few for any.
    pub threshold: Option<i64>,
    /// Whether something in it may be about an exclusion.
    pub suspect: bool,
}

/// How strongly both sides speak.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// The strongest topic that can be an answer.
    inside: Option<usize>,
    outside: Option<usize>,
    /// The points of these two.
    inside_points: i64,
    outside_points: i64,
    /// The most points of any topic, those of too few examples included.
    inside_most: i64,
    outside_most: i64,
}

impl ScopeRouter {
    /// What a text is about.
    #[must_use]
    pub fn route(&self, text: &str) -> Route {
        let words = Words::of(text);
        let standing =
            Standing::of(&self.peaks(&words), &self.sides, |topic| self.is_learned(topic));
        let said = self.phrases.find(&words);
        let bar = self.threshold.unwrap_or(calibration::LEAST);
        let suspect = words.is_cut || standing.is_suspect(bar);
        let by_phrase = said.as_ref().filter(|said| self.is_outside(said.topic) || !suspect);
        let by_examples = self.threshold.and_then(|threshold| answer(&standing, threshold));
        let topic = match (by_phrase, by_examples) {
            (Some(said), _) => Some(said.topic),
            (None, Some(Side::Inside)) if suspect => None,
            (None, Some(Side::Inside)) => standing.inside,
            (None, Some(Side::Outside)) => standing.outside,
            (None, None) => None,
        };
        Route {
            scope: self.scope(topic),
            phrase: by_phrase.map(|said| said.phrase.to_owned()),
            margin: standing.inside_lead().max(standing.outside_lead()),
            threshold: self.threshold,
            suspect,
        }
    }

    /// The words of a text as they are compared.
    #[must_use]
    pub fn words(text: &str) -> Vec<String> {
        let words = Words::of(text);
        (0..words.len()).map(|index| words.word(index).to_owned()).collect()
    }

    /// The names of all topics, those inside first.
    pub fn topics(&self) -> impl Iterator<Item = &TopicName> {
        self.topics.iter().map(|topic| &topic.name)
    }

    /// How many features have weights.
    #[must_use]
    pub fn features(&self) -> usize {
        self.weights.len()
    }

    fn peaks(&self, words: &Words) -> Vec<Peak> {
        evidence::peaks(words, self.topics.len(), |feature, row| {
            let weights = self.weights.row(feature.spelling.key()).unwrap_or_default();
            for (sum, weight) in row.iter_mut().zip(weights) {
                *sum += i64::from(*weight) * feature.value;
            }
        })
    }

    fn is_learned(&self, topic: usize) -> bool {
        self.topics.get(topic).is_some_and(|topic| topic.learned)
    }

    fn is_outside(&self, topic: usize) -> bool {
        self.sides.get(topic) == Some(&Side::Outside)
    }

    fn scope(&self, topic: Option<usize>) -> Scope {
        let found = topic.and_then(|index| Some((index, self.topics.get(index)?)));
        match found {
            None => Scope::Ambiguous,
            Some((index, topic)) if self.is_outside(index) => {
                Scope::Outside { topic: topic.name.clone(), escalate: topic.escalate.clone() }
            }
            Some((_, topic)) => Scope::Inside(topic.name.clone()),
        }
    }
}

/// The side that leads by the threshold. The inside is no answer where
/// something may be about an exclusion.
fn answer(standing: &Standing, threshold: i64) -> Option<Side> {
    if standing.outside_lead() >= threshold {
        Some(Side::Outside)
    } else if standing.inside_lead() >= threshold && !standing.is_suspect(threshold) {
        Some(Side::Inside)
    } else {
        None
    }
}

impl Standing {
    fn of(peaks: &[Peak], sides: &[Side], is_learned: impl Fn(usize) -> bool) -> Self {
        let mut standing = Self::default();
        for (topic, (peak, side)) in peaks.iter().zip(sides).enumerate() {
            let (best, points, most) = match side {
                Side::Inside => {
                    (&mut standing.inside, &mut standing.inside_points, &mut standing.inside_most)
                }
                Side::Outside => (
                    &mut standing.outside,
                    &mut standing.outside_points,
                    &mut standing.outside_most,
                ),
            };
            *most = peak.points.max(*most);
            // Of two that are as strong, the first by name is taken.
            if is_learned(topic) && (best.is_none() || peak.points > *points) {
                (*best, *points) = (Some(topic), peak.points);
            }
        }
        standing
    }

    fn inside_lead(&self) -> i64 {
        self.inside_points - self.outside_most
    }

    fn outside_lead(&self) -> i64 {
        self.outside_points - self.inside_most
    }

    /// Whether an exclusion has half of what an answer needs.
    fn is_suspect(&self, threshold: i64) -> bool {
        2 * self.outside_most >= threshold
    }
}

#[cfg(test)]
mod tests;
