//! The indexed history: each term keeps running totals for each group of calls,
//! so that a question costs the same after ten thousand calls as after ten.

mod group;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Timestamp};

use crate::bundle::EventName;
use crate::core::{Scope, Term, TermId};
use crate::doubt::{Doubt, Truth};
use crate::eval;
use crate::moment::{Args, History, Moment};
use crate::past::{self, NewCall, Nothing, Past, Tally, Weight, key_of, summand};
use crate::policy::Policy;
use crate::session::Status;
use crate::value::Interval;
use crate::{EventId, PrincipalId, SessionId, ToolName};

use group::{Entry, Group, Kept};

/// Totals of past calls, by term, scope and key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    names: BTreeMap<GroupName, usize>,
    groups: Vec<Group>,
    /// Where each logical call was entered, and its tool.
    places: BTreeMap<(SessionId, EventId), Place>,
    /// When entries leave their windows: time, group and number.
    expiries: BTreeSet<(Timestamp, usize, u64)>,
    /// Sessions in which a tool that a term demands beforehand has succeeded.
    followed: BTreeSet<(TermId, SessionId)>,
    clock: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct GroupName {
    term: TermId,
    scope: ScopeName,
    key: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ScopeName {
    Session(SessionId),
    Principal(PrincipalId),
    Agent,
}

#[derive(Clone, Debug)]
struct Place {
    tool: ToolName,
    number: u64,
    groups: Vec<usize>,
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

    fn submit(&mut self, call: &NewCall<'_>, moment: &Moment<'_, Nothing>) {
        self.clock += 1;
        let name = (call.session.clone(), call.id.clone());
        if let Some(place) = self.places.remove(&name) {
            for group in place.groups {
                if let Some(group) = self.groups.get_mut(group) {
                    group.discard(place.number);
                }
            }
        }
        if call.permitted {
            self.begin_anew(call, moment.policy);
        }
        let terms = moment.policy.counting(call.tool);
        let mut groups = Vec::new();
        if !terms.is_empty() {
            let args = Kept::of(call.args);
            groups.extend(terms.iter().filter_map(|term| self.enter(*term, call, &args, moment)));
        }
        // Without either nothing will ask where it was entered.
        if !groups.is_empty() || !moment.policy.preparing(call.tool).is_empty() {
            self.places.insert(name, Place { tool: call.tool.clone(), number: self.clock, groups });
        }
    }

    fn settle(&mut self, session: &SessionId, id: &EventId, status: Status, policy: &Policy) {
        self.clock += 1;
        let Some(place) = self.places.get(&(session.clone(), id.clone())) else { return };
        if status == Status::Succeeded {
            for term in policy.preparing(&place.tool) {
                self.followed.insert((*term, session.clone()));
            }
        }
        for group in &place.groups {
            if let Some(group) = self.groups.get_mut(*group) {
                group.settle(place.number, status);
            }
        }
    }
}

impl Index {
    /// A permit of a `since` tool empties what its terms have counted.
    fn begin_anew(&mut self, call: &NewCall<'_>, policy: &Policy) {
        for term_id in policy.restarting(call.tool) {
            let term = policy.terms.get(*term_id);
            let Some(scope) = term.and_then(|term| scope_of(term, call.session, call.principal))
            else {
                continue;
            };
            let first = GroupName { term: *term_id, scope: scope.clone(), key: None };
            let groups = self
                .names
                .range(first..)
                .take_while(|(name, _)| name.term == *term_id && name.scope == scope);
            for (_, group) in groups {
                if let Some(group) = self.groups.get_mut(*group) {
                    group.clear();
                }
            }
        }
    }

    fn enter(
        &mut self,
        term_id: TermId,
        call: &NewCall<'_>,
        args: &Kept,
        moment: &Moment<'_, Nothing>,
    ) -> Option<usize> {
        let term = moment.policy.terms.get(term_id)?;
        let scope = scope_of(term, call.session, call.principal)?;
        let restarts = term.since.as_ref().is_some_and(|tools| tools.contains(call.tool));
        let follows =
            term.after.is_none() || self.followed.contains(&(term_id, call.session.clone()));
        if (call.permitted && restarts) || !follows {
            return None;
        }
        let fixed = moment.policy.is_fixed(term_id);
        let mut entry = Entry::new(self.clock, call, args.clone());
        let mut key = None;
        if fixed {
            let earlier = Moment { args: Some(call.args), ..*moment };
            if let Some(by) = &term.by {
                key = Some(key_of(by, &earlier).ok()?);
            }
            match term.filter.as_ref().map_or(Truth::True, |filter| eval::truth(filter, &earlier).0)
            {
                Truth::True => {}
                Truth::False => return None,
                Truth::Unknown(_) => entry.unsure = true,
            }
            if let Some(sum) = &term.sum {
                entry.value = summand(sum, &earlier);
            }
        }
        let group = self.group(GroupName { term: term_id, scope, key }, term);
        if let Some(within) = term.within
            && let Ok(end) = call.at.checked_add(within)
        {
            self.expiries.insert((end, group, self.clock));
        }
        self.groups.get_mut(group)?.enter(entry);
        Some(group)
    }

    fn group(&mut self, name: GroupName, term: &Term) -> usize {
        let next = self.groups.len();
        let group = *self.names.entry(name).or_insert(next);
        if group == next {
            self.groups.push(Group::new(term.counting));
        }
        group
    }

    /// The group that a question is about; none where nothing was ever entered.
    fn asked(
        &self,
        term_id: TermId,
        term: &Term,
        moment: &Moment<'_, Self>,
    ) -> Result<Option<&Group>, Doubt> {
        let key = match &term.by {
            Some(by) => Some(key_of(by, moment)?),
            None => None,
        };
        let Some(scope) = scope_of(term, moment.session_id, moment.principal) else {
            return Err(Doubt::ABSENT);
        };
        let key = if moment.policy.is_fixed(term_id) { key } else { None };
        let group = self.names.get(&GroupName { term: term_id, scope, key });
        Ok(group.and_then(|group| self.groups.get(*group)))
    }

    /// The number of the call that a moment is about, where it was entered before.
    fn number_of_present(&self, moment: &Moment<'_, Self>) -> Option<u64> {
        let name = (moment.session_id.clone(), moment.present?.clone());
        self.places.get(&name).map(|place| place.number)
    }

    /// The calls that count now, with their weight.
    fn counted<'a>(
        &'a self,
        term_id: TermId,
        moment: &Moment<'a, Self>,
    ) -> Result<Vec<(&'a Entry, Weight)>, Doubt> {
        let policy = moment.policy;
        let term = policy.terms.get(term_id).ok_or(Doubt::ABSENT)?;
        let group = self.asked(term_id, term, moment)?;
        let present = self.number_of_present(moment);
        let counted = group
            .into_iter()
            .flat_map(Group::counted)
            .filter(|(entry, _)| present != Some(entry.number));
        if policy.is_fixed(term_id) {
            return Ok(counted.collect());
        }
        let key = term.by.as_ref().map(|by| key_of(by, moment)).transpose()?;
        let weighed = counted.filter_map(|(entry, weight)| {
            let earlier = moment.among(entry.args());
            if let (Some(by), Some(key)) = (&term.by, &key)
                && key_of(by, &earlier).ok().as_ref() != Some(key)
            {
                return None;
            }
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
                (Some(sum), true) => summand(sum, &moment.among(entry.args())),
                _ => Ok(Decimal::from(1_u32)),
            };
            tally.add(value, weight);
        }
        tally.interval()
    }
}

impl History for Index {
    fn tally(
        &self,
        term_id: TermId,
        summed: bool,
        moment: &Moment<'_, Self>,
    ) -> Result<Interval, Doubt> {
        let term = moment.policy.terms.get(term_id).ok_or(Doubt::ABSENT)?;
        if moment.policy.is_fixed(term_id) {
            let total = match self.asked(term_id, term, moment)? {
                Some(group) => group.total(summed, self.number_of_present(moment)),
                None => Some(Ok(Interval::exact(Decimal::ZERO))),
            };
            if let Some(total) = total {
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

fn scope_of(
    term: &Term,
    session: &SessionId,
    principal: Option<&PrincipalId>,
) -> Option<ScopeName> {
    match term.scope {
        Scope::Session => Some(ScopeName::Session(session.clone())),
        Scope::Principal => principal.cloned().map(ScopeName::Principal),
        Scope::Agent => Some(ScopeName::Agent),
    }
}
