//! The calls that one term counts for one owner and one key, with running totals.

use bounden_base::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};

use super::entries::Entries;
use super::entry::{Entry, Kept, Manner};
use super::slices::{self, Slices};
use super::totals::{Totals, is_far};
use crate::doubt::Doubt;
use crate::moment::Args;
use crate::past::{Counted, MOST_WITNESSES, Weight, latest};
use crate::session::Status;
use crate::value::Interval;
use crate::{EventId, cost};

/// Calls by their numbers, and what they come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Group {
    #[serde(skip)]
    pub(super) manner: Manner,
    totals: Totals,
    /// Calls whose outcome is awaited, or which may be submitted again.
    open: Entries,
    /// Other calls, where they are remembered one by one.
    closed: Entries,
    /// The first ones of the others that count, where they are not.
    first: Vec<(u64, EventId)>,
    /// The latest one of the others that counts, where that is read and they are not.
    latest: Option<(u64, Weight, Kept)>,
    /// What became of calls that were too many to be remembered one by one.
    slices: Slices,
    /// The number of the latest call of which only that is known; 0 where none counts.
    merged_through: u64,
    /// Until when a call that was not kept counts.
    missed_until: Option<Timestamp>,
    /// Whether sums may be long.
    is_wide: bool,
    /// Bytes that all of this takes.
    #[serde(skip)]
    cost: usize,
}

/// What the sums of a group take where they may be long.
const WIDE: usize = 4 * cost::LONG_SUM;

impl Group {
    pub(super) fn new(manner: Manner) -> Self {
        Self {
            manner,
            totals: Totals::default(),
            open: Entries::default(),
            closed: Entries::default(),
            first: Vec::new(),
            latest: None,
            slices: Slices::default(),
            merged_through: 0,
            missed_until: None,
            is_wide: false,
            cost: cost::GROUP,
        }
    }

    /// Reckons anew what is not written in a snapshot; nothing where that contradicts itself.
    pub(super) fn rebuild(&mut self, manner: Manner) -> Option<()> {
        self.manner = manner;
        let first = self.first.iter().map(|(_, id)| cost::text(id.as_str()));
        let latest = self.latest.as_ref().map_or(0, |(.., args)| args.cost());
        let wide = if self.is_wide { WIDE } else { 0 };
        let entries = self.open.cost() + self.closed.cost();
        self.cost =
            cost::GROUP + wide + entries + first.sum::<usize>() + latest + self.slices.cost();
        let is_whole = self.open.is_in_order()
            && self.closed.is_in_order()
            && self.slices.is_in_order()
            && self.first.len() <= MOST_WITNESSES;
        is_whole.then_some(())
    }

    /// Enters a call, and merges the oldest where there are too many.
    pub(super) fn enter(&mut self, number: u64, entry: Entry) {
        if !self.is_wide && is_far(entry.value) {
            self.is_wide = true;
            self.cost += WIDE;
        }
        self.totals.add(self.manner.weight(&entry), entry.value);
        self.cost += entry.cost();
        self.open.insert(number, entry);
        self.merge_beyond();
    }

    /// Counts a call of which nothing else can be kept; where calls leave the
    /// group again, it is in doubt until this one has.
    pub(super) fn absorb(
        &mut self,
        number: u64,
        weight: Weight,
        value: Result<Decimal, Doubt>,
        until: Timestamp,
    ) {
        self.merged_through = number;
        if self.manner.keeps_all() || is_far(value) {
            self.missed_until = self.missed_until.max(Some(until));
        } else {
            self.totals.add(Some(weight), value);
        }
    }

    /// Whether a call that was not kept may still count.
    pub(super) fn has_missed(&self, now: Timestamp) -> bool {
        self.missed_until.is_some_and(|until| now < until || until == Timestamp::MAX)
    }

    /// An outcome is known, or given up.
    pub(super) fn settle(&mut self, number: u64, status: Status) {
        let Some(entry) = self.open.get_mut(number) else { return };
        self.totals.take(self.manner.weight(entry), entry.value);
        entry.settle(status);
        self.totals.add(self.manner.weight(entry), entry.value);
        if matches!(status, Status::Succeeded | Status::Failed) {
            self.close(number);
        }
    }

    /// Nothing will change any more about a call.
    pub(super) fn close(&mut self, number: u64) {
        let Some(entry) = self.open.remove(number) else { return };
        self.cost -= entry.cost();
        let Some(weight) = self.manner.weight(&entry) else { return };
        if self.manner.keeps_all() {
            self.cost += entry.cost();
            self.closed.insert(number, entry);
            self.merge_beyond();
            return;
        }
        self.keep_first(number, &entry.id);
        let is_latest = self.latest.as_ref().is_none_or(|(latest, ..)| *latest < number);
        if let Some(args) = entry.args.filter(|_| is_latest && self.manner.reads_latest) {
            self.cost += args.cost();
            let before = self.latest.replace((number, weight, args));
            self.cost -= before.map_or(0, |(.., args)| args.cost());
        }
    }

    /// Forgets a call whose place is taken by its retry.
    pub(super) fn discard(&mut self, number: u64) {
        if let Some(entry) = self.open.remove(number) {
            self.cost -= entry.cost();
            self.totals.take(self.manner.weight(&entry), entry.value);
        }
    }

    /// Forgets what has left the window.
    pub(super) fn expire(&mut self, now: Timestamp) {
        let start = self.manner.within.and_then(|within| now.checked_sub(within).ok());
        let Some(start) = start else { return };
        for entries in [&mut self.open, &mut self.closed] {
            while entries.first().is_some_and(|entry| entry.at <= start)
                && let Some((_, entry)) = entries.pop_first()
            {
                self.cost -= entry.cost();
                self.totals.take(self.manner.weight(&entry), entry.value);
            }
        }
        self.cost -= self.slices.cost();
        self.slices.expire(start, &mut self.totals);
        self.cost += self.slices.cost();
        if !self.has_missed(now) {
            self.missed_until = None;
        }
        if self.slices.is_empty() && self.missed_until.is_none() {
            self.merged_through = 0;
        }
    }

    /// When the next call leaves the window.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let within = self.manner.within?;
        let first = [&self.open, &self.closed].into_iter().filter_map(Entries::first);
        let first = first.map(|entry| entry.at);
        let next = first.chain(self.slices.next()).min();
        let due = next.and_then(|next| next.checked_add(within).ok());
        due.into_iter().chain(self.missed_until.filter(|until| *until < Timestamp::MAX)).min()
    }

    /// Whether the group says no more than one that was never there.
    pub(super) fn is_nothing(&self) -> bool {
        self.totals.is_nothing()
            && self.open.is_empty()
            && self.closed.is_empty()
            && self.missed_until.is_none()
    }

    /// Bytes that the group takes, with what it will take to merge its surplus.
    pub(super) fn cost(&self) -> usize {
        self.cost + self.surplus().min(slices::MOST) * cost::SLICE
    }

    /// Bytes that entering a call would take.
    pub(super) fn cost_of_entering(&self, counted: &Counted<'_>) -> usize {
        let merges = self.manner.keeps_all() && self.len() >= self.manner.most;
        let slice = if merges { cost::SLICE } else { 0 };
        let sums = if !self.is_wide && is_far(counted.value) { WIDE } else { 0 };
        slice + sums
    }

    fn len(&self) -> usize {
        self.open.len() + self.closed.len()
    }

    /// How many calls should be merged.
    fn surplus(&self) -> usize {
        if self.manner.keeps_all() { self.len().saturating_sub(self.manner.most) } else { 0 }
    }

    /// The number or the sum of what counts, without the call `except`.
    pub(super) fn total(&self, summed: bool, except: Option<u64>) -> Result<Interval, Doubt> {
        let present = except.and_then(|number| self.open.get(number));
        let Some(present) = present else { return read(&self.totals, summed) };
        let mut totals = self.totals.clone();
        totals.take(self.manner.weight(present), present.value);
        read(&totals, summed)
    }

    /// The number or the sum of the calls that `weigh` lets count, looked at one by one.
    pub(super) fn total_of(
        &self,
        summed: bool,
        weigh: impl Fn(u64, &Entry, Weight) -> Option<Weight>,
    ) -> Result<Interval, Doubt> {
        let mut totals = self.totals.merged_alone();
        for (number, entry, weight) in self.counted() {
            totals.add(weigh(number, entry, weight), entry.value);
        }
        read(&totals, summed)
    }

    /// The arguments of the latest call that `weigh` lets count.
    pub(super) fn latest<'g>(
        &'g self,
        weigh: impl Fn(u64, &'g Entry, Weight) -> Option<Weight>,
    ) -> Result<Args<'g>, Doubt> {
        let newest = |entries: &'g Entries| {
            entries.iter().rev().find_map(|(number, entry)| {
                let weight = weigh(number, entry, self.manner.weight(entry)?)?;
                Some((number, weight, entry.args.as_ref()))
            })
        };
        let forgotten =
            self.latest.as_ref().map(|(number, weight, args)| (*number, *weight, Some(args)));
        let all = [newest(&self.open), newest(&self.closed), forgotten];
        let found = all.into_iter().flatten().max_by_key(|(number, ..)| *number);
        if found.as_ref().map_or(0, |(number, ..)| *number) < self.merged_through {
            return Err(Doubt::LIMIT);
        }
        latest(found.and_then(|(_, weight, args)| Some((args?.args(), weight))))
    }

    /// The first calls that `weigh` lets count.
    pub(super) fn first<'g>(
        &'g self,
        weigh: impl Fn(u64, &'g Entry, Weight) -> Option<Weight>,
    ) -> Vec<EventId> {
        let counts = |(number, entry): &(u64, &'g Entry)| {
            let weight = self.manner.weight(entry);
            weight.is_some_and(|weight| weigh(*number, entry, weight).is_some())
        };
        let mut all: Vec<(u64, &EventId)> = Vec::new();
        all.extend(self.first.iter().map(|(number, id)| (*number, id)));
        for entries in [&self.open, &self.closed] {
            let first = entries.iter().filter(counts).take(MOST_WITNESSES);
            all.extend(first.map(|(number, entry)| (number, &entry.id)));
        }
        all.sort_unstable();
        all.into_iter().take(MOST_WITNESSES).map(|(_, id)| id.clone()).collect()
    }

    /// What counts, each call with its number and weight.
    fn counted(&self) -> impl Iterator<Item = (u64, &Entry, Weight)> {
        let all = self.open.iter().chain(self.closed.iter());
        all.filter_map(|(number, entry)| Some((number, entry, self.manner.weight(entry)?)))
    }

    fn keep_first(&mut self, number: u64, id: &EventId) {
        let place = self.first.partition_point(|(other, _)| *other < number);
        if place < MOST_WITNESSES {
            self.first.insert(place, (number, id.clone()));
            self.cost += cost::text(id.as_str());
        }
        if self.first.len() > MOST_WITNESSES
            && let Some((_, last)) = self.first.pop()
        {
            self.cost -= cost::text(last.as_str());
        }
    }

    /// Merges the oldest calls about which nothing will change, conservatively:
    /// from where they may not count any more, they count as possible.
    fn merge_beyond(&mut self) {
        while self.surplus() > 0
            && let Some((number, entry)) = self.closed.pop_first()
        {
            self.cost -= entry.cost() + self.slices.cost();
            self.merged_through = self.merged_through.max(number);
            if let Some(weight) = self.manner.weight(&entry) {
                self.slices.merge(&self.manner, weight, &entry, &mut self.totals);
            }
            self.cost += self.slices.cost();
        }
    }
}

fn read(totals: &Totals, summed: bool) -> Result<Interval, Doubt> {
    if summed { totals.sum() } else { Ok(totals.number()) }
}
