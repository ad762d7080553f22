//! Choices that have no variable in common, directly or through what is known.

use std::collections::BTreeMap;

use super::super::formula::{Formula, Literal};
use super::super::space::{Space, Thing, Variable};
use super::super::store::Store;

/// Which variables have to do with one another.
#[derive(Default)]
struct Classes(BTreeMap<Variable, Variable>);

impl Classes {
    fn of(&self, variable: Variable) -> Variable {
        let mut at = variable;
        while let Some(next) = self.0.get(&at) {
            at = *next;
        }
        at
    }

    fn join(&mut self, variables: &[Variable]) {
        let Some(first) = variables.first() else { return };
        let first = self.of(*first);
        for other in variables {
            let other = self.of(*other);
            if other != first {
                self.0.insert(other, first);
            }
        }
    }
}

/// The choices in groups that have nothing to do with one another.
pub(super) fn apart(space: &Space<'_>, store: &Store, open: Vec<Formula>) -> Vec<Vec<Formula>> {
    if open.len() < 2 {
        return vec![open];
    }
    space.budget.spend(space.size() + store.size());
    let mut classes = Classes::default();
    for row in &store.rows {
        classes.join(&row.sum.parts.keys().copied().collect::<Vec<_>>());
    }
    for (a, b, _) in &store.same {
        classes.join(&[*a, *b]);
    }
    for (variable, thing) in space.variables() {
        if let Thing::Length(of) | Thing::Form(_, of) = thing {
            classes.join(&[variable, *of]);
        }
    }
    for (result, sum) in space.definitions() {
        let parts = sum.parts.keys().copied();
        classes.join(&[result].into_iter().chain(parts).collect::<Vec<_>>());
    }
    let read: Vec<Vec<Variable>> = open.iter().map(variables).collect();
    space.budget.spend(read.iter().map(Vec::len).sum());
    read.iter().for_each(|variables| classes.join(variables));
    let mut groups: BTreeMap<Option<Variable>, Vec<Formula>> = BTreeMap::new();
    for (formula, variables) in open.into_iter().zip(read) {
        let class = variables.first().map(|first| classes.of(*first));
        groups.entry(class).or_default().push(formula);
    }
    groups.into_values().collect()
}

fn variables(formula: &Formula) -> Vec<Variable> {
    let mut found = Vec::new();
    collect(formula, &mut found);
    found
}

fn collect(formula: &Formula, found: &mut Vec<Variable>) {
    match formula {
        Formula::True | Formula::False => {}
        Formula::Literal(literal) => match literal {
            Literal::Kind(variable, _)
            | Literal::Multiple(variable, _, _)
            | Literal::Text(variable, _, _) => found.push(*variable),
            Literal::Row(row) => found.extend(row.sum.parts.keys()),
            Literal::Same(a, b, _) => found.extend([*a, *b]),
        },
        Formula::All(parts) | Formula::Any(parts) => {
            parts.iter().for_each(|part| collect(part, found));
        }
    }
}
