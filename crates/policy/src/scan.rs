//! The reference history: every call is kept, and every question looks at all
//! of them. Slow and obvious; the oracle for faster ones.

use std::borrow::Cow;

use bounden_base::{Decimal, DecimalSum, Json, Timestamp};
use smallvec::SmallVec;

use crate::bounds::Bounds;
use crate::bundle::EventName;
use crate::core::{Scope, Term, TermId};
use crate::doubt::{Doubt, Truth};
use crate::eval;
use crate::moment::{Args, History, Moment};
use crate::past::{
    self, Counted, NewCall, Past, Place, Room, Settled, Weight, key_of, summand, weight,
};
use crate::policy::Policy;
use crate::session::Status;
use crate::shell::Memo;
use crate::value::Interval;
use crate::{EventId, PrincipalId, SessionId, ToolName};

/// Every logical call, in the order of its latest submission.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scan {
    calls: Vec<Record>,
    /// Counts permits and outcomes, so that their order is known.
    clock: u64,
}

/// One logical call.
#[derive(Clone, Debug)]
struct Record {
    id: EventId,
    session: SessionId,
    principal: Option<PrincipalId>,
    tool: ToolName,
    args: Json,
    hidden: Option<Vec<String>>,
    status: Status,
    at: Timestamp,
    submitted: u64,
    permitted: Option<u64>,
    settled: Option<u64>,
}

/// Calls added up one by one.
#[derive(Clone, Debug)]
struct Tally {
    /// Those that count for certain.
    low: DecimalSum,
    /// Those that may count.
    high: DecimalSum,
    doubt: Doubt,
    /// Why the sum is not known, if it is not.
    missing: Doubt,
}

impl Past for Scan {
    fn within(_: &Bounds) -> Self {
        Self::default()
    }

    fn candidates<'p>(
        policy: &'p Policy,
        event: EventName,
        tool: Option<&ToolName>,
    ) -> Cow<'p, [usize]> {
        let rules = policy.rules.iter().enumerate().filter(|(_, rule)| rule.looks_at(event, tool));
        Cow::Owned(rules.map(|(index, _)| index).collect())
    }

    fn advance(&mut self, _: Timestamp) {}

    fn submit(&mut self, call: &NewCall<'_>, _: &[Counted<'_>], _: &Policy) -> Place {
        self.clock += 1;
        if let Some(repeated) = call.replaces {
            self.calls.retain(|known| known.submitted != repeated.number);
        }
        self.calls.push(Record {
            id: call.id.clone(),
            session: call.session.clone(),
            principal: call.principal.cloned(),
            tool: call.tool.clone(),
            args: call.sent.value_or_null().clone(),
            hidden: call.hidden.map(<[String]>::to_vec),
            status: if call.permitted { Status::InFlight } else { Status::Denied },
            at: call.at,
            submitted: self.clock,
            permitted: call.permitted.then_some(self.clock),
            settled: None,
        });
        Place { number: self.clock, groups: SmallVec::new() }
    }

    fn miss(&mut self, _: &NewCall<'_>, _: &[Counted<'_>], _: &Policy) -> bool {
        false
    }

    fn forget(&mut self, _: &SessionId) {}

    fn close(&mut self, _: &Place) {}

    fn room(&self) -> Room {
        Room::default()
    }

    fn needed(&self, _: &NewCall<'_>, _: &[Counted<'_>], _: &Policy) -> Option<Room> {
        Some(Room::default())
    }

    fn settle(&mut self, call: &Settled<'_>, status: Status, _: &Policy) {
        self.clock += 1;
        let clock = self.clock;
        let same = |known: &&mut Record| known.submitted == call.place.number;
        if let Some(record) = self.calls.iter_mut().find(same) {
            record.status = status;
            record.settled = Some(clock);
        }
    }
}

impl Scan {
    /// The calls that a term looks at, with their weight.
    fn counted<'a>(
        &'a self,
        term: &'a Term,
        moment: &Moment<'a, Self>,
    ) -> Result<Vec<(&'a Record, Weight)>, Doubt> {
        let key = term.by.as_ref().map(|by| key_of(by, moment)).transpose()?;
        if term.scope == Scope::Principal && moment.principal.is_none() {
            return Err(Doubt::ABSENT);
        }
        let in_scope = |record: &Record| match term.scope {
            Scope::Session => record.session == *moment.session_id,
            Scope::Principal => record.principal.as_ref() == moment.principal,
            Scope::Agent => true,
        };
        let since = term.since.as_ref().map(|tools| {
            let permits =
                self.calls.iter().filter(|call| in_scope(call) && tools.contains(&call.tool));
            permits.filter_map(|call| call.permitted).max().unwrap_or(0)
        });
        let mut counted = Vec::new();
        for record in
            self.calls.iter().filter(|record| in_scope(record) && term.tools.contains(&record.tool))
        {
            let recent = term.within.is_none_or(|within| {
                moment.now.checked_sub(within).map_or(true, |start| record.at > start)
            });
            let fresh = since.is_none_or(|since| record.submitted > since);
            if record.is(moment) || !recent || !fresh || !self.follows(record, term) {
                continue;
            }
            let Some(weight) = weight(term.counting, record.status) else { continue };
            let commands = Memo::default();
            let earlier = moment.among(record.arguments(), &commands);
            if let (Some(by), Some(key)) = (&term.by, &key)
                && key_of(by, &earlier).ok().as_ref() != Some(key)
            {
                continue;
            }
            match term.filter.as_ref().map_or(Truth::True, |filter| eval::truth(filter, &earlier).0)
            {
                Truth::True => counted.push((record, weight)),
                Truth::False => {}
                Truth::Unknown(_) => counted.push((record, Some(Doubt::LOST))),
            }
        }
        Ok(counted)
    }

    /// Whether a success of one of the `after` tools came before the submission, in the same session.
    fn follows(&self, record: &Record, term: &Term) -> bool {
        let Some(after) = &term.after else { return true };
        let earlier = self.calls.iter().filter(|call| {
            call.session == record.session
                && call.status == Status::Succeeded
                && after.contains(&call.tool)
        });
        let mut settled = earlier.filter_map(|call| call.settled);
        settled.any(|settled| settled < record.submitted)
    }
}

impl History for Scan {
    fn tally(
        &self,
        term: TermId,
        summed: bool,
        moment: &Moment<'_, Self>,
    ) -> Result<Interval, Doubt> {
        let term = moment.policy.terms.get(term).ok_or(Doubt::ABSENT)?;
        let mut tally = Tally::NOTHING;
        for (record, weight) in self.counted(term, moment)? {
            let value = match (&term.sum, summed) {
                (Some(sum), true) => {
                    summand(sum, &moment.among(record.arguments(), &Memo::default()))
                }
                _ => Ok(Decimal::from(1_u32)),
            };
            tally.add(value, weight);
        }
        tally.interval()
    }

    fn last<'a>(&'a self, term: TermId, moment: &Moment<'a, Self>) -> Result<Args<'a>, Doubt> {
        let term = moment.policy.terms.get(term).ok_or(Doubt::ABSENT)?;
        let latest =
            self.counted(term, moment)?.into_iter().max_by_key(|(record, _)| record.submitted);
        past::latest(latest.map(|(record, weight)| (record.arguments(), weight)))
    }

    fn witness(&self, term: TermId, moment: &Moment<'_, Self>) -> Vec<EventId> {
        let counted =
            moment.policy.terms.get(term).and_then(|term| self.counted(term, moment).ok());
        let counted = counted.unwrap_or_default().into_iter();
        counted.take(past::MOST_WITNESSES).map(|(record, _)| record.id.clone()).collect()
    }
}

impl Tally {
    const NOTHING: Self = Self {
        low: DecimalSum::ZERO,
        high: DecimalSum::ZERO,
        doubt: Doubt::NONE,
        missing: Doubt::NONE,
    };

    /// Adds one call; an amount that is not there makes the sum absent.
    fn add(&mut self, value: Result<Decimal, Doubt>, weight: Weight) {
        match value {
            Ok(value) => {
                self.high.add(value);
                if weight.is_none() {
                    self.low.add(value);
                }
            }
            Err(doubt) => self.missing = self.missing | doubt,
        }
        self.doubt = self.doubt | weight.unwrap_or(Doubt::NONE);
    }

    fn interval(self) -> Result<Interval, Doubt> {
        if self.missing != Doubt::NONE {
            return Err(self.missing);
        }
        let rounded = |sum: DecimalSum| sum.rounded().ok_or(Doubt::ABSENT);
        Ok(Interval { low: rounded(self.low)?, high: rounded(self.high)?, doubt: self.doubt })
    }
}

impl Record {
    /// Whether this is the call that the moment is about.
    fn is(&self, moment: &Moment<'_, Scan>) -> bool {
        moment.present.is_some_and(|call| call.place.number == self.submitted)
    }

    fn arguments(&self) -> Args<'_> {
        Args { json: &self.args, hidden: self.hidden.as_deref() }
    }
}
