//! Exact numbers of the proofs, which neither round nor overflow.

use bounden_base::Decimal;
use num_bigint::BigInt;

pub(super) use super::rational::Rational;

/// The same number as a fraction.
pub(super) fn exact(number: Decimal) -> Rational {
    let (coefficient, exponent) = number.parts();
    let (coefficient, power) = (BigInt::from(coefficient), power(exponent));
    if exponent < 0 {
        Rational::new(coefficient, power)
    } else {
        Rational::integer(coefficient * power)
    }
}

/// A whole number.
pub(super) fn whole(number: i64) -> Rational {
    Rational::whole(number)
}

/// Ten to a power.
pub(super) fn ten_to(exponent: i32) -> Rational {
    let power = Rational::integer(power(exponent));
    if exponent < 0 { power.recip() } else { power }
}

fn power(exponent: i32) -> BigInt {
    BigInt::from(10).pow(exponent.unsigned_abs())
}

/// The number as an argument can hold it, if it can exactly.
pub(super) fn decimal(number: &Rational) -> Option<Decimal> {
    // Arguments have at most 34 digits and exponents of at most 300.
    let mut shift: i32 = 0;
    let mut scaled = number.clone();
    while !scaled.is_integer() {
        let step = if shift < 64 { 1 } else { 64 };
        shift += step;
        if shift > 400 {
            return None;
        }
        scaled = scaled * ten_to(step);
    }
    format!("{}e-{shift}", scaled.numerator()).parse().ok()
}

/// The largest multiple of `unit` that is at most `number`.
pub(super) fn floor_to(number: &Rational, unit: &Rational) -> Rational {
    (number / unit).floor() * unit
}

/// The smallest multiple of `unit` that is at least `number`.
pub(super) fn ceil_to(number: &Rational, unit: &Rational) -> Rational {
    (number / unit).ceil() * unit
}

/// The smallest number that both are multiples of.
pub(super) fn gcd(a: &Rational, b: &Rational) -> Rational {
    let (mut a, mut b) = (a.clone(), b.clone());
    let zero = whole(0);
    while b != zero {
        let rest = &a - floor_to(&a, &b);
        a = b;
        b = rest;
    }
    a
}

/// The smallest number that is a multiple of both.
pub(super) fn lcm(a: &Rational, b: &Rational) -> Rational {
    a * b / gcd(a, b)
}

/// The place of the first digit: 2 for 500, -1 for 0.25.
pub(super) fn magnitude(number: &Rational) -> i32 {
    let zero = whole(0);
    let number = if *number < zero { -number.clone() } else { number.clone() };
    if number == zero {
        return 0;
    }
    let digits = |number: &BigInt| i32::try_from(number.to_string().len()).unwrap_or(i32::MAX);
    let mut guess = digits(&number.numerator()).saturating_sub(digits(&number.denominator()));
    while ten_to(guess) > number {
        guess -= 1;
    }
    guess
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Rational {
        exact(text.parse().unwrap())
    }

    #[test]
    fn decimals_survive_a_round_trip() {
        for text in ["0", "500.01", "-0.25", "1e300", "1e-300", "9007199254740993"] {
            let decimal: Decimal = text.parse().unwrap();
            assert_eq!(super::decimal(&exact(decimal)), Some(decimal), "{text}");
        }
        assert_eq!(decimal(&Rational::new(1.into(), 3.into())), None);
        assert_eq!(decimal(&ten_to(301)), None);
    }

    #[test]
    fn multiples_are_found_on_both_sides() {
        let cent = number("0.01");
        assert_eq!(floor_to(&number("-1.005"), &cent), number("-1.01"));
        assert_eq!(ceil_to(&number("500.001"), &cent), number("500.01"));
        assert_eq!(gcd(&number("0.06"), &number("0.04")), number("0.02"));
        assert_eq!(lcm(&number("0.06"), &number("0.04")), number("0.12"));
    }

    #[test]
    fn magnitudes_are_places_of_digits() {
        for (text, expected) in [("500", 2), ("999.99", 2), ("1", 0), ("0.25", -1), ("-10", 1)] {
            assert_eq!(magnitude(&number(text)), expected, "{text}");
        }
    }
}
