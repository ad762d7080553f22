//! What holds of places because of where they lie in one another.

use super::formula::Formula;
use super::kinds::Kinds;
use super::linear::Sum;
use super::number::whole;
use super::space::{Place, Space, Thing, Variable};
use super::symbolic::MOST_LOOKED_AT;
use crate::core::Step;

/// Adds the axioms of everything that was spoken of. No list is longer than
/// `items`, or it is longer than predicates look at. The answer names the
/// lengths of the lists that this is said of.
pub(super) fn add(space: &mut Space<'_>, items: usize) -> Vec<Variable> {
    let places: Vec<(Variable, Place)> = space
        .variables()
        .filter_map(|(variable, thing)| match thing {
            Thing::Place(place) => Some((variable, place.clone())),
            _ => None,
        })
        .collect();
    let mut unrolled: Vec<Variable> = Vec::new();
    for (variable, place) in &places {
        let (Some(step), Some(parent)) = (place.steps.last(), place.parents().last()) else {
            continue;
        };
        let parent = space.place(parent);
        let there = space.kind(*variable, Kinds::EVERY.without(Kinds::MISSING));
        let holds = space.kind(parent, Place::container(step));
        space.axiom(there.negated().or(holds));
        if let Step::Item(index) = step {
            item(space, *variable, parent, *index);
            if !unrolled.contains(&parent) {
                unrolled.push(parent);
            }
        }
    }
    let mut lists = Vec::new();
    for list in unrolled {
        let length = space.variable(Thing::Length(list));
        lists.push(length);
        let length = Sum::of(length);
        let count = |count: i64| Sum::constant(whole(count));
        let short = Formula::at_most(&length, &count(i64::try_from(items).unwrap_or(i64::MAX)));
        let long = Formula::below(&count(MOST_LOOKED_AT), &length);
        let is_list = space.kind(list, Kinds::LIST);
        space.axiom(Formula::any([is_list.negated(), short, long]));
    }
    lengths(space);
    lists
}

/// An item is there exactly where the list is that long.
fn item(space: &mut Space<'_>, item: Variable, list: Variable, index: usize) {
    let length = Sum::of(space.variable(Thing::Length(list)));
    let count = Sum::constant(whole(i64::try_from(index).unwrap_or(i64::MAX)));
    let there = space.kind(item, Kinds::EVERY.without(Kinds::MISSING));
    let is_list = space.kind(list, Kinds::LIST);
    let reaches = Formula::below(&count, &length);
    space.axiom(there.negated().or(reaches.clone()));
    space.axiom(Formula::any([there, is_list.negated(), reaches.negated()]));
}

/// What holds nothing has no length.
fn lengths(space: &mut Space<'_>) {
    let all: Vec<(Variable, Variable)> = space
        .variables()
        .filter_map(|(variable, thing)| match thing {
            Thing::Length(of) => Some((variable, *of)),
            _ => None,
        })
        .collect();
    for (length, of) in all {
        let least = space.known(length).least.clone();
        if least.is_some_and(|least| least > whole(0)) {
            continue;
        }
        let holds = space.kind(of, Kinds::LIST | Kinds::TEXT | Kinds::OBJECT);
        let empty = Formula::at_most(&Sum::of(length), &Sum::constant(whole(0)));
        space.axiom(holds.or(empty));
    }
}
