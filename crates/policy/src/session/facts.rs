//! Answers of tools that rules know by name: the latest of each, and whether a
//! newer one is under way.

use std::borrow::Cow;

use bounden_base::Json;

use crate::doubt::Doubt;
use crate::past::Key;
use crate::policy::Policy;
use crate::table::Table;
use crate::{Arguments, ToolName};

/// A fact of a session, by its name and the key of the call that it came from;
/// without a key, that of the latest call of all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FactName<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) key: Option<Key<'a>>,
}

/// Everything that a session knows by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts(Table<FactName<'static>, Known>);

#[derive(Clone, Debug, Default)]
struct Known {
    /// Calls in flight that will bring a newer answer.
    awaited: u64,
    answer: Option<Json>,
}

impl FactName<'_> {
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
        let facts: &Table<FactName<'f>, Known> = &self.0;
        let known = facts.find(fact).ok_or(Doubt::ABSENT)?;
        if known.awaited > u64::from(is_present) {
            return Err(Doubt::PENDING);
        }
        known.answer.as_ref().ok_or(Doubt::ABSENT)
    }

    /// A call is under way that will bring these.
    pub(crate) fn wait(&mut self, facts: &[FactName<'static>]) {
        for fact in facts {
            let known = self.0.find_or_new(fact);
            known.awaited = known.awaited.saturating_add(1);
        }
    }

    /// That call is under way no more.
    pub(crate) fn wait_no_more(&mut self, facts: &[FactName<'static>]) {
        for fact in facts {
            let known = self.0.find_or_new(fact);
            known.awaited = known.awaited.saturating_sub(1);
        }
    }

    /// An answer has come.
    pub(crate) fn learn(&mut self, facts: &[FactName<'static>], answer: &Json) {
        for fact in facts {
            self.0.find_or_new(fact).answer = Some(answer.clone());
        }
    }
}
