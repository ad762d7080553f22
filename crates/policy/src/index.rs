//! The indexed history: each term keeps running totals for each group of calls,
//! so that a question costs the same after ten thousand calls as after ten.

mod ask;
mod entries;
mod entry;
mod group;
mod name;
mod shelf;
mod slices;
mod totals;

use std::borrow::Cow;
use std::collections::BTreeMap;

use bounden_base::Timestamp;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::bounds::Bounds;
use crate::bundle::EventName;
use crate::core::{Scope, Term, TermId};
use crate::doubt::Doubt;
use crate::moment::Moment;
use crate::past::{Counted, NewCall, Past, Place, Room, Settled, key_of};
use crate::policy::Policy;
use crate::session::{MOST_COUNTED, Status};
use crate::table::Table;
use crate::{SessionId, ToolName, cost};

use entry::{Entry, Kept, Manner};
use group::Group;
use shelf::Shelf;

pub(crate) use name::{GroupName, Owner};

/// Totals of past calls, by term, owner and key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Index {
    shelf: Shelf,
    /// In each session the terms for which a tool was called that they demand
    /// beforehand, and whether one has succeeded.
    followed: Table<SessionId, BTreeMap<TermId, bool>>,
    /// Terms of which a call could not be counted.
    missed: BTreeMap<TermId, Missed>,
    clock: u64,
    now: Timestamp,
    /// Most calls that a group remembers one by one where it has a choice.
    #[serde(skip)]
    window_entries: usize,
    /// Bytes beside those of the groups.
    #[serde(skip)]
    bytes: usize,
}

/// A call could not be counted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Missed {
    /// When it would have left the window.
    until: Timestamp,
    /// Whether the groups that there are do not count it either.
    by_groups: bool,
}

impl Missed {
    fn is_felt(&self, now: Timestamp) -> bool {
        now < self.until || self.until == Timestamp::MAX
    }
}

impl Past for Index {
    fn within(bounds: &Bounds) -> Self {
        Self {
            shelf: Shelf::default(),
            followed: Table::default(),
            missed: BTreeMap::new(),
            clock: 0,
            now: Timestamp::MIN,
            window_entries: bounds.window_entries,
            bytes: 0,
        }
    }

    fn candidates<'p>(
        policy: &'p Policy,
        event: EventName,
        tool: Option<&ToolName>,
    ) -> Cow<'p, [usize]> {
        Cow::Borrowed(policy.rules_for(event, tool))
    }

    fn index(&self) -> Option<&Index> {
        Some(self)
    }

    fn advance(&mut self, now: Timestamp) {
        self.now = now;
        self.shelf.expire(now);
    }

    fn room(&self) -> Room {
        Room { groups: self.shelf.len(), bytes: self.shelf.bytes() + self.bytes }
    }

    fn needed(&self, call: &NewCall<'_>, counted: &[Counted<'_>], policy: &Policy) -> Option<Room> {
        let mut room = Room { groups: 0, bytes: 0 };
        for counted in counted {
            let Some((name, term)) = self.counting(counted, call, policy) else { continue };
            let manner = self.manner(counted.term, term, policy);
            let group = self.shelf.find(&name).and_then(|group| self.shelf.get(group));
            room.bytes += match group {
                Some(group) => group.cost_of_entering(counted),
                // Its total would begin too low.
                None if self.has_missed(counted.term) => return None,
                None => {
                    room.groups += 1;
                    let group = Group::new(manner);
                    name.cost() + group.cost() + group.cost_of_entering(counted)
                }
            };
            let args = if manner.keeps_args() { Kept::of(call).cost() } else { 0 };
            room.bytes += cost::ENTRY + call.id.as_str().len() + args;
        }
        if call.permitted && !call.routes.preparing.is_empty() {
            let waiting = self.followed.find(call.session);
            let new = call.routes.preparing.iter();
            let new = new.filter(|term| waiting.is_none_or(|terms| !terms.contains_key(term)));
            room.bytes += new.count() * cost::FOLLOWED;
            room.bytes += if waiting.is_none() { cost::text(call.session.as_str()) } else { 0 };
        }
        Some(room)
    }

    fn submit(&mut self, call: &NewCall<'_>, counted: &[Counted<'_>], policy: &Policy) -> Place {
        self.clock += 1;
        for group in call.replaces.iter().flat_map(|repeated| &repeated.groups) {
            let number = call.replaces.map_or(0, |repeated| repeated.number);
            self.shelf.change(*group, |group| group.discard(number));
        }
        if call.permitted {
            self.begin_anew(call, policy);
            self.await_success(call);
        }
        let mut groups = SmallVec::new();
        for counted in counted {
            groups.extend(self.enter(counted, call, policy));
        }
        Place { number: self.clock, groups }
    }

    fn miss(&mut self, call: &NewCall<'_>, counted: &[Counted<'_>], policy: &Policy) -> bool {
        self.clock += 1;
        let number = self.clock;
        if call.permitted {
            self.begin_anew(call, policy);
            self.miss_success(call.tool, policy);
        }
        let mut by_session = false;
        for counted in counted {
            let Some((name, term)) = self.counting(counted, call, policy) else { continue };
            let until = term.within.map_or(Timestamp::MAX, |within| {
                call.at.checked_add(within).unwrap_or(Timestamp::MAX)
            });
            match self.shelf.find(&name) {
                // An attempt is a fact; what becomes of a permitted call will not be known.
                Some(group) => self.shelf.change(group, |group| {
                    let weight = if call.permitted { Some(Doubt::LIMIT) } else { counted.doubt };
                    group.absorb(number, weight, counted.value, until);
                }),
                None if term.scope == Scope::Session => by_session = true,
                None => {
                    let missed = self.missed.entry(counted.term);
                    let missed = missed.or_insert(Missed { until, by_groups: false });
                    missed.until = missed.until.max(until);
                }
            }
        }
        by_session
    }

    fn settle(&mut self, call: &Settled<'_>, status: Status, policy: &Policy) {
        if status == Status::Succeeded
            && let Some(followed) = self.followed.find_mut(call.session)
        {
            for term in policy.preparing(call.tool) {
                followed.insert(*term, true);
            }
        }
        if status == Status::Unknown {
            self.miss_success(call.tool, policy);
        }
        let number = call.place.number;
        for group in &call.place.groups {
            self.shelf.change(*group, |group| group.settle(number, status));
        }
    }

    fn forget(&mut self, session: &SessionId) {
        self.shelf.forget_session(session);
        if let Some(terms) = self.followed.remove(session) {
            self.bytes -= cost::text(session.as_str()) + terms.len() * cost::FOLLOWED;
        }
    }

    fn close(&mut self, place: &Place) {
        for group in &place.groups {
            self.shelf.change(*group, |group| group.close(place.number));
        }
    }
}

impl Index {
    /// Reckons anew what is not written in a snapshot; nothing where that contradicts itself.
    pub(crate) fn rebuild(&mut self, policy: &Policy, bounds: &Bounds) -> Option<()> {
        let most = bounds.window_entries;
        self.window_entries = most;
        let bytes = &mut self.bytes;
        self.followed.each(|session, terms| {
            *bytes += cost::text(session.as_str()) + terms.len() * cost::FOLLOWED;
        });
        let manner = |term_id: TermId| {
            Some(Manner::of(policy.terms.get(term_id)?, policy.is_fixed(term_id), most))
        };
        (self.clock < MOST_COUNTED).then_some(())?;
        self.shelf.rebuild(manner)
    }

    /// A group; none where nothing was ever entered.
    fn group(&self, name: &GroupName<'_>) -> Result<Option<&Group>, Doubt> {
        let found = self.shelf.find(name).and_then(|group| self.shelf.get(group));
        let missed = self.missed.get(&name.term).filter(|missed| missed.is_felt(self.now));
        match (found, missed) {
            (Some(group), _) if group.has_missed(self.now) => Err(Doubt::LIMIT),
            (_, Some(Missed { by_groups: true, .. })) | (None, Some(_)) => Err(Doubt::LIMIT),
            (found, _) => Ok(found),
        }
    }

    /// A permit of a `since` tool empties what its terms have counted.
    fn begin_anew(&mut self, call: &NewCall<'_>, policy: &Policy) {
        for term_id in &call.routes.restarting {
            let term = policy.terms.get(*term_id);
            if let Some(owner) = term.and_then(|term| Owner::of(term, call.session, call.principal))
            {
                self.shelf.clear(*term_id, owner);
            }
        }
    }

    /// The group that counts a call, if one does.
    fn counting<'c>(
        &self,
        counted: &Counted<'c>,
        call: &NewCall<'c>,
        policy: &'c Policy,
    ) -> Option<(GroupName<'c>, &'c Term)> {
        let term = policy.terms.get(counted.term)?;
        let owner = Owner::of(term, call.session, call.principal)?;
        let restarts = term.since.as_ref().is_some_and(|tools| tools.contains(call.tool));
        let is_counted = if call.permitted { !restarts } else { term.counts_denied() };
        let follows = term.after.is_none() || self.has_followed(counted.term, call.session);
        let name = GroupName { term: counted.term, owner, key: counted.key.clone() };
        (is_counted && follows).then_some((name, term))
    }

    /// A tool is called that terms demand beforehand.
    fn await_success(&mut self, call: &NewCall<'_>) {
        let preparing = &call.routes.preparing;
        if preparing.is_empty() {
            return;
        }
        if !self.followed.contains(call.session) {
            self.bytes += cost::text(call.session.as_str());
        }
        let followed = self.followed.find_or_new(call.session);
        for term in preparing {
            followed.entry(*term).or_insert_with(|| {
                self.bytes += cost::FOLLOWED;
                false
            });
        }
    }

    /// Whether a tool has succeeded that terms demand beforehand will not be
    /// known, and so not which calls came after it.
    fn miss_success(&mut self, tool: &ToolName, policy: &Policy) {
        for term_id in policy.preparing(tool) {
            // Of its own session nothing is said any more.
            let is_shared =
                policy.terms.get(*term_id).is_some_and(|term| term.scope != Scope::Session);
            if is_shared {
                self.missed.insert(*term_id, Missed { until: Timestamp::MAX, by_groups: true });
            }
        }
    }

    fn manner(&self, term_id: TermId, term: &Term, policy: &Policy) -> Manner {
        Manner::of(term, policy.is_fixed(term_id), self.window_entries)
    }

    /// Whether a call of which nothing was kept may still count.
    fn has_missed(&self, term: TermId) -> bool {
        self.missed.get(&term).is_some_and(|missed| missed.is_felt(self.now))
    }

    /// Whether what a term demands beforehand has happened in the session.
    fn has_followed(&self, term: TermId, session: &SessionId) -> bool {
        self.followed.find(session).is_some_and(|terms| terms.get(&term) == Some(&true))
    }

    fn enter(
        &mut self,
        counted: &Counted<'_>,
        call: &NewCall<'_>,
        policy: &Policy,
    ) -> Option<usize> {
        let (name, term) = self.counting(counted, call, policy)?;
        let manner = self.manner(counted.term, term, policy);
        let args = manner.keeps_args().then(|| Kept::of(call));
        let number = self.clock;
        let group = self.shelf.find_or_new(&name, term, manner);
        let entry = Entry::new(call, counted, args);
        self.shelf.change(group, |group| group.enter(number, entry));
        Some(group)
    }

    /// The group that a question is about.
    fn asked<'a>(term_id: TermId, moment: &Moment<'a, Self>) -> Result<GroupName<'a>, Doubt> {
        let term = moment.policy.terms.get(term_id).ok_or(Doubt::ABSENT)?;
        if term.scope == Scope::Session && moment.session.has_missed {
            return Err(Doubt::LIMIT);
        }
        let key = term.by.as_ref().map(|by| key_of(by, moment)).transpose()?;
        let owner = Owner::of(term, moment.session_id, moment.principal).ok_or(Doubt::ABSENT)?;
        Ok(GroupName { term: term_id, owner, key })
    }
}
