//! Why an expression has no definite value yet, and three-valued logic over it.

use std::ops::BitOr;

use serde::{Deserialize, Serialize};

/// A set of reasons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Doubt(u8);

/// True, false, or not known for these reasons (Kleene's strong logic).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    Unknown(Doubt),
}

impl Doubt {
    pub(crate) const NONE: Self = Self(0);
    /// A value is still under way.
    pub(crate) const PENDING: Self = Self(1);
    /// A value is not there and will not come.
    pub(crate) const ABSENT: Self = Self(2);
    /// Calls in flight decide, and more of them make the predicate true.
    pub(crate) const RISING: Self = Self(4);
    /// Calls in flight decide, and more of them make the predicate false.
    pub(crate) const FALLING: Self = Self(8);
    /// The outcome of a call will never be known.
    pub(crate) const LOST: Self = Self(16);
    /// A value has another type than the expression needs.
    pub(crate) const MALFORMED: Self = Self(32);
    /// More would have to be looked at than may be.
    pub(crate) const LIMIT: Self = Self(64);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The same doubt about the opposite.
    pub(crate) fn reversed(self) -> Self {
        let rest = Self(self.0 & !(Self::RISING.0 | Self::FALLING.0));
        let swap = |from: Self, to: Self| if self.has(from) { to } else { Self::NONE };
        rest | swap(Self::RISING, Self::FALLING) | swap(Self::FALLING, Self::RISING)
    }

    /// The same doubt where the direction is lost.
    pub(crate) fn mixed(self) -> Self {
        if self.has(Self::RISING | Self::FALLING) {
            self | Self::RISING | Self::FALLING
        } else {
            self
        }
    }
}

impl BitOr for Doubt {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Truth {
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, other) => other,
            (own, Self::True) => own,
            (Self::Unknown(a), Self::Unknown(b)) => Self::Unknown(a | b),
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown(doubt) => Self::Unknown(doubt.reversed()),
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Truth = Truth::True;
    const F: Truth = Truth::False;
    const U: Truth = Truth::Unknown(Doubt::RISING);

    #[test]
    fn the_truth_tables_of_kleene() {
        for (a, b, and, or) in
            [(T, T, T, T), (T, F, F, T), (T, U, U, T), (F, F, F, F), (F, U, F, U), (U, U, U, U)]
        {
            assert_eq!((a.and(b), b.and(a)), (and, and), "{a:?} && {b:?}");
            assert_eq!((a.or(b), b.or(a)), (or, or), "{a:?} || {b:?}");
        }
        assert_eq!((T.not(), F.not(), U.not()), (F, T, Truth::Unknown(Doubt::FALLING)));
    }

    #[test]
    fn doubts_of_both_sides_are_kept() {
        let both = Truth::Unknown(Doubt::ABSENT).and(Truth::Unknown(Doubt::FALLING));
        assert_eq!(both, Truth::Unknown(Doubt::ABSENT | Doubt::FALLING));
        assert_eq!(Doubt::RISING.mixed(), Doubt::RISING | Doubt::FALLING);
    }
}
