//! When a predicate is true, when false, and when not known for which reasons.

use super::formula::Formula;
use crate::doubt::Doubt;

/// Formulas of which exactly one holds in every call.
#[derive(Clone, Debug)]
pub(super) struct Truths {
    pub(super) yes: Formula,
    pub(super) no: Formula,
    pub(super) unknown: Vec<(Doubt, Formula)>,
}

impl Truths {
    pub(super) fn of(truth: bool) -> Self {
        Self { yes: Formula::of(truth), no: Formula::of(!truth), unknown: Vec::new() }
    }

    /// True where the formula holds, false elsewhere.
    pub(super) fn when(yes: Formula) -> Self {
        Self { no: yes.negated(), yes, unknown: Vec::new() }
    }

    pub(super) fn not(self) -> Self {
        let turned = |(doubt, formula): (Doubt, Formula)| (doubt.reversed(), formula);
        let unknown = self.unknown.into_iter().map(turned).collect();
        Self { yes: self.no, no: self.yes, unknown }
    }

    pub(super) fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let unknown = self.unknown.iter().map(|(_, formula)| formula);
        [&self.yes, &self.no].into_iter().chain(unknown)
    }

    /// Kleene's conjunction of all of them.
    pub(super) fn all(parts: Vec<Self>) -> Self {
        let mut doubts: Vec<Doubt> = Vec::new();
        for (doubt, formula) in parts.iter().flat_map(|part| &part.unknown) {
            if !doubts.contains(doubt) && !matches!(formula, Formula::False) {
                doubts.push(*doubt);
            }
        }
        match doubts.as_slice() {
            [] | [_] => Self::all_of_one_doubt(&parts, doubts.first().copied()),
            _ => parts.into_iter().fold(Self::of(true), Self::and_of_many_doubts),
        }
    }

    pub(super) fn any(parts: Vec<Self>) -> Self {
        Self::all(parts.into_iter().map(Self::not).collect()).not()
    }

    fn all_of_one_doubt(parts: &[Self], doubt: Option<Doubt>) -> Self {
        let no = Formula::any(parts.iter().map(|part| part.no.clone()));
        let yes = Formula::all(parts.iter().map(|part| part.yes.clone()));
        let unknown = doubt.map(|doubt| {
            let some = parts.iter().flat_map(|part| part.unknown.iter().map(|(_, of)| of.clone()));
            (doubt, Formula::any(some).and(no.negated()))
        });
        Self { yes, no, unknown: unknown.into_iter().collect() }
    }

    fn and_of_many_doubts(self, other: Self) -> Self {
        let mut unknown = Vec::new();
        for (doubt, formula) in &self.unknown {
            enter(&mut unknown, *doubt, formula.clone().and(other.yes.clone()));
            for (second, also) in &other.unknown {
                enter(&mut unknown, *doubt | *second, formula.clone().and(also.clone()));
            }
        }
        for (doubt, formula) in &other.unknown {
            enter(&mut unknown, *doubt, self.yes.clone().and(formula.clone()));
        }
        Self { yes: self.yes.and(other.yes), no: self.no.or(other.no), unknown }
    }

    /// `condition ? yes : no`
    pub(super) fn choose(condition: Self, yes: Self, no: Self) -> Self {
        let mut unknown = Vec::new();
        for (doubt, formula) in condition.unknown {
            enter(&mut unknown, doubt.mixed(), formula);
        }
        for (doubt, formula) in yes.unknown {
            enter(&mut unknown, doubt, condition.yes.clone().and(formula));
        }
        for (doubt, formula) in no.unknown {
            enter(&mut unknown, doubt, condition.no.clone().and(formula));
        }
        let either =
            |a: Formula, b: Formula| condition.yes.clone().and(a).or(condition.no.clone().and(b));
        Self { yes: either(yes.yes, no.yes), no: either(yes.no, no.no), unknown }
    }

    /// Where the guard holds, these; elsewhere the plain truth.
    pub(super) fn where_(self, guard: &Formula, otherwise: bool) -> Self {
        let elsewhere = guard.negated();
        let with = |formula: Formula, here: bool| {
            let inside = guard.clone().and(formula);
            if here { inside.or(elsewhere.clone()) } else { inside }
        };
        Self {
            yes: with(self.yes, otherwise),
            no: with(self.no, !otherwise),
            unknown: self.unknown.into_iter().map(|(doubt, of)| (doubt, with(of, false))).collect(),
        }
    }
}

/// Adds a formula to those of the same doubt.
pub(super) fn enter(unknown: &mut Vec<(Doubt, Formula)>, doubt: Doubt, formula: Formula) {
    if matches!(formula, Formula::False) {
        return;
    }
    match unknown.iter_mut().find(|(known, _)| *known == doubt) {
        Some((_, known)) => *known = std::mem::replace(known, Formula::False).or(formula),
        None => unknown.push((doubt, formula)),
    }
}
