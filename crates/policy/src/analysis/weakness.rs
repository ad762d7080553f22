//! Rules that can do nothing, or undo one another, whatever the calls are.

mod barred;
mod conflict;

use std::collections::{BTreeMap, BTreeSet};

use super::budget::Budget;
use super::comparison::{Calls, Comparison, ids};
use super::formula::Formula;
use super::identity::Sides;
use super::rules::Answers;
use super::search::Ground;
use crate::bundle::FailureMode;
use crate::decision::Verdict;
use crate::event::Event;
use crate::{Policy, Router, RuleId, ToolName};

/// Something in a policy that does not do what it seems to. Each one is proven
/// or shown by a call that the engine decided; what is left open is no weakness.
#[derive(Clone, Debug, PartialEq)]
pub enum Weakness {
    /// No call that fits the pinned schemas makes the rule fire.
    NeverFires {
        /// The rule.
        rule: RuleId,
        /// Calls are stopped all the same, where a value is not there.
        stops: bool,
    },
    /// Whenever the rule has something to say, these together say something stricter, and
    /// nobody can agree to it.
    Outranked {
        /// The rule.
        rule: RuleId,
        /// Those that always outrank it.
        by: Vec<RuleId>,
    },
    /// Two rules set one argument to different values, so that the call is blocked.
    Conflict {
        /// The two rules.
        rules: [RuleId; 2],
        /// The argument, such as `args.limit`.
        path: String,
        /// The call that shows it.
        witness: Box<Event>,
    },
    /// These rules together stop every call of a tool that may be called.
    Barred {
        /// The tool.
        tool: ToolName,
        /// The rules.
        by: Vec<RuleId>,
    },
    /// What the failure mode answers to can never happen.
    Unreachable {
        /// The mode.
        mode: FailureMode,
    },
}

/// Most rules on one tool that are compared with one another.
const MOST_RULES: usize = 64;
/// Most rules of which each is tried to be left out of a proof.
const MOST_NEEDED: usize = 24;

/// Every weakness of a policy that is proven or shown, by the order of the rules' ids.
#[must_use]
pub fn weaknesses(policy: &Policy) -> Vec<Weakness> {
    let budget = Budget::new();
    let sides = Sides { before: policy, after: policy };
    let tools: Vec<Comparison<'_>> = policy
        .bundle()
        .tools
        .keys()
        .map(|tool| Comparison::new(sides, tool, Calls::Taken, &budget))
        .collect();
    let ids: BTreeSet<&RuleId> =
        tools.iter().flat_map(|tool| tool.after.iter().map(|rule| &rule.rule.id)).collect();
    let mut ids: Vec<&RuleId> = ids.into_iter().collect();
    // What takes least is asked first.
    ids.sort_by_cached_key(|id| size(id, &tools));
    let of_rules = ids.into_iter().filter_map(|id| {
        budget.ask();
        Some((id, of_rule(id, &tools)?))
    });
    let of_rules: BTreeMap<&RuleId, Weakness> = of_rules.collect();
    let mut found: Vec<Weakness> = of_rules.into_values().collect();
    found.extend(conflict::conflicts(policy, &tools));
    found.extend(tools.iter().filter_map(barred::barred));
    found.extend(unreachable(policy).map(|mode| Weakness::Unreachable { mode }));
    found
}

/// How many literals a rule is written out in, for all tools together.
fn size(id: &RuleId, tools: &[Comparison<'_>]) -> usize {
    let rules = tools.iter().flat_map(|tool| &tool.after);
    rules.filter(|rule| rule.rule.id == *id).map(|rule| rule.fires.size()).sum()
}

/// A rule with each tool whose calls it acts on.
type Places<'c, 'a> = Vec<(&'c Comparison<'a>, &'c Answers<'a>)>;

fn of_rule(id: &RuleId, tools: &[Comparison<'_>]) -> Option<Weakness> {
    let own = |tool: &'_ Answers<'_>| tool.rule.id == *id;
    let places: Places<'_, '_> = tools
        .iter()
        .filter_map(|tool| Some((tool, tool.after.iter().find(|rule| own(rule))?)))
        .collect();
    // What a proof would not hold for is left open.
    if places.iter().any(|(tool, rule)| tool.caveat().is_some() || rule.unread.is_some()) {
        return None;
    }
    let never = |of: fn(&Answers<'_>) -> Formula| {
        places.iter().all(|(tool, rule)| tool.is_never([of(rule)]))
    };
    if never(|rule| rule.fires.clone()) {
        let stops = !never(|rule| rule.fails.clone().or(rule.waits.clone()));
        // Whether it stops calls is not known where that was too much to go through.
        if stops && places.iter().any(|(tool, _)| tool.space.budget.is_spent()) {
            return None;
        }
        return Some(Weakness::NeverFires { rule: id.clone(), stops });
    }
    let by: Option<Vec<Vec<RuleId>>> =
        places.iter().map(|(tool, rule)| outranking(tool, rule)).collect();
    let by: BTreeSet<RuleId> = by?.into_iter().flatten().collect();
    Some(Weakness::Outranked { rule: id.clone(), by: by.into_iter().collect() })
}

/// The rules that outrank one whenever it has something to say; none where
/// there is a call for which none of them does.
fn outranking(tool: &Comparison<'_>, rule: &Answers<'_>) -> Option<Vec<RuleId>> {
    let others: Vec<&Answers<'_>> =
        tool.after.iter().filter(|other| other.rule.id != rule.rule.id).collect();
    let stricter = stricter_than(rule.verdict)?;
    let by = needed(others, |by| {
        // Where it cannot be evaluated it is enough that another stops as much.
        let [(_, fires), doubts @ ..] = rule.verdicts();
        let asked = [(stricter, fires)].into_iter().chain(doubts);
        asked.into_iter().all(|(verdict, given)| {
            let escapes = by.iter().map(|other| other.milder_than(verdict));
            tool.is_never([given.clone()].into_iter().chain(escapes))
        })
    });
    Some(ids(&by?))
}

/// Rules that are enough, none of them without need; none if all are not
/// enough, or too many to go through.
fn needed<'r, 'a>(
    all: Vec<&'r Answers<'a>>,
    is_enough: impl Fn(&[&'r Answers<'a>]) -> bool,
) -> Option<Vec<&'r Answers<'a>>> {
    if all.len() > MOST_RULES || !is_enough(&all) {
        return None;
    }
    if let Some(alone) = all.iter().find(|rule| is_enough(&[**rule])) {
        return Some(vec![*alone]);
    }
    let mut needed = all;
    let mut place = 0;
    while place < needed.len() && needed.len() <= MOST_NEEDED {
        let mut fewer = needed.clone();
        fewer.remove(place);
        if is_enough(&fewer) {
            needed = fewer;
        } else {
            place += 1;
        }
    }
    Some(needed)
}

/// The mildest verdict that is stricter for good: what asks for approval has nothing more to say
/// once it was given, and what is milder decides then.
fn stricter_than(verdict: Verdict) -> Option<Verdict> {
    Some(match verdict {
        Verdict::Allow
        | Verdict::Warn
        | Verdict::Modify
        | Verdict::RequireApproval
        | Verdict::Defer => Verdict::Escalate,
        Verdict::Escalate => Verdict::Block,
        Verdict::Block => Verdict::Halt,
        Verdict::Halt => return None,
    })
}

/// A session without limits never exceeds one, and where nothing tells what an
/// exclusion is, no request is taken for one.
fn unreachable(policy: &Policy) -> impl Iterator<Item = FailureMode> {
    let bundle = policy.bundle();
    let limits = bundle.limits;
    let is_limited = limits.usd.is_some()
        || [limits.steps, limits.tool_calls, limits.seconds, limits.denied_calls]
            .iter()
            .any(Option::is_some);
    let excludes = |router: &Router| {
        let mut exclusions = router.outside.values();
        exclusions.any(|topic| !topic.examples.is_empty() || !topic.phrases.is_empty())
    };
    let never = [
        (FailureMode::OutOfScope, bundle.router.as_ref().is_some_and(|router| !excludes(router))),
        (FailureMode::BudgetExceeded, !is_limited),
    ];
    let is_answered = |mode: &FailureMode| bundle.failure_modes.contains_key(mode);
    never.into_iter().filter_map(move |(mode, never)| (never && is_answered(&mode)).then_some(mode))
}

impl Comparison<'_> {
    /// Whether the formulas hold together for no call that is well-formed.
    fn is_never(&self, formulas: impl IntoIterator<Item = Formula>) -> bool {
        let all = Formula::all(formulas);
        let ground = self.ground.get_or_init(|| Ground::new(&self.space, self.well_formed()));
        ground.is_impossible(&self.space, all)
    }
}

#[cfg(test)]
mod tests;
