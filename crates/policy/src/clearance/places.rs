//! Which places of the arguments are read, as a tree of member names.

use std::collections::BTreeMap;

use super::slots;
use crate::core::Step;

/// The places below one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Places {
    /// The slot for the value at this place.
    pub(super) slot: Option<u8>,
    pub(super) members: BTreeMap<String, Places>,
}

/// Gives out slots.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) places: Places,
    given: u8,
}

impl Places {
    pub(super) fn are_none(&self) -> bool {
        self.slot.is_none() && self.members.is_empty()
    }
}

impl Wanted {
    /// The slot of a path through members; `None` for items of lists, and where
    /// no slot is left.
    pub(super) fn slot(&mut self, steps: &[Step]) -> Option<u8> {
        let names = steps.iter().map(|step| match step {
            Step::Member(name) => Some(name.as_str()),
            Step::Item(_) => None,
        });
        self.slot_at(names.collect::<Option<Vec<_>>>()?.into_iter())
    }

    /// The slot of a path of member names; `None` where no slot is left.
    pub(super) fn slot_at<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Option<u8> {
        let mut place = &mut self.places;
        for name in names {
            place = place.members.entry(name.to_owned()).or_default();
        }
        if place.slot.is_none() && usize::from(self.given) < slots::MOST {
            place.slot = Some(self.given);
            self.given += 1;
        }
        place.slot
    }
}
