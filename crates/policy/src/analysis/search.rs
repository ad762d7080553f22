//! Looks for a call that fits a formula, branch by branch, until every branch
//! contradicts itself.

mod parts;

use super::elimination::{self, Solution};
use super::formula::{Formula, Literal};
use super::model::{Leaf, Model, Words, models, solve_words};
use super::space::Space;
use super::store::Store;

/// What became of a search.
#[derive(Clone, Debug)]
pub(super) enum Outcome<T> {
    /// Every branch contradicts itself.
    Impossible,
    Found(T),
    Undecided(String),
}

/// Most calls that are made and not confirmed.
const MOST_UNCONFIRMED: usize = 40;
/// Steps for a branch, besides what is assumed in it.
const PER_BRANCH: usize = 4;

const UNCONFIRMED: &str = "the engine did not confirm any call that might show it";

/// Looks for a call for which all formulas hold and which is confirmed.
pub(super) fn search<T>(
    space: &Space<'_>,
    formulas: &[Formula],
    confirm: &mut dyn FnMut(&Model) -> Option<T>,
) -> Outcome<T> {
    let all: Vec<Formula> = formulas.iter().chain(space.axioms()).cloned().collect();
    let search = Search { space };
    space.budget.ask();
    if search.is_impossible(Store::default(), all.clone()) {
        return Outcome::Impossible;
    }
    // To make a call where one may fit is a question of its own.
    space.budget.ask();
    let mut walk = Walk { search, confirm, unconfirmed: 0 };
    let mut because = UNCONFIRMED;
    match walk.branch(Store::default(), all, &mut because) {
        Some(found) => Outcome::Found(found),
        None if space.budget.is_spent() => Outcome::Undecided(space.budget.because().to_owned()),
        None => Outcome::Undecided(because.to_owned()),
    }
}

/// Whether no call can fit all formulas; it draws on the question that was asked last.
pub(super) fn is_impossible(space: &Space<'_>, formulas: &[Formula]) -> bool {
    let all: Vec<Formula> = formulas.iter().chain(space.axioms()).cloned().collect();
    (Search { space }).is_impossible(Store::default(), all)
}

/// What holds of every call that is asked about, gone through once for many questions.
pub(super) struct Ground(Option<(Store, Vec<Formula>)>);

impl Ground {
    pub(super) fn new(space: &Space<'_>, formula: Formula) -> Self {
        let all = [formula].iter().chain(space.axioms()).cloned().collect();
        let mut store = Store::default();
        Self((Search { space }).settle(&mut store, all).map(|open| (store, open)))
    }

    /// Whether no call on this ground can fit the formula; it draws on the question that was
    /// asked last.
    pub(super) fn is_impossible(&self, space: &Space<'_>, formula: Formula) -> bool {
        let Some((store, open)) = &self.0 else { return true };
        let all = open.iter().cloned().chain([formula]).collect();
        (Search { space }).is_impossible(store.clone(), all)
    }
}

struct Search<'s, 'a> {
    space: &'s Space<'a>,
}

impl Search<'_, '_> {
    /// Whether every branch contradicts itself; not where that was too much to go through.
    fn is_impossible(&self, mut store: Store, formulas: Vec<Formula>) -> bool {
        if !self.space.budget.spend(PER_BRANCH + store.size()) {
            return false;
        }
        let known_texts = store.text_count();
        let Some(open) = self.settle(&mut store, formulas) else { return true };
        // With nothing left to choose, bounds without any relation are looked at as well.
        let is_contradiction = if open.is_empty() {
            self.has_no_numbers(&store) || self.has_no_texts(&store)
        } else {
            self.contradicts(&store, store.text_count() > known_texts)
        };
        if is_contradiction {
            return true;
        }
        // Choices that have nothing in common are gone through one after the other.
        parts::apart(self.space, &store, open)
            .into_iter()
            .any(|part| self.is_no_choice(&store, part))
    }

    fn is_no_choice(&self, store: &Store, open: Vec<Formula>) -> bool {
        let Some((choices, rest)) = narrowest(open) else { return false };
        choices.iter().all(|choice| {
            let mut formulas = rest.clone();
            formulas.push(choice.clone());
            self.is_impossible(store.clone(), formulas)
        })
    }

    /// Assumes all that has to hold, until only choices are left; `None` where
    /// it contradicts itself.
    fn settle(&self, store: &mut Store, formulas: Vec<Formula>) -> Option<Vec<Formula>> {
        let mut left = formulas;
        let mut open: Vec<Formula> = Vec::new();
        loop {
            while let Some(formula) = left.pop() {
                self.space.budget.spend(1);
                match formula {
                    Formula::True => {}
                    Formula::False => return None,
                    Formula::Literal(literal) => {
                        if !store.assume(self.space, &literal) {
                            return None;
                        }
                    }
                    Formula::All(parts) => left.extend(parts.iter().cloned()),
                    any @ Formula::Any(_) => open.push(any),
                }
            }
            for formula in std::mem::take(&mut open) {
                match self.simplified(store, &formula) {
                    any @ Formula::Any(_) => open.push(any),
                    other => left.push(other),
                }
            }
            if left.iter().all(|formula| matches!(formula, Formula::True)) {
                return Some(open);
            }
        }
    }

    /// The formula without what the assumptions decide.
    fn simplified(&self, store: &Store, formula: &Formula) -> Formula {
        if !self.space.budget.spend(1) {
            return formula.clone();
        }
        match formula {
            Formula::Literal(literal) => self.decided(store, literal),
            Formula::All(parts) => {
                Formula::all(parts.iter().map(|part| self.simplified(store, part)))
            }
            Formula::Any(parts) => {
                Formula::any(parts.iter().map(|part| self.simplified(store, part)))
            }
            plain => plain.clone(),
        }
    }

    fn decided(&self, store: &Store, literal: &Literal) -> Formula {
        match store.decides(self.space, literal) {
            Some(truth) => Formula::of(truth),
            None => Formula::Literal(literal.clone()),
        }
    }

    fn contradicts(&self, store: &Store, reads_texts: bool) -> bool {
        (!store.rows.is_empty() && self.has_no_numbers(store))
            || (reads_texts && self.has_no_texts(store))
    }

    fn has_no_numbers(&self, store: &Store) -> bool {
        matches!(elimination::solve(self.space, store), Solution::Nothing)
    }

    fn has_no_texts(&self, store: &Store) -> bool {
        matches!(solve_words(self.space, store), Words::Nothing)
    }
}

/// Goes through the branches that do not contradict themselves, and has the
/// calls in them confirmed.
struct Walk<'s, 'a, 'c, T> {
    search: Search<'s, 'a>,
    confirm: &'c mut dyn FnMut(&Model) -> Option<T>,
    unconfirmed: usize,
}

impl<T> Walk<'_, '_, '_, T> {
    fn branch(
        &mut self,
        mut store: Store,
        formulas: Vec<Formula>,
        because: &mut &'static str,
    ) -> Option<T> {
        let is_left = self.search.space.budget.spend(PER_BRANCH + store.size());
        if !is_left || self.unconfirmed > MOST_UNCONFIRMED {
            return None;
        }
        let open = self.search.settle(&mut store, formulas)?;
        if self.search.contradicts(&store, false) {
            return None;
        }
        let Some((choices, rest)) = narrowest(open) else {
            return match models(self.search.space, &store) {
                Leaf::Contradiction => None,
                Leaf::Undecided(reason) => {
                    *because = reason;
                    None
                }
                Leaf::Models(models) => {
                    self.unconfirmed += 1;
                    models.iter().find_map(|model| (self.confirm)(model))
                }
            };
        };
        choices.iter().find_map(|choice| {
            let mut formulas = rest.clone();
            formulas.push(choice.clone());
            self.branch(store.clone(), formulas, because)
        })
    }
}

/// The choice between the fewest things, and the other choices.
fn narrowest(mut open: Vec<Formula>) -> Option<(std::rc::Rc<[Formula]>, Vec<Formula>)> {
    let width = |formula: &Formula| match formula {
        Formula::Any(parts) => parts.len(),
        _ => 0,
    };
    let place = (0..open.len()).min_by_key(|place| open.get(*place).map_or(0, width))?;
    match open.swap_remove(place) {
        Formula::Any(parts) => Some((parts, open)),
        other => Some((vec![other].into(), open)),
    }
}
