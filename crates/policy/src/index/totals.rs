//! What calls come to, by what is known of their outcome.

use bounden_base::{Decimal, DecimalSum};
use serde::{Deserialize, Serialize};

use crate::doubt::Doubt;
use crate::past::Weight;
use crate::snapshot::forms;
use crate::value::Interval;

/// What the calls of a group come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Totals {
    /// They count.
    certain: Total,
    /// They count unless they fail.
    rising: Total,
    /// Whether they count will not be known.
    lost: Total,
    /// They counted, and may have left the window or the filter since: they are
    /// no longer remembered one by one.
    merged: Total,
}

/// How many, how much, and how many whose amount is not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Total {
    count: i64,

    #[serde(with = "forms::sum")]
    sum: DecimalSum,
    /// Amounts that are not known, by what is in doubt about them.
    unknown: [i64; UNKNOWN.len()],
}

/// Why the amount of a call may not be known.
const UNKNOWN: [Doubt; 3] = [Doubt::ABSENT, Doubt::MALFORMED, Doubt::LIMIT];

/// Whether an amount is so far from the usual ones that sums with it may be long.
pub(super) fn is_far(value: Result<Decimal, Doubt>) -> bool {
    const PLACES: std::ops::Range<i32> = -9..12;
    let (coefficient, exponent) = value.map_or((0, 0), Decimal::parts);
    let digits = coefficient.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1);
    let end = exponent.saturating_add_unsigned(digits);
    coefficient != 0 && !(PLACES.start <= exponent && end <= PLACES.end)
}

impl Totals {
    /// Adds a call.
    pub(super) fn add(&mut self, weight: Option<Weight>, value: Result<Decimal, Doubt>) {
        if let Some(weight) = weight {
            self.of(weight).change(value, true);
        }
    }

    /// Takes a call out again.
    pub(super) fn take(&mut self, weight: Option<Weight>, value: Result<Decimal, Doubt>) {
        if let Some(weight) = weight {
            self.of(weight).change(value, false);
        }
    }

    /// Adds what others come to, as calls that may not count any more.
    pub(super) fn add_merged(&mut self, others: &Self) {
        others.parts().into_iter().for_each(|part| self.merged.add(part));
    }

    /// Takes what others come to out of what may not count any more.
    pub(super) fn take_merged(&mut self, others: &Self) {
        others.parts().into_iter().for_each(|part| self.merged.add(&part.negated()));
    }

    /// Takes out what others come to, as it was added one by one.
    pub(super) fn take_all(&mut self, others: &Self) {
        self.certain.add(&others.certain.negated());
        self.rising.add(&others.rising.negated());
        self.lost.add(&others.lost.negated());
        self.merged.add(&others.merged.negated());
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.parts().iter().all(|part| part.count == 0)
    }

    /// Only what is no longer remembered one by one.
    pub(super) fn merged_alone(&self) -> Self {
        Self { merged: self.merged.clone(), ..Self::default() }
    }

    /// How many.
    pub(super) fn number(&self) -> Interval {
        let low = Decimal::from(self.certain.count);
        let high = self.parts().iter().fold(0_i64, |sum, part| sum.saturating_add(part.count));
        Interval { low, high: Decimal::from(high), doubt: self.doubt() }
    }

    /// How much; the doubt where an amount is not known.
    pub(super) fn sum(&self) -> Result<Interval, Doubt> {
        let missing = self.missing();
        if missing != Doubt::NONE {
            return Err(missing);
        }
        let possible = [&self.rising, &self.lost, &self.merged];
        let some = possible.into_iter().filter(|part| part.count > 0);
        let high = some.fold(self.certain.sum.clone(), |sum, part| sum.plus(&part.sum));
        let fits = |sum: &DecimalSum| sum.rounded().ok_or(Doubt::ABSENT);
        Ok(Interval { low: fits(&self.certain.sum)?, high: fits(&high)?, doubt: self.doubt() })
    }

    fn of(&mut self, weight: Weight) -> &mut Total {
        match weight {
            None => &mut self.certain,
            Some(Doubt::RISING) => &mut self.rising,
            Some(Doubt::LIMIT) => &mut self.merged,
            Some(_) => &mut self.lost,
        }
    }

    fn parts(&self) -> [&Total; 4] {
        [&self.certain, &self.rising, &self.lost, &self.merged]
    }

    fn doubt(&self) -> Doubt {
        let doubtful = |part: &Total, doubt| if part.count > 0 { doubt } else { Doubt::NONE };
        doubtful(&self.rising, Doubt::RISING)
            | doubtful(&self.lost, Doubt::LOST)
            | doubtful(&self.merged, Doubt::LIMIT)
    }

    /// Why the sum is not known, if it is not.
    fn missing(&self) -> Doubt {
        let known = [&self.certain, &self.rising, &self.lost];
        let missing = known.into_iter().fold(Doubt::NONE, |doubt, part| doubt | part.missing());
        // Whether a merged call counts is in doubt already.
        let merged = missing == Doubt::NONE && self.merged.missing() != Doubt::NONE;
        if merged { Doubt::LIMIT } else { missing }
    }
}

impl Total {
    fn change(&mut self, value: Result<Decimal, Doubt>, added: bool) {
        let step = if added { 1 } else { -1 };
        self.count = self.count.saturating_add(step);
        match value {
            Ok(value) if added => self.sum.add(value),
            Ok(value) => self.sum.take(value),
            Err(doubt) => {
                let counts = self.unknown.iter_mut().zip(UNKNOWN);
                for (count, _) in counts.filter(|(_, kind)| doubt.has(*kind)) {
                    *count = count.saturating_add(step);
                }
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.plus(&other.sum);
        for (own, other) in self.unknown.iter_mut().zip(other.unknown) {
            *own = own.saturating_add(other);
        }
    }

    fn negated(&self) -> Self {
        Self {
            count: self.count.saturating_neg(),
            sum: self.sum.negated(),
            unknown: self.unknown.map(i64::saturating_neg),
        }
    }

    fn missing(&self) -> Doubt {
        let some = self.unknown.iter().zip(UNKNOWN).filter(|(count, _)| **count > 0);
        some.fold(Doubt::NONE, |doubt, (_, kind)| doubt | kind)
    }
}

impl Default for Total {
    fn default() -> Self {
        Self { count: 0, sum: DecimalSum::ZERO, unknown: [0; UNKNOWN.len()] }
    }
}
