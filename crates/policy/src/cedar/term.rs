//! Conditions of Cedar, simplified as they are built.

use std::fmt::{self, Display, Formatter};

/// A condition that never fails to evaluate.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    Always(bool),
    /// A comparison or a test, as written.
    Atom(String),
    Not(Box<Term>),
    And(Box<Term>, Box<Term>),
    Or(Box<Term>, Box<Term>),
    If(Box<Term>, Box<Term>, Box<Term>),
}

impl Term {
    pub(super) fn not(self) -> Self {
        match self {
            Self::Always(value) => Self::Always(!value),
            Self::Not(inner) => *inner,
            other => Self::Not(other.into()),
        }
    }

    /// The right side is evaluated only where the left holds.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always(true), other) | (other, Self::Always(true)) => other,
            (Self::Always(false), _) => Self::Always(false),
            (left, right) => Self::And(left.into(), right.into()),
        }
    }

    /// The right side is evaluated only where the left does not hold.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always(false), other) | (other, Self::Always(false)) => other,
            (Self::Always(true), _) => Self::Always(true),
            (left, right) => Self::Or(left.into(), right.into()),
        }
    }

    pub(super) fn choose(self, yes: Self, no: Self) -> Self {
        match (self, yes, no) {
            (Self::Always(true), yes, _) => yes,
            (Self::Always(false), _, no) => no,
            (test, Self::Always(true), Self::Always(false)) => test,
            (test, yes, Self::Always(false)) => test.and(yes),
            (test, yes, no) => Self::If(test.into(), yes.into(), no.into()),
        }
    }

    /// What is known once this holds, besides what was known before. Cedar's
    /// validator sees the same: it follows `&&` and the test of `if`.
    pub(super) fn adding_to(&self, known: &[Self]) -> Vec<Self> {
        match self {
            Self::Atom(_) => known.iter().chain([self]).cloned().collect(),
            Self::And(left, right) => right.adding_to(&left.adding_to(known)),
            _ => known.to_vec(),
        }
    }

    /// How tightly it binds; more is tighter.
    fn binds(&self) -> u8 {
        match self {
            Self::If(..) => 0,
            Self::Or(..) => 1,
            Self::And(..) => 2,
            Self::Atom(_) => 3,
            Self::Always(_) | Self::Not(_) => 4,
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let part = |part: &Self, demanded: u8| {
            if part.binds() < demanded { format!("({part})") } else { part.to_string() }
        };
        match self {
            Self::Always(value) => write!(f, "{value}"),
            Self::Atom(text) => f.write_str(text),
            Self::Not(inner) => write!(f, "!{}", part(inner, 5)),
            Self::And(left, right) => write!(f, "{} && {}", part(left, 2), part(right, 3)),
            Self::Or(left, right) => write!(f, "{} || {}", part(left, 1), part(right, 2)),
            Self::If(test, yes, no) => {
                write!(f, "if {} then {} else {}", part(test, 1), part(yes, 1), part(no, 1))
            }
        }
    }
}
