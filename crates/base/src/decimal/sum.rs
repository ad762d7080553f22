//! Sums that lose no digit, whatever is added and taken out again.

use ethnum::U256;

use super::Decimal;

/// An exact sum of decimals. The order of additions does not matter, and what
/// was added can be taken out again; only reading the sum rounds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecimalSum(Form);

/// Equal sums have equal forms.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// What a decimal can hold.
    Short(Decimal),
    /// What no decimal can hold.
    Long(Box<Limbs>),
}

/// A number in base 10^18, lowest limb first; all limbs have its sign.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Limbs([i128; COUNT]);

/// Digits of a limb.
const DIGITS: i32 = 18;
const BASE: i128 = 10_i128.pow(18);
/// The exponent of the lowest limb: below the last digit of any decimal.
const LOWEST: i32 = -342;
/// Up to 10^378, which 10^77 decimals do not reach.
const COUNT: usize = 40;

impl DecimalSum {
    /// The sum of nothing.
    pub const ZERO: Self = Self(Form::Short(Decimal::ZERO));

    /// Adds a number.
    pub fn add(&mut self, number: Decimal) {
        if let Form::Short(sum) = &mut self.0
            && let Some(exact) = sum.exact_add(number)
        {
            *sum = exact;
            return;
        }
        let mut limbs = self.limbs();
        limbs.add(number);
        *self = limbs.into();
    }

    /// Takes out a number that was added before.
    pub fn take(&mut self, number: Decimal) {
        self.add(number.negated());
    }

    /// The sum of this and another sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        match &other.0 {
            Form::Short(number) => sum.add(*number),
            Form::Long(limbs) => {
                let mut own = sum.limbs();
                own.0.iter_mut().zip(&limbs.0).for_each(|(own, limb)| *own += limb);
                sum = own.into();
            }
        }
        sum
    }

    /// The opposite number.
    #[must_use]
    pub fn negated(&self) -> Self {
        match &self.0 {
            Form::Short(number) => Self(Form::Short(number.negated())),
            Form::Long(limbs) => Self(Form::Long(Box::new(Limbs(limbs.0.map(|limb| -limb))))),
        }
    }

    /// The sum, rounded half to even to what a decimal holds; `None` where it does not fit.
    #[must_use]
    pub fn rounded(&self) -> Option<Decimal> {
        match &self.0 {
            Form::Short(number) => Some(*number),
            Form::Long(limbs) => limbs.rounded(),
        }
    }

    /// Coefficients and exponents that add up to the sum, the lowest first.
    #[must_use]
    pub fn parts(&self) -> Vec<(i128, i32)> {
        match &self.0 {
            Form::Short(number) => vec![number.parts()],
            Form::Long(limbs) => {
                let all = limbs.0.iter().zip((LOWEST..).step_by(DIGITS.unsigned_abs() as usize));
                all.filter(|(limb, _)| **limb != 0).map(|(limb, at)| (*limb, at)).collect()
            }
        }
    }

    /// The sum of [`DecimalSum::parts`]; `None` where a part lies where none can.
    #[must_use]
    pub fn from_parts(parts: &[(i128, i32)]) -> Option<Self> {
        let mut limbs = Limbs([0; COUNT]);
        for (coefficient, exponent) in parts {
            limbs.add_parts(*coefficient, *exponent)?;
        }
        Some(limbs.into())
    }

    fn limbs(&self) -> Limbs {
        match &self.0 {
            Form::Short(number) => {
                let mut limbs = Limbs([0; COUNT]);
                limbs.add(*number);
                limbs
            }
            Form::Long(limbs) => (**limbs).clone(),
        }
    }
}

impl From<Limbs> for DecimalSum {
    fn from(mut limbs: Limbs) -> Self {
        limbs.carry();
        match limbs.rounded().filter(|number| limbs.is(*number)) {
            Some(number) => Self(Form::Short(number)),
            None => Self(Form::Long(Box::new(limbs))),
        }
    }
}

impl Limbs {
    fn add(&mut self, number: Decimal) {
        let (coefficient, exponent) = number.parts();
        // Every decimal lies between the lowest and the highest limb.
        let fits = self.add_parts(coefficient, exponent);
        debug_assert!(fits.is_some(), "{number}");
    }

    fn add_parts(&mut self, coefficient: i128, exponent: i32) -> Option<()> {
        let place = exponent.checked_sub(LOWEST).filter(|place| *place >= 0)?;
        let (first, shift) = (usize::try_from(place / DIGITS).ok()?, place % DIGITS);
        let unit = 10_i128.pow(shift.unsigned_abs());
        // Twice 18 digits fit, and so do what is carried and what is there.
        let mut carried = 0;
        let digits = [coefficient % BASE, coefficient / BASE % BASE, coefficient / BASE / BASE, 0];
        for (limb, digits) in self.0.iter_mut().skip(first).zip(digits) {
            let product = digits * unit + carried;
            *limb += product % BASE;
            carried = product / BASE;
        }
        let room = self.0.len().checked_sub(first)?;
        (room >= digits.len() || coefficient == 0).then_some(())
    }

    /// Brings all limbs below the base and to one sign.
    fn carry(&mut self) {
        let mut carried = 0;
        for limb in &mut self.0 {
            *limb += carried;
            (carried, *limb) = (*limb / BASE, *limb % BASE);
        }
        // The highest limb outweighs all others together.
        let sign = self.0.iter().rev().find(|limb| **limb != 0).map_or(1, |limb| limb.signum());
        let mut carried = 0;
        for limb in &mut self.0 {
            let whole = sign * *limb + carried;
            *limb = sign * whole.rem_euclid(BASE);
            carried = whole.div_euclid(BASE);
        }
    }

    fn rounded(&self) -> Option<Decimal> {
        let Some(top) = self.0.iter().rposition(|limb| *limb != 0) else {
            return Some(Decimal::ZERO);
        };
        // Three limbs hold 37 digits or more; of the rest only its being there matters.
        let bottom = top.saturating_sub(2);
        let negative = self.0.get(top).is_some_and(|limb| *limb < 0);
        let mut magnitude = U256::ZERO;
        for limb in self.0.get(bottom..=top)?.iter().rev() {
            magnitude =
                magnitude * U256::from(BASE.unsigned_abs()) + U256::from(limb.unsigned_abs());
        }
        let sticky = self.0.iter().take(bottom).any(|limb| *limb != 0);
        let exponent = LOWEST + DIGITS * i32::try_from(bottom).ok()?;
        Decimal::rounded(negative, magnitude, exponent, sticky)
    }

    /// Whether the number is exactly this one.
    fn is(&self, number: Decimal) -> bool {
        let mut rest = self.clone();
        rest.add(number.negated());
        rest.carry();
        rest.0.iter().all(|limb| *limb == 0)
    }
}

#[cfg(test)]
mod tests;
