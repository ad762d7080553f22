//! Values of expressions: numbers are intervals, since history may be in doubt.

use std::borrow::Cow;
use std::cmp::Ordering;

use bounden_base::{Decimal, Json};

use crate::core::{Arithmetic, Comparison};
use crate::doubt::{Doubt, Truth};

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Bool(bool),
    Number(Interval),
    Text(Cow<'a, str>),
    /// A list or an object.
    Json(&'a Json),
}

/// All that a number may turn out to be, and why it is not known exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) low: Decimal,
    pub(crate) high: Decimal,
    pub(crate) doubt: Doubt,
}

impl<'a> Value<'a> {
    /// The value of JSON data; null is absent.
    pub(crate) fn of(json: &'a Json) -> Result<Self, Doubt> {
        Ok(match json {
            Json::Null => return Err(Doubt::ABSENT),
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(Interval::exact(*number)),
            Json::String(text) => Self::Text(Cow::Borrowed(text)),
            list_or_object => Self::Json(list_or_object),
        })
    }

    pub(crate) fn text(self) -> Result<Cow<'a, str>, Doubt> {
        if let Self::Text(text) = self { Ok(text) } else { Err(Doubt::MALFORMED) }
    }

    pub(crate) fn number(self) -> Result<Interval, Doubt> {
        if let Self::Number(number) = self { Ok(number) } else { Err(Doubt::MALFORMED) }
    }

    pub(crate) fn truth(self) -> Truth {
        if let Self::Bool(value) = self { value.into() } else { Truth::Unknown(Doubt::MALFORMED) }
    }

    /// The value in full, as canonical JSON.
    pub(crate) fn written(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(number) if number.low == number.high => number.low.to_string(),
            Self::Number(number) => format!("{} to {}", number.low, number.high),
            Self::Text(text) => Json::from(text.as_ref()).canonical(),
            Self::Json(json) => json.canonical(),
        }
    }

    /// How the value is shown in a reason: shortened.
    pub(crate) fn shown(&self) -> String {
        const MOST: usize = 60;
        let text = self.written();
        if text.chars().count() <= MOST {
            return text;
        }
        text.chars().take(MOST).chain(['…']).collect()
    }

    /// Compares two values of one type.
    pub(crate) fn compare(&self, comparison: Comparison, other: &Self) -> Truth {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.compare(comparison, *b),
            (Self::Text(a), Self::Text(b)) => decide(comparison, a.cmp(b)).into(),
            (Self::Bool(a), Self::Bool(b)) => decide(comparison, a.cmp(b)).into(),
            _ => Truth::Unknown(Doubt::MALFORMED),
        }
    }

    /// Whether the value equals an item of a list exactly, for `in`. An item that
    /// is null is no value; one of another type cannot be compared.
    pub(crate) fn equals(&self, item: &Json) -> Truth {
        Value::of(item).map_or(Truth::False, |item| self.compare(Comparison::Equal, &item))
    }
}

impl Interval {
    pub(crate) fn exact(number: Decimal) -> Self {
        Self { low: number, high: number, doubt: Doubt::NONE }
    }

    fn compare(self, comparison: Comparison, other: Self) -> Truth {
        let ends = [(self.low, other.high), (self.high, other.low)];
        let [always, never] = match comparison {
            Comparison::Equal | Comparison::NotEqual => return self.equality(comparison, other),
            _ => ends.map(|(a, b)| decide(comparison, a.cmp(&b))),
        };
        if always == never {
            return always.into();
        }
        let rises_with_left = matches!(comparison, Comparison::Greater | Comparison::GreaterEqual);
        let doubt = if rises_with_left {
            self.doubt | other.doubt.reversed()
        } else {
            self.doubt.reversed() | other.doubt
        };
        Truth::Unknown(doubt)
    }

    fn equality(self, comparison: Comparison, other: Self) -> Truth {
        let truth = if self.high < other.low || other.high < self.low {
            Truth::False
        } else if self.low == self.high && other.low == other.high {
            Truth::True
        } else {
            Truth::Unknown((self.doubt | other.doubt).mixed())
        };
        if comparison == Comparison::Equal { truth } else { truth.not() }
    }

    /// Interval arithmetic; `ABSENT` where a bound does not fit a number.
    pub(crate) fn arithmetic(self, operator: Arithmetic, other: Self) -> Result<Self, Doubt> {
        let fits = |bound: Option<Decimal>| bound.ok_or(Doubt::ABSENT);
        match operator {
            Arithmetic::Add => Ok(Self {
                low: fits(self.low.checked_add(other.low))?,
                high: fits(self.high.checked_add(other.high))?,
                doubt: self.doubt | other.doubt,
            }),
            Arithmetic::Subtract => Ok(Self {
                low: fits(self.low.checked_sub(other.high))?,
                high: fits(self.high.checked_sub(other.low))?,
                doubt: self.doubt | other.doubt.reversed(),
            }),
            Arithmetic::Multiply => self.product(other),
            Arithmetic::Divide => {
                // The divisor is a literal other than 0; it is exact.
                let bounds = [
                    fits(self.low.checked_div(other.low))?,
                    fits(self.high.checked_div(other.low))?,
                ];
                Ok(Self::between(
                    bounds,
                    if other.low.is_negative() { self.doubt.reversed() } else { self.doubt },
                ))
            }
            Arithmetic::Remainder if self.low == self.high => {
                Ok(Self::exact(fits(self.low.checked_rem(other.low))?))
            }
            Arithmetic::Remainder => Err(self.doubt.mixed()),
        }
    }

    fn product(self, other: Self) -> Result<Self, Doubt> {
        let corner = |a: Decimal, b: Decimal| a.checked_mul(b).ok_or(Doubt::ABSENT);
        let corners = [
            corner(self.low, other.low)?,
            corner(self.low, other.high)?,
            corner(self.high, other.low)?,
            corner(self.high, other.high)?,
        ];
        let factor = |own: Self, by: Self| match (by.low.is_negative(), by.high > Decimal::ZERO) {
            (false, _) => own.doubt,
            (true, false) => own.doubt.reversed(),
            (true, true) => own.doubt.mixed(),
        };
        Ok(Self::between(corners, factor(self, other) | factor(other, self)))
    }

    fn between<const N: usize>(bounds: [Decimal; N], doubt: Doubt) -> Self {
        let low = bounds.iter().copied().min().unwrap_or(Decimal::ZERO);
        let high = bounds.iter().copied().max().unwrap_or(Decimal::ZERO);
        Self { low, high, doubt }
    }
}

fn decide(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn interval(low: i64, high: i64) -> Interval {
        let doubt = if low == high { Doubt::NONE } else { Doubt::RISING };
        Interval { low: low.into(), high: high.into(), doubt }
    }

    #[test]
    fn a_cap_rises_and_a_prerequisite_falls() {
        let history = interval(0, 2);
        let one = interval(1, 1);
        assert_eq!(history.compare(Comparison::Greater, one), Truth::Unknown(Doubt::RISING));
        assert_eq!(history.compare(Comparison::Less, one), Truth::Unknown(Doubt::FALLING));
        assert_eq!(one.compare(Comparison::Less, history), Truth::Unknown(Doubt::RISING));
        assert_eq!(
            history.compare(Comparison::Equal, one),
            Truth::Unknown(Doubt::RISING | Doubt::FALLING)
        );
        assert_eq!(history.compare(Comparison::Greater, interval(2, 2)), Truth::False);
    }

    proptest! {
        /// Whatever the interval turns out to be, the answer does not contradict it.
        #[test]
        fn intervals_hold_every_point(
            (a, da) in (-20_i64..20, 0_i64..5), (b, db) in (-20_i64..20, 0_i64..5), x in 0_i64..5, y in 0_i64..5,
            comparison in prop::sample::select(vec![Comparison::Equal, Comparison::NotEqual, Comparison::Less,
                Comparison::LessEqual, Comparison::Greater, Comparison::GreaterEqual]),
            operator in prop::sample::select(vec![Arithmetic::Add, Arithmetic::Subtract, Arithmetic::Multiply]),
        ) {
            let (left, right) = (interval(a, a + da), interval(b, b + db));
            let (p, q) = (interval(a + x.min(da), a + x.min(da)), interval(b + y.min(db), b + y.min(db)));
            let point = p.compare(comparison, q);
            let whole = left.compare(comparison, right);
            prop_assert!(whole == point || matches!(whole, Truth::Unknown(_)));
            let point = p.arithmetic(operator, q).unwrap();
            let whole = left.arithmetic(operator, right).unwrap();
            prop_assert!(whole.low <= point.low && point.high <= whole.high);
        }
    }
}
