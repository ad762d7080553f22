//! Calls of a window that are no longer remembered one by one: what they come to
//! in each part of the time.

use std::collections::VecDeque;

use bounden_base::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::entry::{Entry, Manner};
use super::totals::Totals;
use crate::cost;
use crate::doubt::Doubt;
use crate::past::Weight;

/// Into so many parts a window is cut: by so much a total may be too large.
const PARTS: i32 = 64;

/// So many parts a window touches at most.
pub(super) const MOST: usize = 67;

/// What calls come to, by the part of the time in which they were permitted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Slices(VecDeque<Slice>);

/// One part of the time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Slice {
    begin: Timestamp,
    end: Timestamp,
    totals: Totals,
    /// Whether some of the calls may not count any more.
    is_doubtful: bool,
}

impl Slices {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each part ends before the next one begins.
    pub(super) fn is_in_order(&self) -> bool {
        let each = self.0.iter().all(|slice| slice.begin < slice.end);
        each && self.0.iter().zip(self.0.iter().skip(1)).all(|(a, b)| a.end <= b.begin)
    }

    pub(super) fn cost(&self) -> usize {
        self.0.len() * cost::SLICE
    }

    /// Takes over a call that `totals` counts.
    pub(super) fn merge(
        &mut self,
        manner: &Manner,
        weight: Weight,
        entry: &Entry,
        totals: &mut Totals,
    ) {
        let Some(within) = manner.within else {
            // Only a filter that every later call applies anew keeps calls without a window.
            totals.take(Some(weight), entry.value);
            totals.add(Some(Some(Doubt::LIMIT)), entry.value);
            return;
        };
        let (begin, end) = part_of(entry.at, within);
        let place = self.0.partition_point(|slice| slice.begin < begin);
        if self.0.get(place).is_none_or(|slice| slice.begin != begin) {
            let (totals, is_doubtful) = (Totals::default(), !manner.is_fixed);
            self.0.insert(place, Slice { begin, end, totals, is_doubtful });
        }
        let Some(slice) = self.0.get_mut(place) else { return };
        slice.totals.add(Some(weight), entry.value);
        if slice.is_doubtful {
            totals.take(Some(weight), entry.value);
            totals.add(Some(Some(Doubt::LIMIT)), entry.value);
        }
    }

    /// Forgets parts of the time before the start of the window; what lies on
    /// the start is in doubt.
    pub(super) fn expire(&mut self, start: Timestamp, totals: &mut Totals) {
        for slice in self.0.iter_mut().take_while(|slice| slice.begin <= start) {
            if !slice.is_doubtful {
                slice.is_doubtful = true;
                totals.take_all(&slice.totals);
                totals.add_merged(&slice.totals);
            }
        }
        while let Some(slice) = self.0.pop_front_if(|slice| slice.end <= start) {
            totals.take_merged(&slice.totals);
        }
    }

    /// The time whose leaving the window changes something.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let certain = self.0.iter().find(|slice| !slice.is_doubtful).map(|slice| slice.begin);
        let first = self.0.front().map(|slice| slice.end);
        certain.into_iter().chain(first).min()
    }
}

/// The part of the time that a moment lies in: its first moment, and the first one after it.
fn part_of(at: Timestamp, within: SignedDuration) -> (Timestamp, Timestamp) {
    let length = (within / PARTS).as_nanos().max(1);
    let begin = at.as_nanosecond().div_euclid(length).saturating_mul(length);
    let moment = |nanosecond, or| Timestamp::from_nanosecond(nanosecond).unwrap_or(or);
    (moment(begin, Timestamp::MIN), moment(begin.saturating_add(length), Timestamp::MAX))
}
