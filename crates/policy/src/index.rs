//! The indexed history: each term keeps running totals for each group of calls,
//! so that a question costs the same after ten thousand calls as after ten.

mod group;
mod name;

use std::borrow::Cow;
use std::collections::BTreeSet;

use bounden_base::{Decimal, Timestamp};

use crate::bundle::EventName;
use crate::core::{Term, TermId};
use crate::doubt::{Doubt, Truth};
use crate::eval;
use crate::moment::{Args, History, Moment};
use crate::past::{self, Counted, NewCall, Past, Place, Settled, Tally, Weight, key_of, summand};
use crate::policy::Policy;
use crate::session::Status;
use crate::shell::Memo;
use crate::table::Table;
use crate::value::Interval;
use crate::{EventId, SessionId, ToolName};

use group::{Entry, Group, Kept};

pub(crate) use name::{GroupName, Owner};

/// Totals of past calls, by term, owner and key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    names: Table<GroupName<'static>, usize>,
    groups: Vec<Group>,
    /// The groups of terms that can begin anew, by term and owner.
    series: Table<(TermId, Owner<'static>), Vec<usize>>,
    /// When entries leave their windows: time, group and number.
    expiries: BTreeSet<(Timestamp, usize, u64)>,
    /// Sessions in which a tool that a term demands beforehand has succeeded.
    followed: Table<SessionId, BTreeSet<TermId>>,
    clock: u64,
}

impl Past for Index {
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

    /// Forgets what has left its window.
    fn advance(&mut self, now: Timestamp) {
        while let Some((time, group, number)) = self.expiries.first().copied()
            && time <= now
        {
            self.expiries.pop_first();
            if let Some(group) = self.groups.get_mut(group) {
                group.drop_through(number);
            }
        }
    }

    fn submit(&mut self, call: &NewCall<'_>, counted: &[Counted<'_>], policy: &Policy) -> Place {
        self.clock += 1;
        if let Some(repeated) = call.replaces {
            for group in &repeated.groups {
                if let Some(group) = self.groups.get_mut(*group) {
                    group.discard(repeated.number);
                }
            }
        }
        if call.permitted {
            self.begin_anew(call, policy);
        }
        let mut place = Place { number: self.clock, groups: Vec::new() };
        if !counted.is_empty() {
            let args = Kept::of(call);
            let groups =
                counted.iter().filter_map(|counted| self.enter(counted, call, &args, policy));
            place.groups.extend(groups);
        }
        place
    }

    fn settle(&mut self, call: &Settled<'_>, status: Status, policy: &Policy) {
        let preparing = policy.preparing(call.tool);
        if status == Status::Succeeded && !preparing.is_empty() {
            self.followed.find_or_new(call.session).extend(preparing);
        }
        for group in &call.place.groups {
            if let Some(group) = self.groups.get_mut(*group) {
                group.settle(call.place.number, status);
            }
        }
    }
}

impl Index {
    fn find(&self, name: &GroupName<'_>) -> Option<&Group> {
        let names: &Table<GroupName<'_>, usize> = &self.names;
        self.groups.get(*names.find(name)?)
    }

    /// A permit of a `since` tool empties what its terms have counted.
    fn begin_anew(&mut self, call: &NewCall<'_>, policy: &Policy) {
        for term_id in policy.restarting(call.tool) {
            let term = policy.terms.get(*term_id);
            let Some(owner) = term.and_then(|term| Owner::of(term, call.session, call.principal))
            else {
                continue;
            };
            let series: &Table<(TermId, Owner<'_>), Vec<usize>> = &self.series;
            for group in series.find(&(*term_id, owner)).into_iter().flatten() {
                if let Some(group) = self.groups.get_mut(*group) {
                    group.clear();
                }
            }
        }
    }

    fn enter(
        &mut self,
        counted: &Counted<'_>,
        call: &NewCall<'_>,
        args: &Kept,
        policy: &Policy,
    ) -> Option<usize> {
        let term = policy.terms.get(counted.term)?;
        let owner = Owner::of(term, call.session, call.principal)?;
        let restarts = term.since.as_ref().is_some_and(|tools| tools.contains(call.tool));
        if (call.permitted && restarts) || !self.follows(term, counted.term, call.session) {
            return None;
        }
        let name = GroupName { term: counted.term, owner, key: counted.key.clone() };
        let group = self.group(name, term);
        if let Some(within) = term.within
            && let Ok(end) = call.at.checked_add(within)
        {
            self.expiries.insert((end, group, self.clock));
        }
        self.groups.get_mut(group)?.enter(Entry::new(self.clock, call, counted, args.clone()));
        Some(group)
    }

    /// Whether what a term demands beforehand has happened in the session.
    fn follows(&self, term: &Term, term_id: TermId, session: &SessionId) -> bool {
        let followed = || self.followed.find(session).is_some_and(|terms| terms.contains(&term_id));
        term.after.is_none() || followed()
    }

    fn group(&mut self, name: GroupName<'_>, term: &Term) -> usize {
        let names: &Table<GroupName<'_>, usize> = &self.names;
        if let Some(group) = names.find(&name) {
            return *group;
        }
        let (name, next) = (name.into_owned(), self.groups.len());
        if term.since.is_some() {
            self.series.find_or_new(&(name.term, name.owner.clone())).push(next);
        }
        self.names.insert(name, next);
        self.groups.push(Group::new(term.counting));
        next
    }

    /// The group that a question is about.
    fn asked<'a>(
        term_id: TermId,
        term: &'a Term,
        moment: &Moment<'a, Self>,
    ) -> Result<GroupName<'a>, Doubt> {
        let key = term.by.as_ref().map(|by| key_of(by, moment)).transpose()?;
        let owner = Owner::of(term, moment.session_id, moment.principal).ok_or(Doubt::ABSENT)?;
        Ok(GroupName { term: term_id, owner, key })
    }

    /// The calls that count now, with their weight.
    fn counted<'a>(
        &'a self,
        term_id: TermId,
        moment: &Moment<'a, Self>,
    ) -> Result<Vec<(&'a Entry, Weight)>, Doubt> {
        let policy = moment.policy;
        let term = policy.terms.get(term_id).ok_or(Doubt::ABSENT)?;
        let group = self.find(&Self::asked(term_id, term, moment)?);
        let present = moment.present.map(|call| call.place.number);
        let counted = group
            .into_iter()
            .flat_map(Group::counted)
            .filter(|(entry, _)| present != Some(entry.number));
        if policy.is_fixed(term_id) {
            return Ok(counted.collect());
        }
        let weighed = counted.filter_map(|(entry, weight)| {
            let commands = Memo::default();
            let earlier = moment.among(entry.args(), &commands);
            match term.filter.as_ref().map_or(Truth::True, |filter| eval::truth(filter, &earlier).0)
            {
                Truth::True => Some((entry, weight)),
                Truth::False => None,
                Truth::Unknown(_) => Some((entry, Some(Doubt::LOST))),
            }
        });
        Ok(weighed.collect())
    }

    /// Counts or adds up entry by entry, where no running total can be had.
    fn tally_one_by_one(
        &self,
        term_id: TermId,
        summed: bool,
        moment: &Moment<'_, Self>,
    ) -> Result<Interval, Doubt> {
        let term = moment.policy.terms.get(term_id).ok_or(Doubt::ABSENT)?;
        let mut tally = Tally::default();
        for (entry, weight) in self.counted(term_id, moment)? {
            let value = match (&term.sum, summed) {
                (Some(sum), true) => summand(sum, &moment.among(entry.args(), &Memo::default())),
                _ => Ok(Decimal::from(1_u32)),
            };
            tally.add(value, weight);
        }
        tally.interval()
    }
}

impl History for Index {
    fn total(
        &self,
        name: &GroupName<'_>,
        summed: bool,
        except: Option<u64>,
    ) -> Option<Result<Interval, Doubt>> {
        let group = self.find(name);
        group.map_or(Some(Ok(Interval::exact(Decimal::ZERO))), |group| group.total(summed, except))
    }

    fn tally(
        &self,
        term_id: TermId,
        summed: bool,
        moment: &Moment<'_, Self>,
    ) -> Result<Interval, Doubt> {
        let term = moment.policy.terms.get(term_id).ok_or(Doubt::ABSENT)?;
        if moment.policy.is_fixed(term_id) {
            let present = moment.present.map(|call| call.place.number);
            let name = Self::asked(term_id, term, moment)?;
            if let Some(total) = self.total(&name, summed, present) {
                return total;
            }
        }
        self.tally_one_by_one(term_id, summed, moment)
    }

    fn last<'a>(&'a self, term_id: TermId, moment: &Moment<'a, Self>) -> Result<Args<'a>, Doubt> {
        let latest =
            self.counted(term_id, moment)?.into_iter().max_by_key(|(entry, _)| entry.number);
        past::latest(latest.map(|(entry, weight)| (entry.args(), weight)))
    }

    fn witness(&self, term_id: TermId, moment: &Moment<'_, Self>) -> Vec<EventId> {
        let counted = self.counted(term_id, moment).unwrap_or_default().into_iter();
        counted.take(past::MOST_WITNESSES).map(|(entry, _)| entry.id.clone()).collect()
    }
}
