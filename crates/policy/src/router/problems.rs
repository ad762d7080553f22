//! What stands against a scope that requests are to be told apart by.

use std::collections::BTreeMap;

use super::ScopeRouter;
use super::examples::Side;
use super::training::{AMBIGUOUS, Entry, MOST_EXAMPLES, MOST_TOPICS, Router};
use super::words::Words;
use crate::TopicName;

/// Longest example or phrase, in bytes.
const LONGEST: usize = 1_000;

/// Why no router can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RouterProblem {
    /// The topic that it is about, if it is about one.
    pub topic: Option<TopicName>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl RouterProblem {
    fn new(topic: Option<&TopicName>, message: String, help: &str) -> Self {
        Self { topic: topic.cloned(), message, help: Some(help.to_owned()) }
    }
}

impl Router {
    /// Every reason why it cannot be trained.
    pub(super) fn problems(&self) -> Vec<RouterProblem> {
        let names = self.entries().filter_map(|entry| self.misnamed(&entry));
        let texts = self.entries().filter_map(|entry| misread(&entry));
        self.too_large().into_iter().chain(names).chain(texts).chain(self.spoken_twice()).collect()
    }

    fn too_large(&self) -> Option<RouterProblem> {
        let texts: usize =
            self.entries().map(|entry| entry.examples.len() + entry.phrases.len()).sum();
        if self.entries().count() > MOST_TOPICS {
            let message = format!("there are more than {MOST_TOPICS} topics");
            Some(RouterProblem::new(None, message, "join some of them"))
        } else if texts > MOST_EXAMPLES {
            let message = format!("there are more than {MOST_EXAMPLES} examples and phrases");
            Some(RouterProblem::new(None, message, "keep the ones that differ most"))
        } else {
            None
        }
    }

    /// A name that stands on both sides, or means something else.
    fn misnamed(&self, entry: &Entry<'_>) -> Option<RouterProblem> {
        let name = entry.name;
        if entry.side == Side::Outside && self.inside.contains_key(name) {
            let message = format!("`{name}` is both in scope and excluded");
            return Some(RouterProblem::new(
                Some(name),
                message,
                "give one of the two another name",
            ));
        }
        (name.as_str() == AMBIGUOUS).then(|| {
            let message = format!("no topic can be called `{AMBIGUOUS}`");
            let help = "give it another name: by this one rules know a request that no topic fits";
            RouterProblem::new(Some(name), message, help)
        })
    }

    /// Phrases that would decide for two topics.
    fn spoken_twice(&self) -> Vec<RouterProblem> {
        let mut first: BTreeMap<Vec<String>, &TopicName> = BTreeMap::new();
        let mut problems = Vec::new();
        for entry in self.entries() {
            for phrase in entry.phrases {
                let other = *first.entry(ScopeRouter::words(phrase)).or_insert(entry.name);
                if other != entry.name {
                    let message =
                        format!("`{phrase}` decides for `{other}` and for `{}`", entry.name);
                    let help = "leave the phrase to one of them";
                    problems.push(RouterProblem::new(Some(entry.name), message, help));
                }
            }
        }
        problems
    }
}

/// A text that says nothing, or more than a request does.
fn misread(entry: &Entry<'_>) -> Option<RouterProblem> {
    let is_wrong = |text: &&String| text.len() > LONGEST || Words::of(text).len() == 0;
    entry.examples.iter().chain(entry.phrases).find(is_wrong).map(|text| {
        let short: String = text.chars().take(20).collect();
        let message =
            format!("`{short}`, for `{}`, has no words, or more than {LONGEST} bytes", entry.name);
        RouterProblem::new(Some(entry.name), message, "write what a person would ask")
    })
}
