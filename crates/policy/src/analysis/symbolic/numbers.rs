//! Arithmetic, sizes, and what history counts.
//!
//! Numbers in arguments have 34 digits, and results are rounded to them. Where
//! a result may be rounded it is a variable of its own, which is near the
//! exact one; equal operations have equal results.

use super::super::formula::Formula;
use super::super::identity::is_sum;
use super::super::kinds::Kinds;
use super::super::linear::Sum;
use super::super::number::{Rational, decimal, magnitude, ten_to, whole};
use super::super::space::{Known, Space, Thing};
use super::{Case, Cases, List, Number, Read, Reader, Text, Unread};
use crate::core::{Aggregate, Arithmetic, TermId};
use crate::doubt::Doubt;

/// Digits that a number keeps.
const DIGITS: i32 = 34;
/// Sums that cannot be held at all lie far beyond this exponent, or its
/// opposite; short numbers are quicker to reckon with.
const BEYOND: i32 = 30;

impl Reader<'_, '_> {
    pub(super) fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: &Cases,
        right: &Cases,
    ) -> Read<Cases> {
        let mut cases = Vec::new();
        for (left_formula, left) in left {
            for (right_formula, right) in right {
                let both = left_formula.clone().and(right_formula.clone());
                match (left, right) {
                    (Case::Number(a), Case::Number(b)) => {
                        for (formula, case) in self.operation(operator, a, b)? {
                            cases.push((both.clone().and(formula), case));
                        }
                    }
                    // The left operand is read first, and its doubt is the whole's.
                    (Case::Doubt(doubt), _) => cases.push((both, Case::Doubt(*doubt))),
                    (Case::Number(_), Case::Doubt(doubt)) => {
                        cases.push((both, Case::Doubt(*doubt)));
                    }
                    _ => cases.push((both, Case::Doubt(Doubt::ABSENT))),
                }
            }
        }
        cases.retain(|(formula, _)| !matches!(formula, Formula::False));
        Ok(cases)
    }

    fn operation(&mut self, operator: Arithmetic, a: &Number, b: &Number) -> Read<Cases> {
        let is_exact = a.is_exact() && b.is_exact();
        match operator {
            Arithmetic::Add => {
                let doubt = a.doubt | b.doubt;
                Ok(self.ends(a.low.plus(&b.low), a.high.plus(&b.high), doubt))
            }
            Arithmetic::Subtract => {
                let doubt = a.doubt | b.doubt.reversed();
                Ok(self.ends(a.low.minus(&b.high), a.high.minus(&b.low), doubt))
            }
            Arithmetic::Multiply => match (a.high.value(), b.high.value()) {
                (_, Some(factor)) => Ok(self.scaled(a, factor)),
                (Some(factor), _) => Ok(self.scaled(b, factor)),
                _ if is_exact => Ok(self.product(&a.low, &b.low)),
                _ => Err(Unread("a number from the past is multiplied".to_owned())),
            },
            Arithmetic::Divide => match b.low.value() {
                Some(divisor) if *divisor != whole(0) => Ok(self.scaled(a, &divisor.recip())),
                _ => Err(Unread("a divisor is no literal".to_owned())),
            },
            Arithmetic::Remainder => match b.low.value() {
                Some(divisor) if is_exact && *divisor != whole(0) => {
                    Ok(self.remainder(&a.low, divisor))
                }
                _ => Err(Unread("a remainder of a number from the past is taken".to_owned())),
            },
        }
    }

    fn scaled(&mut self, number: &Number, factor: &Rational) -> Cases {
        let (low, high) = (number.low.times(factor), number.high.times(factor));
        if *factor < whole(0) {
            self.ends(high, low, number.doubt.reversed())
        } else {
            self.ends(low, high, number.doubt)
        }
    }

    /// The number between two sums, each rounded if it has to be.
    fn ends(&mut self, low: Sum, high: Sum, doubt: Doubt) -> Cases {
        let is_exact = low == high;
        let (low, low_fits) = self.rounded(low);
        let (high, high_fits) =
            if is_exact { (low.clone(), Formula::True) } else { self.rounded(high) };
        let fits = low_fits.and(high_fits);
        let number = Case::Number(Number { low, high, doubt });
        vec![(fits.negated(), Case::Doubt(Doubt::ABSENT)), (fits, number)]
    }

    /// The result of an operation whose exact result is `sum`, and when it fits a number.
    fn rounded(&mut self, sum: Sum) -> (Sum, Formula) {
        if is_held_exactly(self.space, &sum) {
            return (sum, Formula::True);
        }
        let known = Known { kinds: Kinds::NUMBER | Kinds::MISSING, ..Known::ANYTHING };
        let name = format!("{:?} + {}", sum.parts, sum.constant);
        let is_new = self.space.find(&Thing::Result(name.clone())).is_none();
        let result = self.space.result(name, Some(sum.clone()), known);
        let fits = self.space.kind(result, Kinds::NUMBER);
        if is_new {
            self.space.axiom(fits.clone().or(unfit(&sum)));
        }
        (Sum::of(result), fits)
    }

    /// A product of two things that vary: known by its operands alone.
    fn product(&mut self, a: &Sum, b: &Sum) -> Cases {
        let (a_range, b_range) = (range(self.space, a), range(self.space, b));
        let mut known = Known { kinds: Kinds::NUMBER | Kinds::MISSING, ..Known::ANYTHING };
        if let (Some((a, b)), Some((c, d))) = (&a_range, &b_range) {
            let corners = [a * c, a * d, b * c, b * d];
            // Room for the rounding.
            let room = |corner: &Rational| ten_to(magnitude(corner) - DIGITS + 2);
            known.least = corners.iter().min().map(|least| least - room(least));
            known.most = corners.iter().max().map(|most| most + room(most));
        }
        let mut names = [format!("{a:?}"), format!("{b:?}")];
        names.sort();
        let result = self.space.product(names.join(" times "), a, b, known);
        let fits = self.space.kind(result, Kinds::NUMBER);
        vec![
            (fits.negated(), Case::Doubt(Doubt::ABSENT)),
            (fits, Case::Number(Number::exact(Sum::of(result)))),
        ]
    }

    /// `sum - divisor × how often it goes into it`, with the sign of the sum.
    fn remainder(&mut self, sum: &Sum, divisor: &Rational) -> Cases {
        let divisor = if *divisor < whole(0) { -divisor.clone() } else { divisor.clone() };
        let name = format!("{sum:?} modulo {divisor}");
        let quotient = self.space.variable(Thing::Quotient(name.clone()));
        let rest = sum.minus(&Sum::of(quotient).times(&divisor));
        // Both have to be written out to the last digit of either.
        let is_whole = is_held_exactly(self.space, &sum.plus(&Sum::constant(divisor.clone())));
        let kinds = if is_whole { Kinds::NUMBER } else { Kinds::NUMBER | Kinds::MISSING };
        let is_never_negative = range(self.space, sum).is_some_and(|(least, _)| least >= whole(0));
        let least = if is_never_negative { whole(0) } else { -divisor.clone() };
        let known = Known { kinds, least: Some(least), most: Some(divisor.clone()), unit: None };
        let is_new = self.space.find(&Thing::Result(name.clone())).is_none();
        let result = self.space.result(name, Some(rest.clone()), known);
        let fits = self.space.kind(result, Kinds::NUMBER);
        if is_new && is_whole {
            let below = Formula::below(&Sum::of(result), &Sum::constant(divisor.clone()));
            let above = Formula::below(&Sum::constant(-divisor), &Sum::of(result));
            let exactly = Formula::equal(&Sum::of(result), &rest);
            self.space.axiom(Formula::all([below, above, exactly]));
        }
        vec![
            (fits.negated(), Case::Doubt(Doubt::ABSENT)),
            (fits, Case::Number(Number::exact(Sum::of(result)))),
        ]
    }

    pub(super) fn size(&mut self, of: Cases) -> Cases {
        let sizes = of.into_iter().map(|(formula, case)| {
            let count = |count: usize| {
                let count = whole(i64::try_from(count).unwrap_or(i64::MAX));
                Case::Number(Number::exact(Sum::constant(count)))
            };
            let length = |reader: &mut Self, variable| {
                let length = reader.space.variable(Thing::Length(variable));
                Case::Number(Number::exact(Sum::of(length)))
            };
            let size = match case {
                Case::Text(Text::Constant(text)) => count(text.chars().count()),
                Case::List(List::Literal(items)) => count(items.len()),
                Case::Text(Text::Variable(variable))
                | Case::List(List::Place(_, variable))
                | Case::Object(variable) => length(self, variable),
                Case::Doubt(doubt) => Case::Doubt(doubt),
                Case::Bool(_) | Case::Number(_) => Case::Doubt(Doubt::ABSENT),
            };
            (formula, size)
        });
        sizes.collect()
    }

    /// What a term counts: the same number wherever the same is counted.
    pub(super) fn history(&mut self, term: TermId, aggregate: Aggregate) -> Read<Cases> {
        let name = self.sides.term(self.policy, term);
        let summed = aggregate == Aggregate::Sum && is_sum(self.policy.terms.get(term));
        let past = |at_most| Thing::Past { term: name.clone(), summed, at_most };
        let is_new = self.space.find(&past(true)).is_none();
        let low = self.space.variable(past(false));
        let high = self.space.variable(past(true));
        let kind = |kinds| self.space.kind(low, kinds);
        // Where calls are in flight it does not matter that others are lost.
        let in_doubt = [
            (Kinds::RISING, Doubt::RISING),
            (Kinds::LOST, Doubt::LOST),
            (Kinds::MERGED, Doubt::LIMIT),
            (Kinds::RISING_AND_MERGED, Doubt::RISING | Doubt::LIMIT),
            (Kinds::LOST_AND_MERGED, Doubt::LOST | Doubt::LIMIT),
        ];
        let between = Formula::below(&Sum::of(low), &Sum::of(high));
        let mut cases = vec![
            (kind(Kinds::MISSING), Case::Doubt(Doubt::ABSENT)),
            (kind(Kinds::LIMIT), Case::Doubt(Doubt::LIMIT)),
            (kind(Kinds::NUMBER), Case::Number(Number::exact(Sum::of(low)))),
        ];
        for (kinds, doubt) in in_doubt {
            let number = Number { low: Sum::of(low), high: Sum::of(high), doubt };
            cases.push((kind(kinds), Case::Number(number)));
        }
        let certain = kind(Kinds::INTERVAL).negated();
        if is_new {
            self.space.axiom(certain.or(between));
        }
        if aggregate != Aggregate::Exists {
            return Ok(cases);
        }
        let zero = Sum::constant(whole(0));
        let mut found = Vec::new();
        for (formula, case) in cases {
            let Case::Number(number) = case else {
                found.push((formula, case));
                continue;
            };
            let some = Formula::below(&zero, &number.low);
            if number.is_exact() {
                found.push((formula.clone().and(some.negated()), Case::Bool(false)));
            } else {
                found.push((formula.clone().and(some.negated()), Case::Doubt(number.doubt)));
            }
            found.push((formula.and(some), Case::Bool(true)));
        }
        Ok(found)
    }
}

/// The least and the most that a sum can be.
fn range(space: &Space<'_>, sum: &Sum) -> Option<(Rational, Rational)> {
    let mut range = (sum.constant.clone(), sum.constant.clone());
    for (variable, factor) in &sum.parts {
        let known = space.known(*variable);
        let (least, most) = (known.least.clone()?, known.most.clone()?);
        let (low, high) = if *factor < whole(0) { (most, least) } else { (least, most) };
        range = (range.0 + low * factor, range.1 + high * factor);
    }
    Some(range)
}

/// Whether every value of a sum has at most 34 digits.
fn is_held_exactly(space: &Space<'_>, sum: &Sum) -> bool {
    if let Some((_, factor)) = sum.only()
        && sum.constant == whole(0)
        && (*factor == whole(1) || *factor == whole(-1))
    {
        return true;
    }
    let Some((least, most)) = range(space, sum) else { return false };
    // The place of the last digit of every part.
    let last_digit = |number: &Rational| Some(decimal(number)?.parts().1.min(0));
    let places = sum.parts.iter().map(|(variable, factor)| {
        let unit = space.known(*variable).unit.as_ref()?;
        last_digit(&(unit * factor))
    });
    let lowest = places
        .chain([last_digit(&sum.constant)])
        .try_fold(0, |lowest, place| place.map(|place| place.min(lowest)));
    let highest = magnitude(&least).max(magnitude(&most));
    lowest.is_some_and(|lowest| highest - lowest < DIGITS)
}

/// How far a rounded result may lie from `number`, where that is what it is compared with.
pub(in crate::analysis) fn rounding(number: &Rational) -> Rational {
    if *number == whole(0) { whole(0) } else { ten_to(magnitude(number) - DIGITS + 1) }
}

/// When a sum may not fit a number: it is too large, or too near zero.
fn unfit(sum: &Sum) -> Formula {
    let (large, small) = (ten_to(BEYOND), ten_to(-BEYOND));
    let constant = |number: &Rational| Sum::constant(number.clone());
    let near_zero =
        Formula::at_most(sum, &constant(&small)).and(Formula::at_most(&constant(&-small), sum));
    Formula::any([
        Formula::at_most(&constant(&large), sum),
        Formula::at_most(sum, &constant(&-large)),
        near_zero,
    ])
}
