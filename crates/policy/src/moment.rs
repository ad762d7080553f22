//! What an expression is evaluated in: one event, its session, and the past.

use std::collections::BTreeMap;

use bounden_base::{Decimal, Json, Timestamp};

use crate::bundle::FreezeWindow;
use crate::core::{Path, Root, SessionField, Speaker, Step, TermId};
use crate::doubt::Doubt;
use crate::index::{GroupName, Owner};
use crate::lease::Leases;
use crate::past::{Key, key_of};
use crate::policy::Policy;
use crate::session::{FactName, LogicalCall, Session};
use crate::shell::Memo;
use crate::typing::seconds;
use crate::value::{Interval, Value};
use crate::{EventId, PrincipalId, SessionId, ToolName};

/// The arguments of a call. The amount is hidden where its currency is not the
/// one that rules reckon in: such an amount is absent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Args<'a> {
    pub(crate) json: &'a Json,
    pub(crate) hidden: Option<&'a [String]>,
}

/// The past calls of an agent.
pub(crate) trait History: Sized {
    /// How many calls a term counts, or what they sum up to.
    fn tally(
        &self,
        term: TermId,
        summed: bool,
        moment: &Moment<'_, Self>,
    ) -> Result<Interval, Doubt>;

    /// What the calls of one group come to, at once; `None` where that takes
    /// a look at each of them.
    fn total(
        &self,
        _: &GroupName<'_>,
        _summed: bool,
        _except: Option<u64>,
    ) -> Option<Result<Interval, Doubt>> {
        None
    }

    /// The arguments of the latest call that a term counts.
    fn last<'a>(&'a self, term: TermId, moment: &Moment<'a, Self>) -> Result<Args<'a>, Doubt>;

    /// Some of the calls that a term counts, oldest first.
    fn witness(&self, term: TermId, moment: &Moment<'_, Self>) -> Vec<EventId>;
}

/// The data of one evaluation.
#[derive(Debug)]
pub(crate) struct Moment<'a, H> {
    pub(crate) agent: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) session_id: &'a SessionId,
    pub(crate) session: &'a Session,
    /// The logical call that this is about, where it was submitted before: it is never counted.
    pub(crate) present: Option<&'a LogicalCall>,
    pub(crate) principal: Option<&'a PrincipalId>,
    pub(crate) tool: Option<&'a ToolName>,
    pub(crate) args: Option<Args<'a>>,
    /// The present call's arguments, inside a filter over earlier calls.
    pub(crate) this: Option<Args<'a>>,
    pub(crate) result: Option<&'a Json>,
    pub(crate) text: Option<&'a str>,
    /// What the request, or at its end the conversation, is about.
    pub(crate) topic: Option<&'a str>,
    pub(crate) record: Option<&'a Json>,
    pub(crate) approved: bool,
    pub(crate) windows: Windows<'a>,
    pub(crate) leases: &'a Leases,
    pub(crate) policy: &'a Policy,
    pub(crate) history: &'a H,
    /// Command lines that were read for this event.
    pub(crate) commands: &'a Memo,
}

/// Which named periods are open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows<'a> {
    pub(crate) declared: &'a BTreeMap<String, FreezeWindow>,
    /// Said by an event; this outweighs the calendar.
    pub(crate) said: &'a BTreeMap<String, bool>,
}

impl<H> Clone for Moment<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for Moment<'_, H> {}

impl<'a> Args<'a> {
    fn read(self, steps: &[Step]) -> Result<Value<'a>, Doubt> {
        if self.hides(steps) { Err(Doubt::ABSENT) } else { follow(self.json, steps) }
    }

    /// Whether these steps lead to an amount in a foreign currency.
    pub(crate) fn hides(self, steps: &[Step]) -> bool {
        self.hidden.is_some_and(|hidden| same_members(hidden, steps))
    }
}

impl Windows<'_> {
    pub(crate) fn is_open(self, name: &str, now: Timestamp) -> bool {
        let by_calendar =
            self.declared.get(name).is_some_and(|window| window.from <= now && now < window.to);
        self.said.get(name).copied().unwrap_or(by_calendar)
    }
}

impl<'a, H: History> Moment<'a, H> {
    /// The same moment, looking at the arguments of an earlier call. What is read
    /// of its command lines is kept apart, since there may be many earlier calls.
    pub(crate) fn among(&self, earlier: Args<'a>, commands: &'a Memo) -> Self {
        Self { args: Some(earlier), this: self.args, commands, ..*self }
    }

    /// Reads a path; `variables` are the items of list macros, innermost last.
    pub(crate) fn read(&self, path: &'a Path, variables: &[&'a Json]) -> Result<Value<'a>, Doubt> {
        let steps = path.steps.as_slice();
        let text = |text: &'a str| Ok(Value::Text(text.into()));
        match &path.root {
            Root::Args => self.args.ok_or(Doubt::ABSENT)?.read(steps),
            Root::ThisArgs => self.this.ok_or(Doubt::ABSENT)?.read(steps),
            Root::Result => follow(self.result.ok_or(Doubt::ABSENT)?, steps),
            Root::Record => follow(self.record.ok_or(Doubt::ABSENT)?, steps),
            Root::Text => text(self.text.ok_or(Doubt::ABSENT)?),
            Root::Topic => text(self.topic.ok_or(Doubt::ABSENT)?),
            Root::Transcript(Speaker::User) => text(self.session.requests.whole()?),
            Root::Transcript(Speaker::Agent) => text(self.session.outputs.whole()?),
            Root::Fact(name) => follow(self.fact(name)?, steps),
            Root::Tag(name) => text(self.session.tagged(name)?),
            Root::Session(field) => Ok(Value::Number(Interval::exact(self.session_field(*field)))),
            Root::Tool => text(self.tool.ok_or(Doubt::ABSENT)?.as_str()),
            Root::Server => text(self.tool.ok_or(Doubt::ABSENT)?.server()),
            Root::Principal => text(self.principal.ok_or(Doubt::ABSENT)?.as_str()),
            Root::SessionId => text(self.session_id.as_str()),
            Root::Agent => text(self.agent),
            Root::Now => Ok(Value::Number(Interval::exact(seconds(self.now)))),
            Root::Variable(depth) => {
                follow(variables.iter().rev().nth(*depth).ok_or(Doubt::ABSENT)?, steps)
            }
            Root::Last(term) => self.history.last(*term, self)?.read(steps),
        }
    }

    /// How many calls a term counts, or what they sum up to, as far as this guard knows.
    pub(crate) fn tally(&self, term: TermId, summed: bool) -> Result<Interval, Doubt> {
        let local = self.history.tally(term, summed, self)?;
        let Some(sharing) = self.policy.sharing.get(&term) else { return Ok(local) };
        let by = self.policy.terms.get(term).ok_or(Doubt::ABSENT)?;
        let key = by.by.as_ref().map(|by| key_of(by, self)).transpose()?;
        let owner = Owner::of(by, self.session_id, self.principal).ok_or(Doubt::ABSENT)?;
        self.leases.seen(sharing, &GroupName { term, owner, key }, local, self.now)
    }

    /// What the calls of one group come to, at once, as far as this guard knows.
    pub(crate) fn total(&self, name: &GroupName<'_>, summed: bool) -> Option<Interval> {
        let local = self.history.total(name, summed, None)?.ok()?;
        match self.policy.sharing.get(&name.term) {
            Some(sharing) => self.leases.seen(sharing, name, local, self.now).ok(),
            None => Some(local),
        }
    }

    fn session_field(&self, field: SessionField) -> Decimal {
        let count = |count: u64| Decimal::from(i64::try_from(count).unwrap_or(i64::MAX));
        match field {
            SessionField::Calls => count(self.session.permitted),
            SessionField::Steps => count(self.session.steps),
            SessionField::Cost => self.session.cost,
            SessionField::Seconds => {
                let started = seconds(self.session.started.unwrap_or(self.now));
                seconds(self.now).checked_sub(started).unwrap_or(Decimal::ZERO)
            }
        }
    }

    /// The latest answer that a fact names: pending while a newer one is under way.
    fn fact(&self, name: &'a str) -> Result<&'a Json, Doubt> {
        let fact = self.policy.bundle().facts.get(name).ok_or(Doubt::ABSENT)?;
        let key = match (&fact.key, self.args) {
            (Some(key), Some(args)) => Some(Key::of(args.json.get(key)).ok_or(Doubt::ABSENT)?),
            _ => None,
        };
        let fact = FactName { name: name.into(), key };
        let is_present = self.present.is_some_and(|call| call.brings(&fact));
        match self.session.facts.answer(&fact, is_present) {
            Err(Doubt::ABSENT) if self.session.has_missed => Err(Doubt::LIMIT),
            answer => answer,
        }
    }
}

/// Reads a part of a value.
pub(crate) fn follow<'a>(json: &'a Json, steps: &[Step]) -> Result<Value<'a>, Doubt> {
    let found = steps.iter().try_fold(json, |value, step| match (value, step) {
        (Json::Object(members), Step::Member(name)) => members.get(name).ok_or(Doubt::ABSENT),
        (Json::Array(items), Step::Item(index)) => items.get(*index).ok_or(Doubt::ABSENT),
        (Json::Null, _) => Err(Doubt::ABSENT),
        _ => Err(Doubt::MALFORMED),
    });
    Value::of(found?)
}

/// Whether steps lead through these members.
pub(crate) fn same_members(members: &[String], steps: &[Step]) -> bool {
    members.len() == steps.len()
        && members
            .iter()
            .zip(steps)
            .all(|(name, step)| matches!(step, Step::Member(own) if own == name))
}
