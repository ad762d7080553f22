//! What each rule answers to a call, as formulas.

use super::formula::Formula;
use super::identity::Sides;
use super::kinds::Kinds;
use super::space::{Space, Thing};
use super::symbolic::Reader;
use super::truths::Truths;
use crate::bundle::{Approval, EventName};
use crate::decision::Verdict;
use crate::doubt::Doubt;
use crate::policy::{CompiledAction, CompiledRule};
use crate::{Policy, ToolName};

/// A rule that acts on calls of one tool.
#[derive(Clone, Debug)]
pub(super) struct Answers<'a> {
    pub(super) rule: &'a CompiledRule,
    /// What it demands where it fires.
    pub(super) verdict: Verdict,
    /// It fires, or has to be taken as firing.
    pub(super) fires: Formula,
    /// It cannot be evaluated.
    pub(super) fails: Formula,
    /// It depends on what is under way.
    pub(super) waits: Formula,
    /// It has nothing to say.
    pub(super) silent: Formula,
    /// The predicate in words that are equal where it means the same.
    pub(super) predicate: String,
    /// Why the predicate is not looked into.
    pub(super) unread: Option<String>,
}

/// The rules of one policy that act on calls of a tool.
pub(super) fn answers<'a>(
    space: &mut Space<'a>,
    sides: Sides<'a>,
    policy: &'a Policy,
    tool: &'a ToolName,
    items: usize,
) -> Vec<Answers<'a>> {
    let rules = policy.rules.iter().filter(|rule| acts(rule, tool));
    rules.map(|rule| answer(space, sides, policy, tool, items, rule)).collect()
}

/// Whether a rule acts on calls of a tool.
pub(super) fn acts(rule: &CompiledRule, tool: &ToolName) -> bool {
    !rule.shadow && rule.looks_at(EventName::Call, Some(tool))
}

fn answer<'a>(
    space: &mut Space<'a>,
    sides: Sides<'a>,
    policy: &'a Policy,
    tool: &'a ToolName,
    items: usize,
    rule: &'a CompiledRule,
) -> Answers<'a> {
    let verdict = rule.action.verdict();
    let Some(core) = &rule.when else {
        return Answers::of(rule, verdict, Truths::of(true), "always".to_owned());
    };
    let predicate = predicate(sides, policy, tool, rule);
    let read = Reader::new(space, sides, policy, tool, items).predicate(core);
    match read {
        Ok(truths) => Answers::of(rule, verdict, truths, predicate),
        Err(unread) => {
            let variable = space.variable(Thing::Part(predicate.clone()));
            let kind = |kinds| space.kind(variable, kinds);
            Answers {
                rule,
                verdict,
                fires: kind(Kinds::TRUE),
                fails: kind(Kinds::MISSING),
                waits: kind(Kinds::PENDING),
                silent: kind(Kinds::FALSE),
                predicate,
                unread: Some(unread.0),
            }
        }
    }
}

/// A rule's predicate about calls of a tool, in words that are equal only
/// where it means the same on both sides.
fn predicate(sides: Sides<'_>, policy: &Policy, tool: &ToolName, rule: &CompiledRule) -> String {
    let text = policy.bundle().rules.get(&rule.id).and_then(|rule| rule.when.as_deref());
    let (Some(text), Some(core)) = (text, &rule.when) else { return "always".to_owned() };
    let money = policy.bundle().tools.get(tool).and_then(|tool| tool.money.as_ref());
    format!("{} {money:?}", sides.predicate(policy, text, core))
}

impl<'a> Answers<'a> {
    fn of(rule: &'a CompiledRule, verdict: Verdict, truths: Truths, predicate: String) -> Self {
        let mut answers = Self {
            rule,
            verdict,
            fires: truths.yes,
            fails: Formula::False,
            waits: Formula::False,
            silent: truths.no,
            predicate,
            unread: None,
        };
        for (doubt, formula) in truths.unknown {
            let of = answers.of_doubt(doubt);
            *of = std::mem::replace(of, Formula::False).or(formula);
        }
        answers
    }

    /// What a rule does that cannot be evaluated for these reasons.
    fn of_doubt(&mut self, doubt: Doubt) -> &mut Formula {
        let is_unread = doubt.has(Doubt::MALFORMED | Doubt::ABSENT);
        let is_too_much = doubt.has(Doubt::LIMIT) && self.verdict < Verdict::Block;
        if doubt.has(Doubt::PENDING | Doubt::FALLING) {
            &mut self.waits
        } else if is_unread || is_too_much {
            &mut self.fails
        } else if doubt.has(Doubt::RISING | Doubt::LOST) {
            &mut self.fires
        } else {
            &mut self.fails
        }
    }

    /// The verdict where the rule cannot be evaluated.
    fn failing(&self) -> Verdict {
        if self.verdict == Verdict::Warn { Verdict::Warn } else { Verdict::Block }
    }

    /// Each verdict that the rule can give, with the calls to which it gives it.
    pub(super) fn verdicts(&self) -> [(Verdict, &Formula); 3] {
        [(self.verdict, &self.fires), (self.failing(), &self.fails), (Verdict::Defer, &self.waits)]
    }

    /// The calls to which the rule gives this verdict.
    pub(super) fn gives(&self, verdict: Verdict) -> Formula {
        let own = self.verdicts().into_iter().filter(|(own, _)| *own == verdict);
        Formula::any(own.map(|(_, formula)| formula.clone()))
    }

    /// Each verdict that the rule can give once, the strictest first.
    pub(super) fn given(&self) -> Vec<(Verdict, Formula)> {
        let mut verdicts: Vec<Verdict> =
            self.verdicts().into_iter().map(|(verdict, _)| verdict).collect();
        verdicts.sort();
        verdicts.dedup();
        let given = verdicts.into_iter().rev().map(|verdict| (verdict, self.gives(verdict)));
        given.filter(|(_, formula)| !matches!(formula, Formula::False)).collect()
    }

    /// The calls to which the rule gives a milder verdict, or none.
    pub(super) fn milder_than(&self, verdict: Verdict) -> Formula {
        let all = self.verdicts();
        if all.iter().all(|(own, of)| *own < verdict || matches!(of, Formula::False)) {
            return Formula::True;
        }
        let milder = all.into_iter().filter(|(own, _)| *own < verdict);
        Formula::any(milder.map(|(_, formula)| formula.clone()).chain([self.silent.clone()]))
    }

    /// Whether this rule says at least what the other says, wherever that says something.
    pub(super) fn is_as_strict_as(&self, other: &Self) -> bool {
        let covers = match (self.approval(), other.approval()) {
            (Some(own), Some(theirs)) => implies(own, theirs),
            _ => true,
        };
        self.predicate == other.predicate
            && self.verdict >= other.verdict
            && self.failing() >= other.failing()
            && covers
    }

    pub(super) fn approval(&self) -> Option<&'a Approval> {
        match &self.rule.action {
            CompiledAction::RequireApproval(approval) => Some(approval),
            _ => None,
        }
    }

    /// Whether the rule rewrites arguments.
    pub(super) fn rewrites(&self) -> bool {
        matches!(self.rule.action, CompiledAction::Set { .. })
    }
}

/// Whether whoever satisfies `one` satisfies `other` as well.
pub(super) fn implies(one: &Approval, other: &Approval) -> bool {
    let has = |roles: &[crate::Role], role| roles.contains(role);
    let wants_several = other.all && other.roles.len() > 1;
    if wants_several {
        // Each by a person of its own; a role named twice wants two people.
        let mut left = one.roles.clone();
        return one.all
            && other.roles.iter().all(|role| {
                let place = left.iter().position(|own| own == role);
                place.map(|place| left.swap_remove(place)).is_some()
            });
    }
    if one.all {
        one.roles.iter().any(|role| has(&other.roles, role))
    } else {
        one.roles.iter().all(|role| has(&other.roles, role))
    }
}
