//! What a run did to the world, compared with what it should have done:
//! successful calls of effect tools, whatever order they came in.

mod canonical;
mod matching;

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::Json;

use crate::run::{Actor, EventKind, Expected};
use crate::{Payload, Run};

pub use canonical::canonical_arguments;
pub use matching::maximum_matching;

/// A call that took effect, or should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The name of the tool.
    pub tool: String,
    /// The arguments, with lists in canonical order; `Err` holds what cannot be read.
    pub arguments: Result<Json, String>,
    /// The event, where it happened.
    pub event: Option<usize>,
}

/// How effects are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The same effects; how often does not count.
    Set,
    /// The same effects, each as often.
    Multiset,
    /// Nothing but expected effects.
    Subset,
    /// All expected effects, perhaps others.
    Superset,
    /// The same effects in the same order.
    Strict,
}

/// How two lists of effects differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Expected effects that did not happen, by index.
    pub missing: Vec<usize>,
    /// Effects that were not expected, by index.
    pub unexpected: Vec<usize>,
    /// Everything happened, but in another order.
    pub misordered: bool,
}

impl Difference {
    /// Whether the two are equal in the way that was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unexpected.is_empty() && !self.misordered
    }
}

/// What the agent's calls did; `None` where an effect tool was called and the
/// recording does not say whether it succeeded or with what arguments.
#[must_use]
pub fn effects(run: &Run<'_>, is_effect: impl Fn(&str) -> bool) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    for (event, call, result) in run.calls() {
        if call.actor != Actor::Agent || !is_effect(&call.tool) {
            continue;
        }
        if result.and_then(|result| result.ok)? {
            let arguments = read(call.arguments.as_ref()?);
            effects.push(Effect { tool: call.tool.to_string(), arguments, event: Some(event) });
        }
    }
    Some(effects)
}

/// What the agent should have done.
#[must_use]
pub fn expected_effects(expected: &Expected<'_>, is_effect: impl Fn(&str) -> bool) -> Vec<Effect> {
    let actions = expected.actions.iter();
    let wanted = actions.filter(|action| action.actor == Actor::Agent && is_effect(&action.tool));
    wanted
        .map(|action| Effect {
            tool: action.tool.to_string(),
            arguments: read(&action.arguments),
            event: None,
        })
        .collect()
}

fn read(arguments: &Payload<'_>) -> Result<Json, String> {
    arguments.arguments().map(canonical_arguments).map_err(|error| error.to_string())
}

/// Compares effects. But for [`Match::Strict`], order never changes the answer.
#[must_use]
pub fn compare(expected: &[Effect], actual: &[Effect], by: Match) -> Difference {
    let same = |left: &Effect, right: &Effect| {
        left.tool == right.tool && left.arguments.is_ok() && left.arguments == right.arguments
    };
    let pairs = maximum_matching(expected.len(), actual.len(), |left, right| {
        expected.get(left).zip(actual.get(right)).is_some_and(|(left, right)| same(left, right))
    });
    let matched: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
    let mut missing: Vec<usize> = unmatched(&pairs);
    let mut unexpected: Vec<usize> =
        (0..actual.len()).filter(|index| !matched.contains(index)).collect();
    if matches!(by, Match::Set | Match::Subset) {
        // A second effect that equals an expected one is no other effect.
        unexpected.retain(|index| {
            actual.get(*index).is_none_or(|effect| !expected.iter().any(|wish| same(wish, effect)))
        });
    }
    if by == Match::Set {
        missing.retain(|index| {
            expected.get(*index).is_none_or(|wish| !actual.iter().any(|effect| same(wish, effect)))
        });
    }
    let ordered = expected.iter().zip(actual).all(|(left, right)| same(left, right));
    let misordered = by == Match::Strict && missing.is_empty() && unexpected.is_empty() && !ordered;
    match by {
        Match::Subset => missing.clear(),
        Match::Superset => unexpected.clear(),
        Match::Set | Match::Multiset | Match::Strict => {}
    }
    Difference { missing, unexpected, misordered }
}

fn unmatched(pairs: &[Option<usize>]) -> Vec<usize> {
    let open = pairs.iter().enumerate().filter(|(_, pair)| pair.is_none());
    open.map(|(index, _)| index).collect()
}

/// Which expected words the agent told the user. Case and the commas within
/// numbers do not count.
#[must_use]
pub fn told(run: &Run<'_>, words: &[impl AsRef<str>]) -> Vec<bool> {
    let outputs: Vec<String> = run
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Output(output) => Some(plain(&output.text())),
            _ => None,
        })
        .collect();
    words
        .iter()
        .map(|wanted| outputs.iter().any(|output| output.contains(&plain(wanted.as_ref()))))
        .collect()
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace(',', "")
}

/// The tools that a run called, with how often each succeeded, failed and is unknown.
#[must_use]
pub fn tool_use(run: &Run<'_>) -> BTreeMap<String, [usize; 3]> {
    let mut uses: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for (_, call, result) in run.calls().filter(|(_, call, _)| call.actor == Actor::Agent) {
        let [succeeded, failed, unknown] = uses.entry(call.tool.to_string()).or_default();
        match result.and_then(|result| result.ok) {
            Some(true) => *succeeded += 1,
            Some(false) => *failed += 1,
            None => *unknown += 1,
        }
    }
    uses
}

#[cfg(test)]
mod tests;
