//! Formulas over the things that can differ from one call to another.

use std::rc::Rc;

use super::kinds::Kinds;
use super::linear::{Relation, Row, Sum};
use super::number::{Rational, whole};
use super::space::Variable;
use super::text::TextSet;

/// A formula, negations pushed down to its literals.
#[derive(Clone, Debug)]
pub(super) enum Formula {
    True,
    False,
    Literal(Literal),
    All(Rc<[Formula]>),
    Any(Rc<[Formula]>),
}

/// The smallest statements.
#[derive(Clone, Debug)]
pub(super) enum Literal {
    /// What stands there is of one of these kinds.
    Kind(Variable, Kinds),
    /// Numbers stand in this relation.
    Row(Rc<Row>),
    /// A number is a multiple of this one, or is none.
    Multiple(Variable, Rational, bool),
    /// A text is in this set, or is not.
    Text(Variable, Rc<TextSet>, bool),
    /// Two texts are equal, or are not.
    Same(Variable, Variable, bool),
}

impl Formula {
    pub(super) fn of(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }

    /// Holds where all of them do.
    pub(super) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::True => {}
                Self::False => return Self::False,
                Self::All(inner) => kept.extend(inner.iter().cloned()),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::True,
            1 => kept.remove(0),
            _ => Self::All(kept.into()),
        }
    }

    /// Holds where one of them does.
    pub(super) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::False => {}
                Self::True => return Self::True,
                Self::Any(inner) => kept.extend(inner.iter().cloned()),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::False,
            1 => kept.remove(0),
            _ => Self::Any(kept.into()),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    /// Holds where this one does not.
    pub(super) fn negated(&self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Literal(literal) => literal.negated(),
            Self::All(parts) => Self::any(parts.iter().map(Self::negated)),
            Self::Any(parts) => Self::all(parts.iter().map(Self::negated)),
        }
    }

    /// Whether both are written alike, so that they hold in the same calls.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::True, Self::True) | (Self::False, Self::False) => true,
            (Self::Literal(own), Self::Literal(other)) => own.is_same(other),
            (Self::All(own), Self::All(others)) | (Self::Any(own), Self::Any(others)) => {
                let mut pairs = own.iter().zip(others.iter());
                Rc::ptr_eq(own, others)
                    || (own.len() == others.len() && pairs.all(|(own, other)| own.is_same(other)))
            }
            _ => false,
        }
    }

    /// Whether it has at most so many literals, written out; those are taken off.
    pub(super) fn is_within(&self, left: &mut usize) -> bool {
        match self {
            Self::True | Self::False => true,
            Self::Literal(_) => {
                let is_within = *left > 0;
                *left = left.saturating_sub(1);
                is_within
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().all(|part| part.is_within(left)),
        }
    }

    /// How many literals there are, written out.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::True | Self::False => 0,
            Self::Literal(_) => 1,
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::size).sum(),
        }
    }

    /// A sum stands in this relation to zero.
    pub(super) fn row(sum: Sum, relation: Relation) -> Self {
        let row = Row::new(sum, relation);
        row.truth().map_or(Self::Literal(Literal::Row(row)), Self::of)
    }

    /// `left < right`
    pub(super) fn below(left: &Sum, right: &Sum) -> Self {
        Self::row(left.minus(right), Relation::Below)
    }

    /// `left <= right`
    pub(super) fn at_most(left: &Sum, right: &Sum) -> Self {
        Self::row(left.minus(right), Relation::AtMost)
    }

    /// `left == right`
    pub(super) fn equal(left: &Sum, right: &Sum) -> Self {
        Self::row(left.minus(right), Relation::Zero)
    }
}

impl Literal {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Kind(a, kinds), Self::Kind(b, others)) => (a, kinds) == (b, others),
            (Self::Row(own), Self::Row(other)) => own == other,
            (Self::Multiple(a, unit, holds), Self::Multiple(b, other, truth)) => {
                (a, unit, holds) == (b, other, truth)
            }
            (Self::Text(a, set, holds), Self::Text(b, other, truth)) => {
                (a, holds) == (b, truth) && set.is_same(other)
            }
            (Self::Same(a, b, holds), Self::Same(c, d, truth)) => (a, b, holds) == (c, d, truth),
            _ => false,
        }
    }

    fn negated(&self) -> Formula {
        match self {
            Self::Kind(variable, kinds) => {
                let others = Kinds::EVERY.without(*kinds);
                Formula::Literal(Self::Kind(*variable, others))
            }
            Self::Row(row) => {
                let turned = || row.sum.times(&whole(-1));
                match row.relation {
                    Relation::Below => Formula::row(turned(), Relation::AtMost),
                    Relation::AtMost => Formula::row(turned(), Relation::Below),
                    Relation::Zero => Formula::row(row.sum.clone(), Relation::Below)
                        .or(Formula::row(turned(), Relation::Below)),
                }
            }
            Self::Multiple(variable, unit, holds) => {
                Formula::Literal(Self::Multiple(*variable, unit.clone(), !holds))
            }
            Self::Text(variable, set, holds) => {
                Formula::Literal(Self::Text(*variable, Rc::clone(set), !holds))
            }
            Self::Same(a, b, holds) => Formula::Literal(Self::Same(*a, *b, !holds)),
        }
    }
}
