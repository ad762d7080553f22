//! Where values came from: fingerprints of what users said and tools answered.
//!
//! A value is known again by its words, so that an account number inside a long
//! mail is found when it turns up as an argument. Every doubt falls on the side
//! of less trust.

mod fingerprint;
mod words;

use std::collections::BTreeMap;

use bounden_base::Json;
use serde::{Deserialize, Serialize};

use crate::cost;
use crate::doubt::Doubt;
use crate::value::Value;

use fingerprint::Fingerprint;
use words::Words;

/// Most fingerprints of one session, some 100 KB of different text. They take
/// about 2 MB.
pub(crate) const MOST_FINGERPRINTS: usize = 65_536;

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Origin {
    /// The user's own words.
    User,
    /// Answers of tools that are labelled `trusted`.
    Trusted,
    /// Nobody has said it in this session, or the agent was the first.
    Unknown,
    /// Any other answer of a tool.
    Untrusted,
}

/// What a session was told, by whom first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Provenance {
    pub(crate) seen: BTreeMap<Fingerprint, Origin>,
    /// Whether something was said that is not among the fingerprints.
    pub(crate) is_incomplete: bool,
    /// So many fingerprints there may be.
    #[serde(skip)]
    most: usize,
}

impl Default for Provenance {
    fn default() -> Self {
        Self { seen: BTreeMap::new(), is_incomplete: false, most: MOST_FINGERPRINTS }
    }
}

impl Origin {
    pub(crate) const NAMES: [&str; 4] = ["user", "trusted", "untrusted", "unknown"];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Trusted => "trusted",
            Self::Unknown => "unknown",
            Self::Untrusted => "untrusted",
        }
    }
}

impl Provenance {
    /// Something is said, and as much of it is kept as takes no more than `room`.
    /// Where no rule asks for origins, only that it was is kept.
    pub(crate) fn hear(&mut self, is_asked: bool, room: usize, learn: impl FnOnce(&mut Self)) {
        if is_asked {
            self.most = MOST_FINGERPRINTS.min(self.seen.len() + room / cost::FINGERPRINT);
            learn(self);
        } else {
            self.is_incomplete = true;
        }
    }

    /// Bytes that the fingerprints take.
    pub(crate) fn bytes(&self) -> usize {
        self.seen.len() * cost::FINGERPRINT
    }

    /// Keeps what a text says.
    pub(crate) fn learn_text(&mut self, text: &str, from: Origin) {
        for form in words::forms(text) {
            let learned = Words::of(&form).each(&mut |print| self.learn(print, from));
            self.is_incomplete |= learned.is_none();
        }
    }

    /// Keeps what an answer says, in whatever form.
    pub(crate) fn learn_json(&mut self, json: &Json, from: Origin) {
        match json {
            Json::String(text) => self.learn_text(text, from),
            Json::Number(number) => self.learn_text(&number.to_string(), from),
            Json::Array(items) => items.iter().for_each(|item| self.learn_json(item, from)),
            Json::Object(members) => {
                for (name, member) in members {
                    self.learn_text(name, from);
                    self.learn_json(member, from);
                }
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    /// What the user said first stays the user's; anything else is as little
    /// trusted as the least of those that said it.
    fn learn(&mut self, print: Fingerprint, from: Origin) -> Option<()> {
        if let Some(known) = self.seen.get_mut(&print) {
            // The agent's repeating a word says nothing of where it has it from.
            if *known != Origin::User && from != Origin::Unknown {
                *known = (*known).max(from);
            }
            return Some(());
        }
        if self.seen.len() >= self.most {
            return None;
        }
        // Whether the user is the first to say it is not known where something was missed.
        let is_late = self.is_incomplete && from == Origin::User;
        self.seen.insert(print, if is_late { Origin::Unknown } else { from });
        Some(())
    }

    /// Where a text or a number came from.
    pub(crate) fn origin(&self, value: &Value<'_>) -> Result<Origin, Doubt> {
        match value {
            Value::Text(text) => Ok(self.of_text(text)),
            Value::Number(number) if number.low == number.high => {
                Ok(self.of_text(&number.low.to_string()))
            }
            Value::Number(number) => Err(number.doubt.mixed()),
            Value::Bool(_) | Value::Json(_) => Err(Doubt::MALFORMED),
        }
    }

    fn of_text(&self, text: &str) -> Origin {
        let mut forms = words::forms(text).into_iter();
        let as_given = forms.next().unwrap_or_default();
        // A spelling that only looks like a trusted one is not trusted.
        if forms.any(|form| self.is_tainted(&Words::of(&form))) {
            return Origin::Untrusted;
        }
        let words = Words::of(&as_given);
        if self.is_tainted(&words) {
            return Origin::Untrusted;
        }
        match self.source(&words) {
            Some(Origin::User) => Origin::User,
            // What was not kept may have said it as well.
            Some(Origin::Trusted) if !self.is_incomplete => Origin::Trusted,
            _ => Origin::Unknown,
        }
    }

    /// Whether an untrusted answer supplied the value, or a part of it that names something.
    fn is_tainted(&self, words: &Words<'_>) -> bool {
        let is_untrusted = |print: Fingerprint| self.seen.get(&print) == Some(&Origin::Untrusted);
        words.names().any(is_untrusted) || self.source(words) == Some(Origin::Untrusted)
    }

    /// Who said all of a value, where that is known of every part of it.
    fn source(&self, words: &Words<'_>) -> Option<Origin> {
        let mut parts = words.parts().map(|print| self.seen.get(&print).copied());
        let first = parts.next().flatten();
        let whole = first.and_then(|first| parts.try_fold(first, |all, next| both(all, next?)));
        let compact = words.compact().and_then(|print| self.seen.get(&print).copied());
        match (whole, compact) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (one, other) => one.or(other),
        }
    }
}

/// The less trusted of two who said parts of one value. What was put together of
/// strangers' words and others was said by nobody.
fn both(one: Origin, other: Origin) -> Option<Origin> {
    let is_strange = |origin: Origin| origin == Origin::Untrusted;
    (is_strange(one) == is_strange(other)).then(|| one.max(other))
}

#[cfg(test)]
mod tests;
