//! What a place may hold: sets of kinds of values.

use std::fmt;
use std::ops::{BitAnd, BitOr};

/// A set of kinds, one bit each. Truth values are kinds of their own, and so
/// are the ways in which something from the past need not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    /// Nothing stands there.
    pub(super) const MISSING: Self = Self(1);
    pub(super) const NULL: Self = Self(1 << 1);
    pub(super) const TRUE: Self = Self(1 << 2);
    pub(super) const FALSE: Self = Self(1 << 3);
    pub(super) const NUMBER: Self = Self(1 << 4);
    pub(super) const TEXT: Self = Self(1 << 5);
    pub(super) const LIST: Self = Self(1 << 6);
    pub(super) const OBJECT: Self = Self(1 << 7);
    /// Under way.
    pub(super) const PENDING: Self = Self(1 << 8);
    /// A number that calls in flight may still raise.
    pub(super) const RISING: Self = Self(1 << 9);
    /// A number that lost calls may have raised.
    pub(super) const LOST: Self = Self(1 << 10);
    /// A number of which older parts are only known together.
    pub(super) const MERGED: Self = Self(1 << 11);
    pub(super) const RISING_AND_MERGED: Self = Self(1 << 12);
    pub(super) const LOST_AND_MERGED: Self = Self(1 << 13);
    /// More would have to be kept, or looked at, than may be.
    pub(super) const LIMIT: Self = Self(1 << 14);

    pub(super) const BOOL: Self = Self(Self::TRUE.0 | Self::FALSE.0);
    /// No value: not there, or null.
    pub(super) const ABSENT: Self = Self(Self::MISSING.0 | Self::NULL.0);
    /// All that an argument can be.
    pub(super) const ARGUMENT: Self = Self(0xff);
    /// A number of which only the least and the most are known.
    pub(super) const INTERVAL: Self = Self(
        Self::RISING.0
            | Self::LOST.0
            | Self::MERGED.0
            | Self::RISING_AND_MERGED.0
            | Self::LOST_AND_MERGED.0,
    );
    pub(super) const EVERY: Self = Self(u16::MAX);

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds one by one, the simplest first.
    pub(super) fn iter(self) -> impl Iterator<Item = Self> {
        (0..15).map(|bit| Self(1 << bit)).filter(move |kind| self.meets(*kind))
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Kinds {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}
