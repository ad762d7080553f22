//! Sums of numbers, each with a factor, and comparisons of them with zero.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::number::{Rational, whole};
use super::space::Variable;

/// `factor × variable + … + constant`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    /// Without factors of zero.
    pub(super) parts: BTreeMap<Variable, Rational>,
    pub(super) constant: Rational,
}

/// How a sum compares with zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Below,
    AtMost,
    Zero,
}

/// A sum stands in a relation to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) sum: Sum,
    pub(super) relation: Relation,
}

impl Sum {
    pub(super) fn constant(constant: Rational) -> Self {
        Self { parts: BTreeMap::new(), constant }
    }

    pub(super) fn of(variable: Variable) -> Self {
        Self { parts: [(variable, whole(1))].into(), constant: whole(0) }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        sum.constant += &other.constant;
        for (variable, factor) in &other.parts {
            let entry = sum.parts.entry(*variable).or_insert_with(|| whole(0));
            *entry += factor;
            if *entry == whole(0) {
                sum.parts.remove(variable);
            }
        }
        sum
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.times(&whole(-1)))
    }

    pub(super) fn times(&self, factor: &Rational) -> Self {
        if *factor == whole(0) {
            return Self::constant(whole(0));
        }
        let parts = self.parts.iter().map(|(variable, own)| (*variable, own * factor));
        Self { parts: parts.collect(), constant: &self.constant * factor }
    }

    /// How much there is to reckon with: longer numbers take longer.
    pub(super) fn weight(&self) -> usize {
        let words = |number: &Rational| usize::try_from(number.bits() / 64).unwrap_or(usize::MAX);
        self.parts.values().chain([&self.constant]).map(|number| 1 + words(number)).sum()
    }

    /// The number, where nothing varies.
    pub(super) fn value(&self) -> Option<&Rational> {
        self.parts.is_empty().then_some(&self.constant)
    }

    /// The only variable and its factor.
    pub(super) fn only(&self) -> Option<(Variable, &Rational)> {
        let mut parts = self.parts.iter();
        let (variable, factor) = parts.next()?;
        parts.next().is_none().then_some((*variable, factor))
    }

    /// The sum with a value in the place of each variable that has one.
    pub(super) fn with(&self, values: &BTreeMap<Variable, Rational>) -> Self {
        let mut sum = Self::constant(self.constant.clone());
        for (variable, factor) in &self.parts {
            match values.get(variable) {
                Some(value) => sum.constant += factor * value,
                None => drop(sum.parts.insert(*variable, factor.clone())),
            }
        }
        sum
    }
}

impl Row {
    pub(super) fn new(sum: Sum, relation: Relation) -> Rc<Self> {
        Rc::new(Self { sum, relation })
    }

    /// Whether the relation holds, where nothing varies.
    pub(super) fn truth(&self) -> Option<bool> {
        let value = self.sum.value()?;
        let zero = whole(0);
        Some(match self.relation {
            Relation::Below => *value < zero,
            Relation::AtMost => *value <= zero,
            Relation::Zero => *value == zero,
        })
    }
}
