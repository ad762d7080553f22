//! Whether one policy lets a call through, or treats it more mildly, that the
//! other does not.

mod limits;
mod others;
mod scope;
mod tool;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::budget::Budget;
use super::certificate::Certificate;
use super::rules::acts;
use super::trial::Trial;
use super::witness::Witness;
use crate::policy::CompiledRule;
use crate::{Policy, RuleId, ToolName};

pub(super) use tool::{Argument, Cell};

/// What a comparison of two policies came to.
#[derive(Clone, Debug)]
pub struct Widening {
    /// What may have become wider, and the answer for each part.
    pub items: BTreeMap<Part, Answer>,
    /// What the comparison rests on where nothing became wider.
    pub certificate: Option<Certificate>,
}

/// A part of the policy that runs, which stands against calls or requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A rule.
    Rule(RuleId),
    /// What a tool takes, or that it cannot be called at all.
    Tool(ToolName),
    /// The budgets of a session.
    Limits,
    /// What keeps requests in scope.
    Scope,
    /// What several guards know of one another.
    Guards,
}

/// Whether a part stands against less than before.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A call shows it.
    Wider(Box<Witness>),
    /// No call can show it.
    NotWider,
    /// Neither was shown, for this reason.
    NotProven(String),
}

impl Widening {
    /// The answer for the whole: wider if any part is, and not wider only if none can be.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let wider = self.items.values().filter_map(|answer| match answer {
            Answer::Wider(witness) => Some(witness),
            _ => None,
        });
        // The mildest treatment tells most, and of those the fewest events.
        let telling = wider.min_by_key(|witness| (witness.after, witness.events.len()));
        if let Some(witness) = telling {
            return Answer::Wider(witness.clone());
        }
        let open = self.items.iter().find_map(|(part, answer)| match answer {
            Answer::NotProven(because) => Some(format!("{part}: {because}")),
            _ => None,
        });
        open.map_or(Answer::NotWider, Answer::NotProven)
    }
}

impl Answer {
    /// The stronger of two answers: what was shown outweighs what was not, and
    /// what is open outweighs what cannot be.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (wider @ Self::Wider(_), _) | (_, wider @ Self::Wider(_)) => wider,
            (open @ Self::NotProven(_), _) | (_, open @ Self::NotProven(_)) => open,
            _ => Self::NotWider,
        }
    }
}

impl fmt::Display for Part {
    /// As plans name it, such as `invariants.refund-cap`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(id) => write!(f, "invariants.{id}"),
            Self::Tool(name) => write!(f, "tools.{name}"),
            Self::Limits => f.write_str("constraints.limits"),
            Self::Scope => f.write_str("scope"),
            Self::Guards => f.write_str("several_guards"),
        }
    }
}

/// Whether there is a call that `after` permits, or treats more mildly, and
/// `before` does not: in the same state, with the same past.
#[must_use]
pub fn widening(before: &Arc<Policy>, after: &Arc<Policy>) -> Widening {
    let budget = Budget::new();
    let trial = Trial { before, after, budget: &budget };
    let mut items: BTreeMap<Part, Answer> = BTreeMap::new();
    let mut cells = BTreeMap::new();
    let mut enter = |part: Part, answer: Answer| {
        let known = items.remove(&part).unwrap_or(Answer::NotWider);
        items.insert(part, known.or(answer));
    };
    for (part, answer) in elsewhere(trial) {
        enter(part, answer);
    }
    for tool in tools_of(trial) {
        let compared = tool::compare(trial, tool);
        for (part, answer) in compared.answers {
            enter(part, answer);
        }
        cells.insert(tool.clone(), compared.cells);
    }
    let is_closed = items.values().all(|answer| *answer == Answer::NotWider);
    let certificate = is_closed.then(|| Certificate::new(before, after, cells));
    Widening { items, certificate }
}

/// The tools that either side declares, those first about which the sides differ least.
pub(super) fn tools_of(trial: Trial<'_>) -> Vec<&ToolName> {
    let (before, after) = (trial.before.bundle(), trial.after.bundle());
    let changed: Vec<&CompiledRule> = [(trial.before, after), (trial.after, before)]
        .into_iter()
        .flat_map(|(policy, other)| policy.rules.iter().map(move |rule| (policy, other, rule)))
        .filter(|(own, other, rule)| own.bundle().rules.get(&rule.id) != other.rules.get(&rule.id))
        .map(|(_, _, rule)| rule)
        .collect();
    let all: BTreeSet<&ToolName> = before.tools.keys().chain(after.tools.keys()).collect();
    let mut all: Vec<&ToolName> = all.into_iter().collect();
    all.sort_by_cached_key(|tool| {
        let is_changed = before.tools.get(*tool) != after.tools.get(*tool);
        let rules = changed.iter().filter(|rule| acts(rule, tool));
        rules.count() + usize::from(is_changed)
    });
    all
}

/// The answers that are not about single calls.
pub(super) fn elsewhere(trial: Trial<'_>) -> Vec<(Part, Answer)> {
    let others = others::compare(trial.before, trial.after);
    trial.budget.ask();
    let limits = limits::compare(trial);
    trial.budget.ask();
    let whole = [limits, scope::compare(trial), guards(trial)];
    whole.into_iter().flatten().chain(others).collect()
}

/// Guards that shared what they counted are compared with one that does not.
fn guards(trial: Trial<'_>) -> Option<(Part, Answer)> {
    let several = |policy: &Policy| policy.bundle().several_guards;
    (several(trial.before) && !several(trial.after)).then(|| {
        let because = "each guard would count for itself what several shared, and only one guard is looked at";
        (Part::Guards, Answer::NotProven(because.to_owned()))
    })
}

#[cfg(test)]
mod tests;
