//! The reference history: every call is kept, and every question looks at all
//! of them. Slow and obvious; the oracle for faster ones.

use bounden_base::{Decimal, Json, Timestamp};

use crate::core::{Counting, Scope, Term, TermId};
use crate::doubt::{Doubt, Truth};
use crate::eval;
use crate::moment::{Args, History, Moment};
use crate::session::Status;
use crate::value::{Interval, Value};
use crate::{EventId, PrincipalId, SessionId, ToolName};

/// Every logical call, in the order of its first submission.
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
    permitted: Option<u64>,
    settled: Option<u64>,
}

/// A logical call as the engine hands it to a history.
#[derive(Clone, Debug)]
pub(crate) struct NewCall<'c> {
    pub(crate) id: &'c EventId,
    pub(crate) session: &'c SessionId,
    pub(crate) principal: Option<&'c PrincipalId>,
    pub(crate) tool: &'c ToolName,
    pub(crate) args: Args<'c>,
    pub(crate) at: Timestamp,
    pub(crate) permitted: bool,
}

/// How a counted call bears on a number.
enum Weight {
    Certain,
    Possible(Doubt),
}

impl Scan {
    /// Records a submission; a retry takes the place of the call that it repeats.
    pub(crate) fn submit(&mut self, call: &NewCall<'_>) {
        self.clock += 1;
        let record = Record {
            id: call.id.clone(),
            session: call.session.clone(),
            principal: call.principal.cloned(),
            tool: call.tool.clone(),
            args: call.args.json.clone(),
            hidden: call.args.hidden.map(<[String]>::to_vec),
            status: if call.permitted { Status::InFlight } else { Status::Denied },
            at: call.at,
            permitted: call.permitted.then_some(self.clock),
            settled: None,
        };
        let same = |known: &&mut Record| known.session == record.session && known.id == record.id;
        match self.calls.iter_mut().find(same) {
            Some(known) => *known = record,
            None => self.calls.push(record),
        }
    }

    /// Records the outcome of a permitted call.
    pub(crate) fn settle(&mut self, session: &SessionId, id: &EventId, status: Status) {
        self.clock += 1;
        let clock = self.clock;
        let same = |known: &&mut Record| known.session == *session && known.id == *id;
        if let Some(record) = self.calls.iter_mut().find(same) {
            record.status = status;
            record.settled = Some(clock);
        }
    }

    /// The calls that a term looks at, with their weight.
    fn counted<'a>(
        &'a self,
        term: &'a Term,
        moment: &Moment<'a, Self>,
    ) -> Result<Vec<(&'a Record, Weight)>, Doubt> {
        let key = term.by.as_ref().map(|by| key_of(by, moment)).transpose()?;
        let in_scope = |record: &Record| match term.scope {
            Scope::Session => record.session == *moment.session_id,
            Scope::Principal => {
                record.principal.as_ref() == moment.principal && record.principal.is_some()
            }
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
                moment.now.checked_sub(within).is_ok_and(|start| record.at > start)
            });
            let fresh = since
                .is_none_or(|since| record.permitted.is_some_and(|permitted| permitted > since));
            if !recent || !fresh || !self.follows(record, term) {
                continue;
            }
            let Some(weight) = weight(term.counting, record.status) else { continue };
            let earlier = moment.among(record.arguments());
            if let (Some(by), Some(key)) = (&term.by, &key)
                && key_of(by, &earlier).ok().as_ref() != Some(key)
            {
                continue;
            }
            let passes =
                term.filter.as_ref().map_or(Truth::True, |filter| eval::truth(filter, &earlier).0);
            match passes {
                Truth::True => counted.push((record, weight)),
                Truth::False => {}
                Truth::Unknown(_) => counted.push((record, Weight::Possible(Doubt::LOST))),
            }
        }
        Ok(counted)
    }

    /// Whether a success of one of the `after` tools came before the permit, in the same session.
    fn follows(&self, record: &Record, term: &Term) -> bool {
        let Some(after) = &term.after else { return true };
        let earlier = self.calls.iter().filter(|call| {
            call.session == record.session
                && call.status == Status::Succeeded
                && after.contains(&call.tool)
        });
        let mut settled = earlier.filter_map(|call| call.settled);
        record.permitted.is_some_and(|permitted| settled.any(|settled| settled < permitted))
    }
}

impl History for Scan {
    fn tally(
        &self,
        term: TermId,
        summed: bool,
        moment: &Moment<'_, Self>,
    ) -> Result<Interval, Doubt> {
        let term = moment.terms.get(term).ok_or(Doubt::ABSENT)?;
        let mut interval = Interval::exact(Decimal::ZERO);
        for (record, weight) in self.counted(term, moment)? {
            let value = match (&term.sum, summed) {
                (Some(sum), true) => summand(sum, &moment.among(record.arguments()))?,
                _ => Decimal::from(1_u32),
            };
            interval.high = interval.high.checked_add(value).ok_or(Doubt::ABSENT)?;
            match weight {
                Weight::Certain => {
                    interval.low = interval.low.checked_add(value).ok_or(Doubt::ABSENT)?
                }
                Weight::Possible(doubt) => interval.doubt = interval.doubt | doubt,
            }
        }
        Ok(interval)
    }

    fn last<'a>(&'a self, term: TermId, moment: &Moment<'a, Self>) -> Result<Args<'a>, Doubt> {
        let term = moment.terms.get(term).ok_or(Doubt::ABSENT)?;
        let counted = self.counted(term, moment)?;
        match counted.into_iter().max_by_key(|(record, _)| record.permitted) {
            Some((record, Weight::Certain)) => Ok(record.arguments()),
            Some((_, Weight::Possible(doubt))) if doubt == Doubt::RISING => Err(Doubt::PENDING),
            Some((_, Weight::Possible(doubt))) => Err(doubt),
            None => Err(Doubt::ABSENT),
        }
    }

    fn witness(&self, term: TermId, moment: &Moment<'_, Self>) -> Vec<EventId> {
        const MOST: usize = 16;
        let counted = moment
            .terms
            .get(term)
            .and_then(|term| self.counted(term, moment).ok())
            .unwrap_or_default();
        counted.into_iter().take(MOST).map(|(record, _)| record.id.clone()).collect()
    }
}

impl Record {
    fn arguments(&self) -> Args<'_> {
        Args { json: &self.args, hidden: self.hidden.as_deref() }
    }
}

/// How a call with this outcome counts, if at all.
fn weight(counting: Counting, status: Status) -> Option<Weight> {
    match (counting, status) {
        (Counting::Attempted, _) => Some(Weight::Certain),
        (_, Status::Denied) => None,
        (Counting::Permitted, _) | (Counting::Effective, Status::Succeeded) => {
            Some(Weight::Certain)
        }
        (Counting::Effective, Status::Failed) => None,
        (Counting::Effective, Status::InFlight) => Some(Weight::Possible(Doubt::RISING)),
        (Counting::Effective, Status::Lost) => Some(Weight::Possible(Doubt::LOST)),
    }
}

/// The canonical text of the key that calls are grouped by.
fn key_of<'a>(by: &'a crate::core::Core, moment: &Moment<'a, Scan>) -> Result<String, Doubt> {
    match eval::value(by, moment)? {
        Value::Json(_) => Err(Doubt::ABSENT),
        Value::Text(text) => Ok(Json::from(text.as_ref()).canonical()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(number) if number.low == number.high => Ok(number.low.to_string()),
        Value::Number(number) => Err(number.doubt),
    }
}

/// A part of a sum; a negative amount would refill a cap and is malformed.
fn summand<'a>(sum: &'a crate::core::Core, moment: &Moment<'a, Scan>) -> Result<Decimal, Doubt> {
    let value = eval::value(sum, moment)?.number()?;
    if value.low.is_negative() { Err(Doubt::MALFORMED) } else { Ok(value.high) }
}
