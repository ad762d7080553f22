//! What every history shares: how a call is handed over, weighed and added up.

mod key;

use std::borrow::Cow;

use bounden_base::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::bounds::Bounds;
use crate::bundle::EventName;
use crate::core::{Core, Counting, TermId};
use crate::doubt::{Doubt, Truth};
use crate::eval;
use crate::index::Index;
use crate::moment::{Args, History, Moment};
use crate::policy::{Policy, ToolRoutes};
use crate::session::Status;
use crate::value::Interval;
use crate::{Arguments, EventId, PrincipalId, SessionId, ToolName};

pub(crate) use key::{Key, key_of};

/// Most earlier calls that a reason names.
pub(crate) const MOST_WITNESSES: usize = 16;

/// A history that the engine writes.
pub(crate) trait Past: History + Clone {
    /// A history without calls.
    fn within(bounds: &Bounds) -> Self;

    /// The rules to ask about an event, in the order of their ids.
    fn candidates<'p>(
        policy: &'p Policy,
        event: EventName,
        tool: Option<&ToolName>,
    ) -> Cow<'p, [usize]>;

    /// The index that calls are cleared against, where there is one.
    fn index(&self) -> Option<&Index> {
        None
    }

    /// The clock moved on.
    fn advance(&mut self, now: Timestamp);

    /// Records a submission of a logical call, with what it means for each term
    /// that counts calls of its tool; a retry takes the place of the call that
    /// it repeats.
    fn submit(&mut self, call: &NewCall<'_>, counted: &[Counted<'_>], policy: &Policy) -> Place;

    /// Counts a call for which there is no room, as far as that takes none, and
    /// notes where it is missing; whether that is something about its session.
    fn miss(&mut self, call: &NewCall<'_>, counted: &[Counted<'_>], policy: &Policy) -> bool;

    /// Records the outcome of a permitted call.
    fn settle(&mut self, call: &Settled<'_>, status: Status, policy: &Policy);

    /// Forgets what calls of one session alone have come to.
    fn forget(&mut self, session: &SessionId);

    /// Nothing will change any more about a call.
    fn close(&mut self, place: &Place);

    /// What is kept.
    fn room(&self) -> Room;

    /// What a submission would take; nothing where it could not be counted.
    fn needed(&self, call: &NewCall<'_>, counted: &[Counted<'_>], policy: &Policy) -> Option<Room>;
}

/// What a history takes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Room {
    pub(crate) groups: usize,
    pub(crate) bytes: usize,
}

impl Room {
    /// Whether so many bytes and what a history needs fit.
    pub(crate) fn holds(self, bytes: usize, needed: Option<Self>) -> bool {
        needed.is_some_and(|needed| {
            needed.groups <= self.groups && needed.bytes.saturating_add(bytes) <= self.bytes
        })
    }
}

/// A logical call as the engine hands it to a history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewCall<'c> {
    pub(crate) id: &'c EventId,
    pub(crate) session: &'c SessionId,
    pub(crate) principal: Option<&'c PrincipalId>,
    pub(crate) tool: &'c ToolName,
    /// What the policy has for the tool.
    pub(crate) routes: &'c ToolRoutes,
    /// Its arguments as decided on.
    pub(crate) sent: &'c Arguments,
    /// Where its amount stands, if that is in a foreign currency.
    pub(crate) hidden: Option<&'c [String]>,
    pub(crate) at: Timestamp,
    pub(crate) permitted: bool,
    /// Where the call that it repeats was entered.
    pub(crate) replaces: Option<&'c Place>,
}

/// A call whose outcome is known, or given up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settled<'c> {
    pub(crate) session: &'c SessionId,
    pub(crate) tool: &'c ToolName,
    pub(crate) place: &'c Place,
}

/// Where a history has entered a logical call.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Grows with every submission; no two calls have the same.
    pub(crate) number: u64,
    /// The groups that count it.
    pub(crate) groups: SmallVec<[usize; 4]>,
}

/// What a call means for one term: found from its arguments alone, before it is
/// entered anywhere.
#[derive(Clone, Debug)]
pub(crate) struct Counted<'a> {
    pub(crate) term: TermId,
    /// What it is grouped by.
    pub(crate) key: Option<Key<'a>>,
    /// Why it cannot be said whether the call counts at all, if it cannot.
    pub(crate) doubt: Weight,
    /// What is added up.
    pub(crate) value: Result<Decimal, Doubt>,
}

/// No history: what a call is entered under never depends on earlier ones.
#[derive(Debug)]
pub(crate) struct Nothing;

/// How a counted call bears on a number: for certain, or possibly for a reason.
pub(crate) type Weight = Option<Doubt>;

impl History for Nothing {
    fn tally(&self, _: TermId, _: bool, _: &Moment<'_, Self>) -> Result<Interval, Doubt> {
        Err(Doubt::ABSENT)
    }

    fn last<'a>(&'a self, _: TermId, _: &Moment<'a, Self>) -> Result<Args<'a>, Doubt> {
        Err(Doubt::ABSENT)
    }

    fn witness(&self, _: TermId, _: &Moment<'_, Self>) -> Vec<EventId> {
        Vec::new()
    }
}

/// How a call with this outcome counts, if at all.
pub(crate) fn weight(counting: Counting, status: Status) -> Option<Weight> {
    match (counting, status) {
        (Counting::Attempted, _) => Some(None),
        (_, Status::Denied) => None,
        (Counting::Permitted, _) | (Counting::Effective, Status::Succeeded) => Some(None),
        (Counting::Effective, Status::Failed) => None,
        (Counting::Effective, Status::InFlight) => Some(Some(Doubt::RISING)),
        (Counting::Effective, Status::Lost) => Some(Some(Doubt::LOST)),
        (Counting::Effective, Status::Unknown) => Some(Some(Doubt::LIMIT)),
    }
}

/// What a call means for the terms that count calls of its tool; `moment` is
/// that of the call. A filter that compares with a later call is left to that one.
pub(crate) fn counted<'a>(tool: &ToolName, moment: &Moment<'a, Nothing>) -> Vec<Counted<'a>> {
    let policy = moment.policy;
    policy.counting(tool).iter().filter_map(|id| counted_by(*id, moment)).collect()
}

/// What a call means for one term; nothing where it has no key or is filtered out.
fn counted_by<'a>(id: TermId, moment: &Moment<'a, Nothing>) -> Option<Counted<'a>> {
    let term = moment.policy.terms.get(id)?;
    let key = match &term.by {
        Some(by) => Some(key_of(by, moment).ok()?),
        None => None,
    };
    let filter = term.filter.as_ref().filter(|_| moment.policy.is_fixed(id));
    let doubt = match filter.map_or(Truth::True, |filter| eval::truth(filter, moment).0) {
        Truth::True => None,
        Truth::False => return None,
        Truth::Unknown(_) => Some(Doubt::LOST),
    };
    let value = term.sum.as_ref().map_or(Ok(Decimal::ZERO), |sum| summand(sum, moment));
    Some(Counted { term: id, key, doubt, value })
}

/// A part of a sum; a negative amount would refill a cap and is malformed.
pub(crate) fn summand<'a, H: History>(
    sum: &'a Core,
    moment: &Moment<'a, H>,
) -> Result<Decimal, Doubt> {
    let value = eval::value(sum, moment)?.number()?;
    if value.low.is_negative() { Err(Doubt::MALFORMED) } else { Ok(value.high) }
}

/// The arguments of the latest call, if it is certain that it is one.
pub(crate) fn latest(call: Option<(Args<'_>, Weight)>) -> Result<Args<'_>, Doubt> {
    match call {
        Some((args, None)) => Ok(args),
        Some((_, Some(Doubt::RISING))) => Err(Doubt::PENDING),
        Some((_, Some(doubt))) => Err(doubt),
        None => Err(Doubt::ABSENT),
    }
}
