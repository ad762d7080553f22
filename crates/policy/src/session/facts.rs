//! Answers of tools that rules know by name: the latest of each, and whether a
//! newer one is under way.

use std::borrow::Cow;
use std::collections::BTreeSet;

use bounden_base::Json;
use serde::{Deserialize, Serialize};

use crate::doubt::Doubt;
use crate::past::Key;
use crate::policy::Policy;
use crate::snapshot::forms;
use crate::table::Table;
use crate::{Arguments, ToolName, cost};

/// A fact of a session, by its name and the key of the call that it came from;
/// without a key, that of the latest call of all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct FactName<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) key: Option<Key<'a>>,
}

/// Everything that a session knows by name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Facts {
    known: Table<FactName<'static>, Known>,
    /// Facts of which an answer was not kept, since there was no room.
    cut: BTreeSet<String>,
    #[serde(skip)]
    bytes: usize,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Known {
    /// Calls in flight that will bring a newer answer.
    awaited: u64,
    #[serde(with = "forms::json")]
    answer: Option<Json>,
    /// Bytes of the answer.
    #[serde(skip)]
    bytes: usize,
}

impl FactName<'_> {
    /// Bytes of its texts.
    pub(crate) fn bytes(&self) -> usize {
        cost::text(&self.name) + self.key.as_ref().map_or(0, Key::cost)
    }

    /// Everything that an answer to a call will be known as.
    pub(crate) fn all(
        policy: &Policy,
        tool: &ToolName,
        args: &Arguments,
    ) -> Vec<FactName<'static>> {
        let facts = policy.bundle().facts.iter().filter(|(_, fact)| fact.result_of == *tool);
        let names = facts.flat_map(|(name, fact)| {
            let key = fact.key.as_ref().and_then(|key| Key::of(args.value_or_null().get(key)));
            let named = |key| FactName { name: name.clone().into(), key };
            [Some(named(None)), key.map(|key| named(Some(key.into_owned())))]
        });
        names.flatten().collect()
    }
}

impl Facts {
    /// The latest answer; `is_present` says that the call which is judged brings one itself.
    pub(crate) fn answer<'f>(
        &'f self,
        fact: &FactName<'f>,
        is_present: bool,
    ) -> Result<&'f Json, Doubt> {
        let facts: &Table<FactName<'f>, Known> = &self.known;
        let known = facts.find(fact);
        if known.is_some_and(|known| known.awaited > u64::from(is_present)) {
            return Err(Doubt::PENDING);
        }
        let missing = if self.cut.contains(&*fact.name) { Doubt::LIMIT } else { Doubt::ABSENT };
        known.and_then(|known| known.answer.as_ref()).ok_or(missing)
    }

    /// Reckons anew what is not written in a snapshot.
    pub(crate) fn rebuild(&mut self) {
        let bytes = &mut self.bytes;
        self.known.each(|fact, known| {
            known.bytes = known.answer.as_ref().map_or(0, cost::json);
            if !known.is_nothing() {
                *bytes += cost::FACT + fact.bytes() + known.bytes;
            }
        });
    }

    /// Bytes that the facts take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// A call is under way that will bring these.
    pub(crate) fn wait(&mut self, facts: &[FactName<'static>]) {
        for fact in facts {
            self.change(fact, |known| known.awaited = known.awaited.saturating_add(1));
        }
    }

    /// That call is under way no more.
    pub(crate) fn wait_no_more(&mut self, facts: &[FactName<'static>]) {
        for fact in facts {
            self.change(fact, |known| known.awaited = known.awaited.saturating_sub(1));
        }
    }

    /// An answer has come; it is kept if it takes no more than `room`.
    pub(crate) fn learn(&mut self, facts: &[FactName<'static>], answer: &Json, room: usize) {
        let (mut room, bytes) = (room, cost::json(answer));
        for fact in facts {
            // An older answer is none any more.
            self.change(fact, |known| (known.answer, known.bytes) = (None, 0));
            match room.checked_sub(bytes + cost::FACT + fact.bytes()) {
                Some(rest) => {
                    room = rest;
                    let answer = Some(answer.clone());
                    self.change(fact, |known| (known.answer, known.bytes) = (answer, bytes));
                }
                None => drop(self.cut.insert(fact.name.clone().into_owned())),
            }
        }
    }

    /// Changes what is known of a fact, and forgets it where that is nothing.
    fn change(&mut self, fact: &FactName<'static>, change: impl FnOnce(&mut Known)) {
        let bytes = |known: &Known| {
            if known.is_nothing() { 0 } else { cost::FACT + fact.bytes() + known.bytes }
        };
        let known = self.known.find_or_new(fact);
        self.bytes -= bytes(known);
        change(known);
        self.bytes += bytes(known);
        if known.is_nothing() {
            self.known.remove(fact);
        }
    }
}

impl Known {
    fn is_nothing(&self) -> bool {
        self.awaited == 0 && self.answer.is_none()
    }
}
