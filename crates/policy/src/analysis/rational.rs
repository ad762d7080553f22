//! Fractions of any size. Almost all that proofs reckon with are small, and a small one needs no
//! memory of its own; what outgrows that becomes large, and what shrinks becomes small again.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use num_bigint::BigInt;
use num_rational::BigRational;

/// An exact fraction in lowest terms. To divide by zero panics, as it does for whole numbers.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Rational(Form);

/// A number has one form only: it is small if it can be.
#[derive(Clone, PartialEq, Eq)]
enum Form {
    /// Numerator and denominator; the denominator is above zero.
    Small(i64, i64),
    Large(Box<BigRational>),
}

use Form::{Large, Small};

impl Rational {
    /// `numerator / denominator`.
    pub(super) fn new(numerator: BigInt, denominator: BigInt) -> Self {
        Self::of(BigRational::new(numerator, denominator))
    }

    pub(super) fn whole(number: i64) -> Self {
        Self(Small(number, 1))
    }

    /// A whole number of any size.
    pub(super) fn integer(number: BigInt) -> Self {
        Self::of(BigRational::from_integer(number))
    }

    fn of(number: BigRational) -> Self {
        match (i64::try_from(number.numer()), i64::try_from(number.denom())) {
            (Ok(numerator), Ok(denominator)) => Self(Small(numerator, denominator)),
            _ => Self(Large(Box::new(number))),
        }
    }

    /// The fraction of two numbers of which the second is above zero.
    fn reduced(numerator: i128, denominator: i128) -> Self {
        let shared = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        // Neither is divided by more than itself.
        let shared = i128::try_from(shared).unwrap_or(1);
        let (numerator, denominator) = (numerator / shared, denominator / shared);
        match (i64::try_from(numerator), i64::try_from(denominator)) {
            (Ok(numerator), Ok(denominator)) => Self(Small(numerator, denominator)),
            _ => Self::of(BigRational::new_raw(numerator.into(), denominator.into())),
        }
    }

    fn large(&self) -> BigRational {
        match &self.0 {
            Small(numerator, denominator) => {
                BigRational::new_raw((*numerator).into(), (*denominator).into())
            }
            Large(number) => number.as_ref().clone(),
        }
    }

    pub(super) fn numerator(&self) -> BigInt {
        match &self.0 {
            Small(numerator, _) => (*numerator).into(),
            Large(number) => number.numer().clone(),
        }
    }

    pub(super) fn denominator(&self) -> BigInt {
        match &self.0 {
            Small(_, denominator) => (*denominator).into(),
            Large(number) => number.denom().clone(),
        }
    }

    /// Bits of numerator and denominator together.
    pub(super) fn bits(&self) -> u64 {
        let bits = |number: i64| u64::from(64 - number.unsigned_abs().leading_zeros());
        match &self.0 {
            Small(numerator, denominator) => bits(*numerator) + bits(*denominator),
            Large(number) => number.numer().bits() + number.denom().bits(),
        }
    }

    pub(super) fn is_integer(&self) -> bool {
        match &self.0 {
            Small(_, denominator) => *denominator == 1,
            Large(number) => number.is_integer(),
        }
    }

    /// The largest whole number that is at most this one.
    pub(super) fn floor(&self) -> Self {
        match &self.0 {
            Small(numerator, denominator) => Self::whole(numerator.div_euclid(*denominator)),
            Large(number) => Self::of(number.floor()),
        }
    }

    /// The smallest whole number that is at least this one.
    pub(super) fn ceil(&self) -> Self {
        -(-self).floor()
    }

    fn raised(&self, whole: &BigInt) -> Self {
        let denominator = self.denominator();
        let numerator = self.numerator() + whole * &denominator;
        Self::of(BigRational::new_raw(numerator, denominator))
    }

    /// One divided by this one.
    pub(super) fn recip(&self) -> Self {
        match &self.0 {
            Small(..) => &Self::whole(1) / self,
            Large(number) => Self::of(number.recip()),
        }
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    // Most fit a register, where division is quick.
    while b != 0 {
        if let (Ok(mut small), Ok(mut other)) = (u64::try_from(a), u64::try_from(b)) {
            while other != 0 {
                (small, other) = (other, small % other);
            }
            return small.into();
        }
        (a, b) = (b, a % b);
    }
    a
}

impl Add for &Rational {
    type Output = Rational;

    fn add(self, other: Self) -> Rational {
        match (&self.0, &other.0) {
            (Small(a, 1), Small(b, 1)) => Rational::reduced(i128::from(*a) + i128::from(*b), 1),
            (Small(a, b), Small(c, d)) => {
                let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
                // Each product is below 2^126.
                Rational::reduced(a * d + c * b, b * d)
            }
            // With a whole number, a fraction in lowest terms stays in lowest terms.
            _ if self.is_integer() => other.raised(&self.numerator()),
            _ if other.is_integer() => self.raised(&other.numerator()),
            _ => Rational::of(self.large() + other.large()),
        }
    }
}

impl Mul for &Rational {
    type Output = Rational;

    fn mul(self, other: Self) -> Rational {
        match (&self.0, &other.0) {
            (Small(a, b), Small(c, d)) => {
                let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
                Rational::reduced(a * c, b * d)
            }
            (Small(1, 1), _) => other.clone(),
            (_, Small(1, 1)) => self.clone(),
            (Small(-1, 1), _) => -other,
            (_, Small(-1, 1)) => -self,
            _ if self.is_integer() && other.is_integer() => {
                Rational::integer(self.numerator() * other.numerator())
            }
            _ => Rational::of(self.large() * other.large()),
        }
    }
}

impl Div for &Rational {
    type Output = Rational;

    fn div(self, other: Self) -> Rational {
        match (&self.0, &other.0) {
            (Small(a, b), Small(c, d)) if *c != 0 => {
                let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
                Rational::reduced(a * d * c.signum(), b * c.abs())
            }
            _ => Rational::of(self.large() / other.large()),
        }
    }
}

impl Neg for &Rational {
    type Output = Rational;

    fn neg(self) -> Rational {
        match &self.0 {
            Small(numerator, denominator) if *numerator != i64::MIN => {
                Rational(Small(-numerator, *denominator))
            }
            _ => Rational::of(-self.large()),
        }
    }
}

impl Sub for &Rational {
    type Output = Rational;

    fn sub(self, other: Self) -> Rational {
        self + &-other
    }
}

impl Neg for Rational {
    type Output = Self;

    fn neg(self) -> Self {
        -&self
    }
}

/// The same for numbers that are not needed any more.
macro_rules! by_value {
    ($($operator:ident $method:ident,)+) => {$(
        impl $operator for Rational {
            type Output = Rational;

            fn $method(self, other: Self) -> Rational {
                (&self).$method(&other)
            }
        }

        impl $operator<&Rational> for Rational {
            type Output = Rational;

            fn $method(self, other: &Self) -> Rational {
                (&self).$method(other)
            }
        }

        impl $operator<Rational> for &Rational {
            type Output = Rational;

            fn $method(self, other: Rational) -> Rational {
                self.$method(&other)
            }
        }
    )+};
}

by_value! {
    Add add,
    Sub sub,
    Mul mul,
    Div div,
}

impl AddAssign<&Self> for Rational {
    fn add_assign(&mut self, other: &Self) {
        *self = &*self + other;
    }
}

impl AddAssign for Rational {
    fn add_assign(&mut self, other: Self) {
        *self += &other;
    }
}

impl SubAssign<&Self> for Rational {
    fn sub_assign(&mut self, other: &Self) {
        *self = &*self - other;
    }
}

impl SubAssign for Rational {
    fn sub_assign(&mut self, other: Self) {
        *self -= &other;
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Small(a, b), Small(c, d)) if b == d => a.cmp(c),
            (Small(a, b), Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            _ => self.large().cmp(&other.large()),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Small(numerator, 1) => write!(f, "{numerator}"),
            Small(numerator, denominator) => write!(f, "{numerator}/{denominator}"),
            Large(number) => number.fmt(f),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Fractions on both sides of what is small.
    fn fraction() -> impl Strategy<Value = Rational> {
        let number = || {
            prop_oneof![
                -9_i128..10,
                any::<i64>().prop_map(i128::from),
                (i128::from(i64::MAX) - 2)..(i128::from(i64::MAX) + 3),
                (i128::from(i64::MIN) - 2)..(i128::from(i64::MIN) + 3),
                any::<i128>(),
            ]
        };
        let below = number().prop_filter("a denominator is not zero", |number| *number != 0);
        (number(), below).prop_map(|(above, below)| Rational::new(above.into(), below.into()))
    }

    /// Its only form, and the value that is expected.
    fn is(number: &Rational, expected: BigRational) {
        assert_eq!(*number, Rational::of(expected.clone()));
        assert_eq!(number.large(), expected);
        assert_eq!(number.to_string(), expected.to_string());
        assert_eq!(number.bits(), expected.numer().bits() + expected.denom().bits());
    }

    proptest! {
        #[test]
        fn small_and_large_numbers_reckon_alike(a in fraction(), b in fraction()) {
            let (x, y) = (a.large(), b.large());
            is(&(&a + &b), &x + &y);
            is(&(&a - &b), &x - &y);
            is(&(&a * &b), &x * &y);
            is(&-&a, -&x);
            is(&a.floor(), x.floor());
            is(&a.ceil(), x.ceil());
            prop_assert_eq!(a.is_integer(), x.is_integer());
            prop_assert_eq!(a.cmp(&b), x.cmp(&y));
            if b != Rational::whole(0) {
                is(&(&a / &b), &x / &y);
                is(&b.recip(), y.recip());
            }
        }
    }
}
