//! Drafts the test that is missing: events on which a mutant and the original
//! differ, found by search and decided by both before they are shown.

mod candidates;
mod scene;
mod surface;

use std::sync::Arc;

use bounden_base::Timestamp;

use super::Mutant;
use super::suite::{Answer, Test};
use crate::decision::{Decision, Verdict};
use crate::engine::{Engine, Reference, Ruling};
use crate::event::{Event, EventBody};
use crate::policy::Policy;
use crate::problem::Place;
use crate::{EventId, SessionId};

use scene::{Reply, Stage, Turn};

/// Events whose last one a mutant answers differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// As `bounden decide` reads them, as few as were found to be enough.
    pub events: Vec<Event>,
    /// How the original answers each of them: what the test has to expect.
    pub expected: Vec<Decision>,
    /// How the mutant answers the last one.
    pub mutant: Decision,
}

/// Most sequences that are tried for one mutant.
const MOST_TRIALS: usize = 4_000;
/// Most of them once a difference was found, in search of a plainer one.
const MOST_BETTER: usize = 400;
/// When drafts take place: far from both ends of the calendar.
const START: i64 = 1_767_225_600;

/// The shortest sequence that the search finds; `None` where it finds none,
/// which says nothing about the mutant.
#[must_use]
pub fn draft(original: &Arc<Policy>, mutant: &Mutant, policy: &Arc<Policy>) -> Option<Draft> {
    let mut hunt =
        Hunt { original, mutant: policy, name: &mutant.id, left: MOST_TRIALS, second_best: None };
    let best = match (&mutant.place, mutant.rule()) {
        (_, Some(rule)) => candidates::hunt(&mut hunt, rule),
        (Place::Tool(tool), None) => surface::amount(&mut hunt, tool),
        (Place::Fact(fact), None) => surface::fact(&mut hunt, fact),
        _ => surface::limit(&mut hunt, policy.bundle().limits),
    };
    let best = best.or_else(|| hunt.second_best.take())?;
    hunt.shown(&best)
}

impl Draft {
    /// The draft as a test of its own.
    #[must_use]
    pub fn test(&self, name: String) -> Test {
        Test { name, events: self.events.clone(), is_guarded: true }
    }
}

/// The search for one draft.
struct Hunt<'p> {
    original: &'p Arc<Policy>,
    mutant: &'p Arc<Policy>,
    /// Of the session that is made up.
    name: &'p str,
    /// Sequences that may still be tried.
    left: usize,
    /// Turns on which the policies differ, but not as plainly as a reader would like.
    second_best: Option<Vec<Turn>>,
}

/// How plainly two policies differ, and after how many events.
#[derive(Clone, Copy, Debug)]
struct Difference {
    length: usize,
    is_plain: bool,
}

impl Hunt<'_> {
    /// Allows so many further trials.
    fn allow(&mut self, trials: usize) {
        self.left = if self.second_best.is_some() { trials.min(MOST_BETTER) } else { trials };
    }

    /// Tries turns on both policies; `None` where they do not plainly differ.
    fn attempt(&mut self, turns: &[Turn]) -> Option<Vec<Turn>> {
        self.left = self.left.checked_sub(1)?;
        let difference = self.difference(turns)?;
        let shrunk = self.shrunk(turns.to_vec(), difference);
        if difference.is_plain {
            return Some(shrunk);
        }
        if self.second_best.is_none() {
            self.second_best = Some(shrunk);
            self.left = self.left.min(MOST_BETTER);
        }
        None
    }

    /// Where the answers first differ.
    fn difference(&self, turns: &[Turn]) -> Option<Difference> {
        let mut original = Engine::new(Arc::clone(self.original));
        let mut mutant = Engine::new(Arc::clone(self.mutant));
        self.events(turns).iter().zip(1..).find_map(|(event, length)| {
            let (own, other) = (original.decide(event), mutant.decide(event));
            let differs = Answer::of(&own) != Answer::of(&other);
            let is_plain = is_plain(&own.decision, &other.decision);
            differs.then_some(Difference { length, is_plain })
        })
    }

    /// The turns without those that the difference does not need.
    fn shrunk(&self, mut turns: Vec<Turn>, difference: Difference) -> Vec<Turn> {
        let still_differs = |turns: &[Turn]| {
            let fewer = self.difference(turns);
            fewer.is_some_and(|fewer| fewer.is_plain || !difference.is_plain)
        };
        let mut index = 0;
        while index < turns.len() {
            let mut fewer = turns.clone();
            let turn = fewer.remove(index);
            if still_differs(&fewer) {
                turns = fewer;
                continue;
            }
            fewer.insert(index, Turn { reply: None, ..turn });
            if still_differs(&fewer) {
                turns = fewer;
            }
            index += 1;
        }
        turns
    }

    /// What is shown was decided by the reference interpreter as well.
    fn shown(&self, turns: &[Turn]) -> Option<Draft> {
        let length = self.difference(turns)?.length;
        let mut events = self.events(turns);
        events.truncate(length);
        let mut reference = Reference::new(Arc::clone(self.original));
        let rulings: Vec<Ruling> = events.iter().map(|event| reference.decide(event)).collect();
        let mut mutant = Reference::new(Arc::clone(self.mutant));
        let last = events.iter().map(|event| mutant.decide(event)).last()?;
        let differs = Answer::of(rulings.last()?) != Answer::of(&last);
        let expected = rulings.into_iter().map(|ruling| ruling.decision).collect();
        differs.then_some(Draft { events, expected, mutant: last.decision })
    }

    /// The turns as events; a session begins where it is first needed, at an
    /// enforcement point, so that `bounden test` reads its calls as requests.
    fn events(&self, turns: &[Turn]) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        let mut latest = EventId::from("");
        for (index, turn) in turns.iter().enumerate() {
            let session = SessionId::from(format!("{}{}", self.name, turn.stage.suffix()));
            let at = Timestamp::from_second(START).unwrap_or(Timestamp::UNIX_EPOCH);
            let at = at.checked_add(turn.at).unwrap_or(Timestamp::MAX);
            let event = |id: EventId, body| Event {
                id,
                session: session.clone(),
                principal: Some(turn.stage.principal().into()),
                at: Some(at),
                body,
            };
            if events.iter().all(|event| event.session != session) {
                let tags = [("point".to_owned(), "test".to_owned())].into();
                events.push(event("start".into(), EventBody::Start { tags }));
            }
            let id = EventId::from(format!("e{}", index + 1));
            let mut body = turn.body.clone();
            match &mut body {
                // Both mean the call that was first submitted.
                EventBody::Approve { call, .. } | EventBody::Call { retry_of: Some(call), .. } => {
                    call.clone_from(&latest)
                }
                EventBody::Call { .. } => latest.clone_from(&id),
                _ => {}
            }
            events.push(event(id.clone(), body));
            if let Some(Reply { ok, result }) = &turn.reply {
                let answer = EventBody::Result {
                    call: id.clone(),
                    ok: *ok,
                    result: result.clone(),
                    labels: Vec::new(),
                };
                events.push(event(format!("{id}-result").into(), answer));
            }
        }
        events
    }
}

/// Whether two answers differ in what happens, and both are sure of it.
fn is_plain(own: &Decision, other: &Decision) -> bool {
    let is_sure = |decision: &Decision| {
        decision.verdict != Verdict::Defer && decision.rules.iter().all(|rule| rule.doubt.is_none())
    };
    own.verdict != other.verdict && is_sure(own) && is_sure(other)
}

impl Stage {
    fn suffix(self) -> &'static str {
        match self {
            Self::Here => "",
            Self::Elsewhere => " (another session)",
            Self::Stranger => " (somebody else's session)",
        }
    }

    fn principal(self) -> &'static str {
        if self == Self::Stranger { "somebody-else" } else { "somebody" }
    }
}
