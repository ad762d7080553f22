//! Where groups are kept: found by name, changed by place, forgotten where they
//! say nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use bounden_base::Timestamp;
use serde::{Deserialize, Serialize};

use super::entry::Manner;
use super::group::Group;
use super::name::{GroupName, Owner};
use crate::core::{Term, TermId};
use crate::table::Table;

/// All groups.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Shelf {
    #[serde(skip)]
    names: Table<Arc<GroupName<'static>>, usize>,
    places: Vec<Option<Box<Placed>>>,
    free: Vec<usize>,
    /// The places of groups of terms that can begin anew, by term and owner.
    #[serde(skip)]
    series: Table<(TermId, Owner<'static>), BTreeSet<usize>>,
    /// When a group has something to forget, and its place.
    #[serde(skip)]
    dues: BTreeSet<(Timestamp, usize)>,
    #[serde(skip)]
    bytes: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Placed {
    name: Arc<GroupName<'static>>,
    group: Group,
    can_begin_anew: bool,
    #[serde(skip)]
    due: Option<Timestamp>,
}

impl Shelf {
    /// Finds anew what is not written in a snapshot; nothing where that
    /// contradicts itself. `manner` knows the terms.
    pub(super) fn rebuild(&mut self, manner: impl Fn(TermId) -> Option<Manner>) -> Option<()> {
        let free: BTreeSet<usize> = self.free.iter().copied().collect();
        let is_free = |place| matches!(self.places.get(place), Some(None));
        if free.len() != self.free.len() || !free.into_iter().all(is_free) {
            return None;
        }
        for (place, placed) in self.places.iter_mut().enumerate() {
            let Some(placed) = placed else { continue };
            placed.group.rebuild(manner(placed.name.term)?)?;
            placed.due = placed.group.due();
            self.bytes += placed.name.cost() + placed.group.cost();
            self.dues.extend(placed.due.map(|due| (due, place)));
            if placed.can_begin_anew {
                let series = (placed.name.term, placed.name.owner.clone());
                self.series.find_or_new(&series).insert(place);
            }
            if self.names.insert(Arc::clone(&placed.name), place).is_some() {
                return None;
            }
        }
        (self.names.len() == self.len()).then_some(())
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn find(&self, name: &GroupName<'_>) -> Option<usize> {
        let names: &Table<Arc<GroupName<'_>>, usize> = &self.names;
        names.find(name).copied()
    }

    pub(super) fn get(&self, place: usize) -> Option<&Group> {
        Some(&self.places.get(place)?.as_ref()?.group)
    }

    pub(super) fn find_or_new(
        &mut self,
        name: &GroupName<'_>,
        term: &Term,
        manner: Manner,
    ) -> usize {
        if let Some(place) = self.find(name) {
            return place;
        }
        let name = Arc::new(name.clone().into_owned());
        let can_begin_anew = term.since.is_some();
        let group = Group::new(manner);
        self.bytes += name.cost() + group.cost();
        let placed = Placed { name: Arc::clone(&name), group, can_begin_anew, due: None };
        let place = self.free.pop().unwrap_or(self.places.len());
        match self.places.get_mut(place) {
            Some(free) => *free = Some(Box::new(placed)),
            None => self.places.push(Some(Box::new(placed))),
        }
        if can_begin_anew {
            self.series.find_or_new(&(name.term, name.owner.clone())).insert(place);
        }
        self.names.insert(name, place);
        place
    }

    /// Changes a group, and forgets it where it then says nothing.
    pub(super) fn change(&mut self, place: usize, change: impl FnOnce(&mut Group)) {
        let Some(Some(placed)) = self.places.get_mut(place) else { return };
        self.bytes -= placed.group.cost();
        change(&mut placed.group);
        self.bytes += placed.group.cost();
        let (before, due) = (placed.due, placed.group.due());
        let is_nothing = placed.group.is_nothing();
        if before != due {
            placed.due = due;
            self.dues.extend(due.map(|due| (due, place)));
            if let Some(before) = before {
                self.dues.remove(&(before, place));
            }
        }
        if is_nothing {
            self.forget(place);
        }
    }

    /// Lets every group forget what has left its window.
    pub(super) fn expire(&mut self, now: Timestamp) {
        while let Some((due, place)) = self.dues.first().copied()
            && due <= now
        {
            self.dues.pop_first();
            if let Some(Some(placed)) = self.places.get_mut(place) {
                placed.due = None;
            }
            self.change(place, |group| group.expire(now));
        }
    }

    /// Forgets all groups of a term for one owner.
    pub(super) fn clear(&mut self, term: TermId, owner: Owner<'_>) {
        let series: &Table<(TermId, Owner<'_>), BTreeSet<usize>> = &self.series;
        let places = series.find(&(term, owner)).cloned().unwrap_or_default();
        places.into_iter().for_each(|place| self.forget(place));
    }

    fn forget(&mut self, place: usize) {
        let Some(placed) = self.places.get_mut(place).and_then(Option::take) else { return };
        self.bytes -= placed.name.cost() + placed.group.cost();
        self.names.remove(&placed.name);
        if let Some(due) = placed.due {
            self.dues.remove(&(due, place));
        }
        if placed.can_begin_anew {
            let series = (placed.name.term, placed.name.owner.clone());
            let places = self.series.find_mut(&series);
            let is_empty = places.is_some_and(|places| {
                places.remove(&place);
                places.is_empty()
            });
            if is_empty {
                self.series.remove(&series);
            }
        }
        self.free.push(place);
    }
}
