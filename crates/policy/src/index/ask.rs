//! Questions about earlier calls, answered from totals or one by one.

use bounden_base::Decimal;

use super::entry::Entry;
use super::{GroupName, Index};
use crate::EventId;
use crate::core::{Core, TermId};
use crate::doubt::{Doubt, Truth};
use crate::eval;
use crate::moment::{Args, History, Moment};
use crate::past::Weight;
use crate::shell::Memo;
use crate::value::Interval;

/// The call that asks what earlier ones come to.
struct Asking<'m, 'a> {
    moment: &'m Moment<'a, Index>,
    /// What it compares each earlier call with.
    filter: Option<&'a Core>,
}

impl<'m, 'a> Asking<'m, 'a> {
    fn of(term_id: TermId, moment: &'m Moment<'a, Index>) -> Self {
        let term = moment.policy.terms.get(term_id).filter(|_| !moment.policy.is_fixed(term_id));
        Self { moment, filter: term.and_then(|term| term.filter.as_ref()) }
    }

    /// How an earlier call weighs for it: it does not count itself.
    fn weigh(&self, number: u64, entry: &'a Entry, weight: Weight) -> Option<Weight> {
        if self.moment.present.is_some_and(|call| call.place.number == number) {
            return None;
        }
        let Some((filter, args)) = self.filter.zip(entry.args.as_ref()) else {
            return Some(weight);
        };
        let commands = Memo::default();
        match eval::truth(filter, &self.moment.among(args.args(), &commands)).0 {
            Truth::True => Some(weight),
            Truth::False => None,
            Truth::Unknown(_) => Some(Some(Doubt::LOST)),
        }
    }
}

impl History for Index {
    fn total(
        &self,
        name: &GroupName<'_>,
        summed: bool,
        except: Option<u64>,
    ) -> Option<Result<Interval, Doubt>> {
        Some(match self.group(name) {
            Ok(Some(group)) => group.total(summed, except),
            Ok(None) => Ok(Interval::exact(Decimal::ZERO)),
            Err(doubt) => Err(doubt),
        })
    }

    fn tally(
        &self,
        term_id: TermId,
        summed: bool,
        moment: &Moment<'_, Self>,
    ) -> Result<Interval, Doubt> {
        let name = Self::asked(term_id, moment)?;
        let asking = Asking::of(term_id, moment);
        let present = moment.present.map(|call| call.place.number);
        match self.group(&name)? {
            Some(group) if asking.filter.is_none() => group.total(summed, present),
            Some(group) => {
                group.total_of(summed, |number, entry, weight| asking.weigh(number, entry, weight))
            }
            None => Ok(Interval::exact(Decimal::ZERO)),
        }
    }

    fn last<'a>(&'a self, term_id: TermId, moment: &Moment<'a, Self>) -> Result<Args<'a>, Doubt> {
        let group = self.group(&Self::asked(term_id, moment)?)?.ok_or(Doubt::ABSENT)?;
        let asking = Asking::of(term_id, moment);
        group.latest(|number, entry, weight| asking.weigh(number, entry, weight))
    }

    fn witness(&self, term_id: TermId, moment: &Moment<'_, Self>) -> Vec<EventId> {
        let name = Self::asked(term_id, moment).ok();
        let group = name.and_then(|name| self.shelf.get(self.shelf.find(&name)?));
        let asking = Asking::of(term_id, moment);
        group.map_or_else(Vec::new, |group| {
            group.first(|number, entry, weight| asking.weigh(number, entry, weight))
        })
    }
}
