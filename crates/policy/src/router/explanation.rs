//! Why the router answers as it does: the words that speak for each side.

use std::collections::BTreeMap;

use serde::Serialize;

use super::evidence::{self, Peak};
use super::features::{self, Spelling};
use super::words::Words;
use super::{Route, ScopeRouter, Standing};
use crate::TopicName;

/// An answer with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The answer.
    pub route: Route,
    /// What speaks for the strongest topic in scope.
    pub inside: Option<Leaning>,
    /// What speaks for the strongest exclusion.
    pub outside: Option<Leaning>,
}

/// What speaks for one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leaning {
    /// The topic.
    pub topic: TopicName,
    /// How strongly: ten points are one bit of a whole word.
    pub points: i64,
    /// The run of words that speaks for it most.
    pub run: String,
    /// The features in it that weigh most, strongest first.
    pub why: Vec<Signal>,
}

/// One feature that speaks for a topic, or against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// As people write it.
    pub feature: String,
    /// What kind of feature it is.
    pub kind: FeatureKind,
    /// How much it adds; rounded towards zero.
    pub points: i64,
}

/// The kinds of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FeatureKind {
    /// A whole word.
    Word,
    /// Two words that follow one another.
    Pair,
    /// A few letters of a word.
    Part,
}

/// Most features that are named.
const MOST: usize = 5;

impl ScopeRouter {
    /// What a text is about, and why.
    #[must_use]
    pub fn explain(&self, text: &str) -> Explanation {
        let words = Words::of(text);
        let peaks = self.peaks(&words);
        let standing = Standing::of(&peaks, &self.sides, |_| true);
        let leaning = |topic: Option<usize>| self.leaning(&words, &peaks, topic?);
        Explanation {
            route: self.route(text),
            inside: leaning(standing.inside),
            outside: leaning(standing.outside),
        }
    }

    fn leaning(&self, words: &Words, peaks: &[Peak], topic: usize) -> Option<Leaning> {
        let peak = peaks.get(topic).filter(|peak| peak.points > 0)?;
        let mut sums: BTreeMap<(FeatureKind, String), i64> = BTreeMap::new();
        for index in peak.from..peak.to {
            features::of_word(words, index, |feature| {
                let row = self.weights.row(feature.spelling.key()).unwrap_or_default();
                let weight = row.get(topic).copied().map_or(0, i64::from) * feature.value;
                *sums.entry((feature.spelling.kind(), feature.spelling.text())).or_default() +=
                    weight;
            });
        }
        let mut why: Vec<Signal> = sums
            .into_iter()
            .map(|((kind, feature), sum)| Signal { feature, kind, points: evidence::points(sum) })
            .filter(|signal| signal.points != 0)
            .collect();
        why.sort_by_key(|signal| (-signal.points.abs(), signal.kind));
        why.truncate(MOST);
        let name = self.topics.get(topic)?.name.clone();
        let run = words.joined(peak.from, peak.to);
        Some(Leaning { topic: name, points: peak.points, run, why })
    }
}

impl Spelling<'_> {
    fn kind(&self) -> FeatureKind {
        match self {
            Self::Word(_) => FeatureKind::Word,
            Self::Pair(..) => FeatureKind::Pair,
            Self::Part(_) => FeatureKind::Part,
        }
    }
}
