//! One call that shows what has become possible, as small as it gets.

use std::collections::BTreeMap;

use bounden_base::{Json, SignedDuration, Timestamp};

use super::number::{Rational, decimal};
use super::space::Variable;
use super::trial::{Trial, Verdicts, call, events};
use crate::bundle::EventName;
use crate::decision::Verdict;
use crate::event::{Event, EventBody};
use crate::{RuleId, ToolName};

/// Events whose last one is a call, or a request, that one policy lets through,
/// or treats more mildly, and the other does not. Both engines decided it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// What has to come before, and the call or request.
    pub events: Vec<Event>,
    /// What the policy decides that runs.
    pub before: Verdict,
    /// What the policy decides that is to run.
    pub after: Verdict,
    /// The rules that stand against it in the policy that runs.
    pub rules: Vec<RuleId>,
    /// What is possible in words, such as `can now refund 500.01 to 1,000 without approval`.
    pub sentence: String,
}

/// What a call is made in.
#[derive(Clone, Debug, Default)]
pub(super) struct Setting {
    pub(super) earlier: Vec<EventBody>,
    pub(super) principal: Option<String>,
    pub(super) session: Option<String>,
    pub(super) at: Option<Timestamp>,
}

/// A call that was confirmed.
#[derive(Clone, Debug)]
pub(super) struct Confirmed {
    pub(super) setting: Setting,
    pub(super) args: Json,
    pub(super) verdicts: Verdicts,
    /// The numbers that it was made with.
    pub(super) numbers: BTreeMap<Variable, Rational>,
}

/// Most simpler calls that are tried.
const MOST_SIMPLER: usize = 400;

impl Setting {
    pub(super) fn events(&self, tool: &ToolName, args: &Json) -> Vec<Event> {
        self.followed_by(call(tool, args.clone()))
    }

    pub(super) fn followed_by(&self, last: EventBody) -> Vec<Event> {
        events(self.earlier.iter().cloned().chain([last]), self)
    }
}

impl Confirmed {
    /// Has the engines decide the call, and keeps it where it shows a widening.
    pub(super) fn of(
        trial: Trial<'_>,
        setting: &Setting,
        tool: &ToolName,
        args: Json,
    ) -> Option<Self> {
        let verdicts = trial.run(&setting.events(tool, &args))?;
        trial.is_wider(&verdicts).then(|| Self {
            setting: setting.clone(),
            args,
            verdicts,
            numbers: BTreeMap::new(),
        })
    }

    /// Leaves out members and items, and writes plainer texts, as long as the
    /// same is decided.
    pub(super) fn simplified(mut self, trial: Trial<'_>, tool: &ToolName) -> Self {
        let mut left = MOST_SIMPLER;
        loop {
            let simpler = simpler(&self.args).into_iter().take(left).find_map(|args| {
                left -= 1;
                self.same_with(trial, tool, args)
            });
            match simpler {
                Some(confirmed) => self = confirmed,
                None => return self,
            }
        }
    }

    /// The same with other arguments, if the same is decided about them.
    pub(super) fn same_with(&self, trial: Trial<'_>, tool: &ToolName, args: Json) -> Option<Self> {
        let other = Self::of(trial, &self.setting, tool, args)?;
        let numbers = self.numbers.clone();
        self.is_same(&other.verdicts).then_some(Self { numbers, ..other })
    }

    pub(super) fn is_same(&self, verdicts: &Verdicts) -> bool {
        let pair = |of: &Verdicts| (of.before.verdict, of.after.verdict);
        pair(verdicts) == pair(&self.verdicts)
    }
}

/// Values that differ from this one by being a little simpler.
fn simpler(value: &Json) -> Vec<Json> {
    match value {
        Json::Object(members) => {
            let without = members.keys().map(|name| {
                let mut members = members.clone();
                members.remove(name);
                Json::Object(members)
            });
            let inside = members.iter().flat_map(|(name, member)| {
                simpler(member).into_iter().map(|simpler| {
                    let mut members = members.clone();
                    members.insert(name.clone(), simpler);
                    Json::Object(members)
                })
            });
            without.chain(inside).collect()
        }
        Json::Array(items) if items.len() <= 64 => {
            let without = (0..items.len()).map(|index| {
                let mut items = items.clone();
                items.remove(index);
                Json::Array(items)
            });
            let inside = items.iter().enumerate().flat_map(|(index, item)| {
                simpler(item).into_iter().map(move |simpler| {
                    let items = items.iter().enumerate();
                    let changed =
                        items.map(
                            |(place, item)| {
                                if place == index { simpler.clone() } else { item.clone() }
                            },
                        );
                    changed.collect()
                })
            });
            without.chain(inside).collect()
        }
        Json::String(text) if text != "a" && text.len() > 1 => vec![Json::from("a")],
        _ => Vec::new(),
    }
}

/// A time as predicates count it, as a time of an event.
pub(super) fn time(seconds: &Rational) -> Option<Timestamp> {
    let micros = decimal(&(seconds * super::number::whole(1_000_000)))?.to_i64()?;
    Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_micros(micros)).ok()
}

impl Witness {
    pub(super) fn new(confirmed: &Confirmed, tool: &ToolName, sentence: String) -> Self {
        let events = confirmed.setting.events(tool, &confirmed.args);
        Self::of(events, &confirmed.verdicts, sentence)
    }

    /// Events and what both policies decided about the last of them.
    pub(super) fn of(events: Vec<Event>, verdicts: &Verdicts, sentence: String) -> Self {
        let against = verdicts.before.rules.iter().filter(|fired| !fired.shadow && !fired.granted);
        Self {
            events,
            before: verdicts.before.verdict,
            after: verdicts.after.verdict,
            rules: against.map(|fired| fired.id.clone()).collect(),
            sentence,
        }
    }

    /// The arguments of the call, or the text of the request.
    #[must_use]
    pub fn content(&self) -> Json {
        match self.events.last().map(|event| &event.body) {
            Some(EventBody::Call { args, .. }) => args.value_or_null().clone(),
            Some(EventBody::Request { text }) => Json::from(text.as_str()),
            _ => Json::Null,
        }
    }

    /// The call or request in short, with what has to come before it.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut members = Vec::new();
        if let Some((last, earlier)) = self.events.split_last() {
            match &last.body {
                EventBody::Call { tool, .. } => {
                    members.push(("event", Json::from(EventName::Call.name())));
                    members.push(("tool", Json::from(tool.as_str())));
                    members.push(("args", self.content()));
                }
                _ => {
                    members.push(("event", Json::from(EventName::Request.name())));
                    members.push(("text", self.content()));
                }
            }
            if !earlier.is_empty() {
                members.push(("earlier", earlier.iter().map(Event::to_json).collect()));
            }
            if let Some(principal) = &last.principal {
                members.push(("principal", Json::from(principal.as_str())));
            }
            if let Some(at) = last.at {
                members.push(("at", Json::from(at.to_string())));
            }
        }
        members.push(("before", Json::from(self.before.name())));
        members.push(("after", Json::from(self.after.name())));
        Json::object(members)
    }
}

/// The success of a call that is the event of this number in a made-up past.
pub(super) fn succeeded_call(index: usize) -> EventBody {
    EventBody::Result {
        call: format!("canary-{index}").into(),
        ok: true,
        result: Json::Null,
        labels: Vec::new(),
    }
}
