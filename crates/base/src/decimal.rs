//! Exact decimal numbers: at most 34 significant digits, exponent within ±300.
//!
//! The arithmetic is that of IEEE 754-2019 decimal128 (round half to even)
//! without infinities and NaN: what does not fit is no number at all.

mod sum;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use ethnum::U256;

pub use sum::DecimalSum;

/// An exact decimal, always in lowest terms, so that equal values are equal bits.
///
/// The 16 bytes of an `i128` hold the coefficient (34 digits are 113 bits) above
/// the exponent. They stand as two halves, since an `i128` would make every
/// [`crate::Json`] as wide as its alignment demands.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal([u64; 2]);

/// A text is not a number that can be held exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not a JSON number (RFC 8259 section 6).
    #[error("this is not a JSON number")]
    Syntax,
    /// More than 34 significant digits.
    #[error("a number has at most 34 significant digits")]
    Digits,
    /// The scientific exponent is outside ±300.
    #[error("the exponent of a number is within -300 and 300")]
    Exponent,
}

const MAX_DIGITS: u32 = 34;
const MAX_EXPONENT: i32 = 300;
/// Bits of the exponent, which is within −333 and 300 in lowest terms.
const EXPONENT_BITS: u32 = 10;

/// The powers of ten that fit.
#[expect(clippy::indexing_slicing, reason = "the compiler evaluates it, so it cannot panic later")]
const POWERS: [i128; 39] = {
    let mut powers = [1; 39];
    let mut power = 1;
    while power < powers.len() {
        powers[power] = powers[power - 1] * 10;
        power += 1;
    }
    powers
};

impl Decimal {
    /// The number 0.
    pub const ZERO: Self = Self([0; 2]);

    /// `integer × 10^exponent`; `None` where it does not fit.
    #[must_use]
    pub fn scaled(integer: i64, exponent: i32) -> Option<Self> {
        Self::rounded_i128(i128::from(integer), exponent)
    }

    /// `self + other`, rounded half to even; `None` where it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if let Some(sum) = self.exact_add(other) {
            return Some(sum);
        }
        let (high, low) =
            if self.exponent() > other.exponent() { (self, other) } else { (other, self) };
        if high.coefficient() == 0 {
            return Some(low);
        }
        if low.coefficient() == 0 {
            return Some(high);
        }
        let room = 76 - digits(high.coefficient().unsigned_abs());
        let distance = high.exponent().abs_diff(low.exponent());
        let (shift, low) = if distance <= room {
            (distance, low)
        } else {
            // `low` is too small for any of its digits to matter, only its sign does.
            (room, Self::new(low.coefficient().signum(), 0))
        };
        let scaled = U256::from(high.coefficient().unsigned_abs()) * ten_to(shift);
        let other = U256::from(low.coefficient().unsigned_abs());
        let negative = high.coefficient() < 0;
        let exponent = high.exponent() - i32::try_from(shift).ok()?;
        if negative == (low.coefficient() < 0) {
            Self::rounded(negative, scaled + other, exponent, false)
        } else if scaled >= other {
            Self::rounded(negative, scaled - other, exponent, false)
        } else {
            Self::rounded(!negative, other - scaled, exponent, false)
        }
    }

    /// `self + other` where no digit is lost, so that the order of additions does not matter.
    #[must_use]
    pub fn exact_add(self, other: Self) -> Option<Self> {
        if self.coefficient() == 0 || other.coefficient() == 0 {
            return Some(if self.coefficient() == 0 { other } else { self });
        }
        let exponent = self.exponent().min(other.exponent());
        let sum = self.in_units_of(exponent)?.checked_add(other.in_units_of(exponent)?)?;
        (digits(sum.unsigned_abs()) <= MAX_DIGITS)
            .then(|| Self::rounded_i128(sum, exponent))
            .flatten()
    }

    /// The coefficient where `10^exponent` is the unit, if it is whole and fits.
    fn in_units_of(self, exponent: i32) -> Option<i128> {
        let shift = usize::try_from(self.exponent() - exponent).ok()?;
        self.coefficient().checked_mul(*POWERS.get(shift)?)
    }

    /// `self - other`, rounded half to even; `None` where it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.negated())
    }

    /// `self * other`, rounded half to even; `None` where it does not fit.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let negative = (self.coefficient() < 0) != (other.coefficient() < 0);
        let product = U256::from(self.coefficient().unsigned_abs())
            * U256::from(other.coefficient().unsigned_abs());
        Self::rounded(negative, product, self.exponent() + other.exponent(), false)
    }

    /// `self / other`, rounded half to even; `None` for a zero divisor or where it does not fit.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other.coefficient() == 0 {
            return None;
        }
        let negative = (self.coefficient() < 0) != (other.coefficient() < 0);
        let (above, below) =
            (self.coefficient().unsigned_abs(), other.coefficient().unsigned_abs());
        let shift = (MAX_DIGITS + 2 + digits(below)).saturating_sub(digits(above));
        let above = U256::from(above) * ten_to(shift);
        let below = U256::from(below);
        let exponent = self.exponent() - other.exponent() - i32::try_from(shift).ok()?;
        Self::rounded(negative, above / below, exponent, above % below != 0)
    }

    /// The remainder of truncating division; `None` for a zero divisor or where it does not fit.
    #[must_use]
    pub fn checked_rem(self, other: Self) -> Option<Self> {
        let exponent = self.exponent().min(other.exponent());
        let above = aligned(self, exponent)?;
        let below = aligned(other, exponent)?;
        if below == 0 {
            return None;
        }
        Self::rounded(self.coefficient() < 0, above % below, exponent, false)
    }

    /// `-self`.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::new(-self.coefficient(), self.exponent())
    }

    /// Whether the number is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.coefficient() < 0
    }

    /// The number as an integer, if it is one and fits.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        let power = 10_i128.checked_pow(u32::try_from(self.exponent()).ok()?)?;
        i64::try_from(self.coefficient().checked_mul(power)?).ok()
    }

    /// The nearest binary float, for statistics and display only.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Whether the number survives RFC 8785, which goes through binary floats:
    /// an integer within ±(2^53−1), or at most 15 significant digits.
    #[must_use]
    pub fn is_interoperable(self) -> bool {
        const MAX_SAFE: i64 = (1 << 53) - 1;
        digits(self.coefficient().unsigned_abs()) <= 15
            || self.to_i64().is_some_and(|integer| (-MAX_SAFE..=MAX_SAFE).contains(&integer))
    }

    /// Coefficient and exponent in lowest terms: the value is `coefficient × 10^exponent`.
    #[must_use]
    pub fn parts(self) -> (i128, i32) {
        (self.coefficient(), self.exponent())
    }

    fn new(coefficient: i128, exponent: i32) -> Self {
        let mask = (1 << EXPONENT_BITS) - 1;
        let bits = coefficient << EXPONENT_BITS | i128::from(exponent) & mask;
        Self([(bits >> 64) as u64, bits as u64])
    }

    fn bits(self) -> i128 {
        let [high, low] = self.0;
        i128::from(high as i64) << 64 | i128::from(low)
    }

    fn coefficient(self) -> i128 {
        self.bits() >> EXPONENT_BITS
    }

    fn exponent(self) -> i32 {
        let unused = i32::BITS - EXPONENT_BITS;
        (self.bits() as i32) << unused >> unused
    }

    fn rounded_i128(coefficient: i128, exponent: i32) -> Option<Self> {
        let (negative, magnitude) = (coefficient < 0, coefficient.unsigned_abs());
        if digits(magnitude) <= MAX_DIGITS {
            return Self::in_lowest_terms(negative, magnitude, exponent);
        }
        Self::rounded(negative, U256::from(magnitude), exponent, false)
    }

    /// Rounds `±magnitude × 10^exponent` to 34 digits; `sticky` says that
    /// non-zero digits follow the magnitude.
    fn rounded(
        negative: bool,
        mut magnitude: U256,
        mut exponent: i32,
        sticky: bool,
    ) -> Option<Self> {
        let surplus = wide_digits(magnitude).saturating_sub(MAX_DIGITS);
        if surplus > 0 {
            let unit = ten_to(surplus);
            let (rest, half) = (magnitude % unit, unit / 2);
            magnitude /= unit;
            exponent += i32::try_from(surplus).ok()?;
            let odd = magnitude % 2 == 1;
            if rest > half || (rest == half && (sticky || odd)) {
                magnitude += 1;
            }
        }
        Self::in_lowest_terms(negative, magnitude.as_u128(), exponent)
    }

    /// The number `±magnitude × 10^exponent`, of at most 34 digits.
    fn in_lowest_terms(negative: bool, mut magnitude: u128, mut exponent: i32) -> Option<Self> {
        if magnitude == 0 {
            return Some(Self::ZERO);
        }
        while magnitude > u128::from(u64::MAX) && magnitude.is_multiple_of(10) {
            magnitude /= 10;
            exponent += 1;
        }
        // Division of a machine word is many times faster.
        if let Ok(mut word) = u64::try_from(magnitude) {
            while word.is_multiple_of(10) {
                word /= 10;
                exponent += 1;
            }
            magnitude = word.into();
        }
        let scientific = exponent + i32::try_from(digits(magnitude)).ok()? - 1;
        let coefficient = i128::try_from(magnitude).ok()?;
        let signed = if negative { -coefficient } else { coefficient };
        (scientific.abs() <= MAX_EXPONENT).then(|| Self::new(signed, exponent))
    }

    /// What most numbers are: at most 18 digits without an exponent. `None` for
    /// all others, also for what is no number.
    fn short(text: &str) -> Option<Self> {
        let (negative, digits) = signed(text);
        let is_led_by_zero = matches!(digits.as_bytes(), [b'0', b'0'..=b'9', ..]);
        if digits.len() > 18 || is_led_by_zero || !digits.starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let (mut magnitude, mut decimals) = (0_u64, None);
        for byte in digits.bytes() {
            match byte {
                b'0'..=b'9' => {
                    magnitude = magnitude * 10 + u64::from(byte - b'0');
                    decimals = decimals.map(|count| count + 1);
                }
                b'.' if decimals.is_none() => decimals = Some(0),
                _ => return None,
            }
        }
        if decimals == Some(0) {
            return None;
        }
        Self::in_lowest_terms(negative, magnitude.into(), -decimals.unwrap_or(0))
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads a JSON number exactly as RFC 8259 section 6 writes it.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        if let Some(number) = Self::short(text) {
            return Ok(number);
        }
        let (negative, rest) = signed(text);
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return Err(DecimalError::Syntax),
            Some((whole, fraction)) => (whole, fraction),
            None => (mantissa, ""),
        };
        let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || !digits_only(whole)
            || !digits_only(fraction)
            || (whole.len() > 1 && whole.starts_with('0'))
        {
            return Err(DecimalError::Syntax);
        }
        let (mut coefficient, mut kept, mut zeros) = (0_u128, 0, 0);
        for digit in whole.bytes().chain(fraction.bytes()) {
            if digit == b'0' {
                zeros += u32::from(coefficient > 0);
                continue;
            }
            kept += zeros + 1;
            if kept > MAX_DIGITS {
                return Err(DecimalError::Digits);
            }
            coefficient = coefficient * 10_u128.pow(zeros + 1) + u128::from(digit - b'0');
            zeros = 0;
        }
        let fraction_len = i64::try_from(fraction.len()).map_err(|_| DecimalError::Exponent)?;
        let exponent = exponent.saturating_add(zeros.into()).saturating_sub(fraction_len);
        if coefficient == 0 {
            return Ok(Self::ZERO);
        }
        let exponent = i32::try_from(exponent).map_err(|_| DecimalError::Exponent)?;
        if exponent.abs() > 2 * MAX_EXPONENT {
            return Err(DecimalError::Exponent);
        }
        Self::in_lowest_terms(negative, coefficient, exponent).ok_or(DecimalError::Exponent)
    }
}

impl fmt::Display for Decimal {
    /// The shortest exact form, laid out as ECMA-262 `Number::toString` does;
    /// for interoperable numbers this is the form that RFC 8785 demands.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(integer) = self.to_i64() {
            return write!(f, "{integer}");
        }
        if self.coefficient() < 0 {
            f.write_str("-")?;
        }
        let digits = self.coefficient().unsigned_abs().to_string();
        let count = i32::try_from(digits.len()).map_err(|_| fmt::Error)?;
        let point = count + self.exponent();
        let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
        if count <= point && point <= 21 {
            write!(f, "{digits}{}", zeros(self.exponent()))
        } else if 0 < point && point <= 21 {
            let (whole, fraction) =
                digits.split_at(usize::try_from(point).map_err(|_| fmt::Error)?);
            write!(f, "{whole}.{fraction}")
        } else if -6 < point && point <= 0 {
            write!(f, "0.{}{digits}", zeros(-point))
        } else {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            write!(f, "{first}{dot}{rest}e{:+}", point - 1)
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.exponent() == other.exponent() {
            return self.coefficient().cmp(&other.coefficient());
        }
        let exponent = self.exponent().min(other.exponent());
        if let (Some(own), Some(others)) = (self.in_units_of(exponent), other.in_units_of(exponent))
        {
            return own.cmp(&others);
        }
        let sign = self.coefficient().signum().cmp(&other.coefficient().signum());
        if sign != Ordering::Equal {
            return sign;
        }
        let magnitude = compare_magnitudes(*self, *other);
        if self.coefficient() < 0 { magnitude.reverse() } else { magnitude }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Default for Decimal {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<i64> for Decimal {
    fn from(integer: i64) -> Self {
        // 19 digits always fit.
        Self::scaled(integer, 0).unwrap_or(Self::ZERO)
    }
}

impl From<u64> for Decimal {
    fn from(integer: u64) -> Self {
        // 20 digits always fit.
        Self::rounded_i128(i128::from(integer), 0).unwrap_or(Self::ZERO)
    }
}

impl From<u32> for Decimal {
    fn from(integer: u32) -> Self {
        Self::from(i64::from(integer))
    }
}

fn compare_magnitudes(a: Decimal, b: Decimal) -> Ordering {
    let scientific =
        |d: Decimal| i64::from(d.exponent()) + i64::from(digits(d.coefficient().unsigned_abs()));
    scientific(a).cmp(&scientific(b)).then_with(|| {
        // Equal leading positions: at most 34 digits apart, so both fit 256 bits.
        let exponent = a.exponent().min(b.exponent());
        aligned(a, exponent).cmp(&aligned(b, exponent))
    })
}

/// The magnitude in units of `10^exponent`, if it fits 256 bits.
fn aligned(number: Decimal, exponent: i32) -> Option<U256> {
    let shift = number.exponent().abs_diff(exponent);
    let magnitude = number.coefficient().unsigned_abs();
    (digits(magnitude) + shift <= 76).then(|| U256::from(magnitude) * ten_to(shift))
}

fn ten_to(power: u32) -> U256 {
    U256::from(10_u8).pow(power)
}

fn digits(magnitude: u128) -> u32 {
    magnitude.checked_ilog10().map_or(1, |log| log + 1)
}

fn wide_digits(magnitude: U256) -> u32 {
    match magnitude.into_words() {
        (0, low) => digits(low),
        _ => 38 + digits((magnitude / ten_to(38)).as_u128()),
    }
}

/// Whether a minus stands before the number, and what follows it.
fn signed(text: &str) -> (bool, &str) {
    text.strip_prefix('-').map_or((false, text), |rest| (true, rest))
}

fn parse_exponent(text: &str) -> Result<i64, DecimalError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::Syntax);
    }
    text.parse().map_err(|_| DecimalError::Exponent)
}

#[cfg(test)]
mod tests;
