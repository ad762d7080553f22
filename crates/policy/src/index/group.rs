//! The calls that one term counts for one key, with running totals.

use std::collections::VecDeque;
use std::sync::Arc;

use bounden_base::Decimal;

use crate::core::Counting;
use crate::doubt::Doubt;
use crate::moment::Args;
use crate::past::{Counted, NewCall, Weight, weight};
use crate::session::Status;
use crate::value::Interval;
use crate::{Arguments, EventId};

/// Calls in the order of their numbers, and what they come to.
#[derive(Clone, Debug)]
pub(super) struct Group {
    counting: Counting,
    entries: VecDeque<Entry>,
    totals: Totals,
}

/// What the calls come to, by what is known of their outcome.
#[derive(Clone, Copy, Debug)]
struct Totals {
    certain: Total,
    rising: Total,
    lost: Total,
    /// Whether every addition was exact, so that the order did not matter.
    exact: bool,
}

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) id: EventId,
    status: Status,
    /// Replaced by a retry.
    discarded: bool,
    /// Whether the term's filter holds cannot be said.
    unsure: bool,
    /// What is added up.
    value: Result<Decimal, Doubt>,
    args: Kept,
}

/// Arguments that are kept; shared by the groups of one call.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    sent: Arguments,
    hidden: Option<Arc<[String]>>,
}

/// How many, how much, and how many whose amount is not known.
#[derive(Clone, Copy, Debug)]
struct Total {
    count: i64,
    sum: Decimal,
    absent: i64,
    malformed: i64,
}

impl Kept {
    pub(super) fn of(call: &NewCall<'_>) -> Self {
        Self { sent: call.sent.clone(), hidden: call.hidden.map(Arc::from) }
    }
}

impl Entry {
    pub(super) fn new(number: u64, call: &NewCall<'_>, counted: &Counted<'_>, args: Kept) -> Self {
        Self {
            number,
            id: call.id.clone(),
            status: if call.permitted { Status::InFlight } else { Status::Denied },
            discarded: false,
            unsure: counted.unsure,
            value: counted.value,
            args,
        }
    }

    pub(super) fn args(&self) -> Args<'_> {
        Args { json: self.args.sent.value_or_null(), hidden: self.args.hidden.as_deref() }
    }

    fn weight(&self, counting: Counting) -> Option<Weight> {
        let weight = weight(counting, self.status).filter(|_| !self.discarded)?;
        Some(if self.unsure { Some(Doubt::LOST) } else { weight })
    }
}

impl Group {
    pub(super) fn new(counting: Counting) -> Self {
        Self { counting, entries: VecDeque::new(), totals: Totals::NOTHING }
    }

    pub(super) fn enter(&mut self, entry: Entry) {
        self.totals.count(entry.weight(self.counting), entry.value, true);
        self.entries.push_back(entry);
    }

    pub(super) fn settle(&mut self, number: u64, status: Status) {
        self.change(number, |entry| entry.status = status);
    }

    pub(super) fn discard(&mut self, number: u64) {
        self.change(number, |entry| entry.discarded = true);
    }

    /// Forgets the entries up to this number.
    pub(super) fn drop_through(&mut self, number: u64) {
        while let Some(entry) = self.entries.pop_front_if(|entry| entry.number <= number) {
            self.totals.count(entry.weight(self.counting), entry.value, false);
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.counting);
    }

    /// What counts, oldest first, each call with its weight.
    pub(super) fn counted(&self) -> impl DoubleEndedIterator<Item = (&Entry, Weight)> {
        self.entries.iter().filter_map(|entry| Some((entry, entry.weight(self.counting)?)))
    }

    /// The number or the sum of what counts, without the call `except`; `None`
    /// where only adding up one by one gives the same rounding.
    pub(super) fn total(
        &self,
        summed: bool,
        except: Option<u64>,
    ) -> Option<Result<Interval, Doubt>> {
        let mut totals = self.totals;
        if let Some(entry) = except.and_then(|number| self.entries.get(self.place(number)?)) {
            totals.count(entry.weight(self.counting), entry.value, false);
        }
        if summed { totals.sum() } else { Some(Ok(totals.number())) }
    }

    fn change(&mut self, number: u64, change: impl FnOnce(&mut Entry)) {
        let counting = self.counting;
        let Some(entry) = self.place(number).and_then(|place| self.entries.get_mut(place)) else {
            return;
        };
        let before = entry.weight(counting);
        change(entry);
        let (after, value) = (entry.weight(counting), entry.value);
        self.totals.count(before, value, false);
        self.totals.count(after, value, true);
    }

    fn place(&self, number: u64) -> Option<usize> {
        self.entries.binary_search_by_key(&number, |entry| entry.number).ok()
    }
}

impl Totals {
    const NOTHING: Self =
        Self { certain: Total::NOTHING, rising: Total::NOTHING, lost: Total::NOTHING, exact: true };

    fn parts(&self) -> [&Total; 3] {
        [&self.certain, &self.rising, &self.lost]
    }

    fn doubt(&self) -> Doubt {
        let doubtful = |total: &Total, doubt| if total.count > 0 { doubt } else { Doubt::NONE };
        doubtful(&self.rising, Doubt::RISING) | doubtful(&self.lost, Doubt::LOST)
    }

    fn number(&self) -> Interval {
        let low = Decimal::from(self.certain.count);
        let high = Decimal::from(self.parts().iter().map(|total| total.count).sum::<i64>());
        Interval { low, high, doubt: self.doubt() }
    }

    fn sum(&self) -> Option<Result<Interval, Doubt>> {
        let unknown = |count: fn(&Total) -> i64, doubt| {
            if self.parts().into_iter().any(|total| count(total) > 0) { doubt } else { Doubt::NONE }
        };
        let missing = unknown(|total| total.absent, Doubt::ABSENT)
            | unknown(|total| total.malformed, Doubt::MALFORMED);
        if missing != Doubt::NONE {
            return Some(Err(missing));
        }
        let high = self.certain.sum.exact_add(self.rising.sum)?.exact_add(self.lost.sum)?;
        self.exact.then_some(Ok(Interval { low: self.certain.sum, high, doubt: self.doubt() }))
    }

    /// Adds a call to the total that it belongs to, or takes it out again.
    fn count(&mut self, weight: Option<Weight>, value: Result<Decimal, Doubt>, added: bool) {
        let total = match weight {
            None => return,
            Some(None) => &mut self.certain,
            Some(Some(Doubt::RISING)) => &mut self.rising,
            Some(Some(_)) => &mut self.lost,
        };
        let step = if added { 1 } else { -1 };
        total.count += step;
        match value {
            Ok(value) => {
                let value = if added { value } else { value.negated() };
                match total.sum.exact_add(value) {
                    Some(sum) => total.sum = sum,
                    None => self.exact = false,
                }
            }
            Err(doubt) => {
                total.absent += if doubt.has(Doubt::ABSENT) { step } else { 0 };
                total.malformed += if doubt.has(Doubt::ABSENT) { 0 } else { step };
            }
        }
    }
}

impl Total {
    const NOTHING: Self = Self { count: 0, sum: Decimal::ZERO, absent: 0, malformed: 0 };
}
