//! What passes by besides calls: results, requests, outputs, logs, sessions, windows.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem::{replace, take};

use bounden_base::{Json, Timestamp};

use super::judge::{self, Finding};
use super::scope::Bearing;
use super::{Machine, Mode, Occasion, Ruling, State};
use crate::bundle::EventName;
use crate::decision::{Decision, Reason, Verdict};
use crate::detect;
use crate::event::Event;
use crate::moment::Moment;
use crate::past::{Past, Settled};
use crate::provenance::{Origin, Provenance};
use crate::session::{Session, Standing, Status};
use crate::{Arguments, EventId};

/// The label of results whose tool has none.
const UNTRUSTED: &str = "untrusted";
/// The label of results whose words may be believed.
const TRUSTED: &str = "trusted";

/// A tool's answer.
pub(super) struct Answer<'e> {
    pub(super) call: &'e EventId,
    pub(super) ok: bool,
    pub(super) result: &'e Json,
    /// Labels beyond the tool's own.
    pub(super) labels: &'e [String],
}

impl<H: Past> Machine<H> {
    pub(super) fn result(&mut self, event: &Event, answer: &Answer<'_>, at: Occasion) -> Ruling {
        let session = self.state.sessions.find(&event.session);
        let known = session.and_then(|session| session.calls.find(answer.call));
        let found =
            known.and_then(|(number, call)| Some((number, call, call.awaited_as(answer.call)?)));
        let Some((number, call, awaited)) = found else {
            let detail =
                format!("no permitted call `{}` of this session awaits a result", answer.call);
            return Ruling::malformed(event, detail);
        };
        let findings = self.ask(event, EventName::Result, at.now, |moment| {
            moment.tool = Some(&call.tool);
            let sent = awaited.sent.as_ref().map_or(&Json::Null, Arguments::value_or_null);
            moment.args = Some(self.arguments(&call.tool, sent));
            moment.present = Some(call);
            moment.result = Some(answer.result);
        });
        // The outcome counts even where the agent may not see it.
        self.settle(event, number, answer);
        self.pass(event, findings, answer.result, at.mode)
    }

    fn settle(&mut self, event: &Event, number: u64, answer: &Answer<'_>) {
        let room = self.room_in(event);
        let State { sessions, history, awaited: deadlines, .. } = &mut self.state;
        let Some(mut session) = sessions.find_mut(&event.session) else { return };
        let before = session.bytes();
        let Session { calls, facts, .. } = &mut *session;
        let status = if answer.ok { Status::Succeeded } else { Status::Failed };
        let tool = calls.change(number, |call| {
            let settled = Settled { session: &event.session, tool: &call.tool, place: &call.place };
            history.settle(&settled, status, &self.policy);
            let place = take(&mut call.place);
            if let Standing::Awaited(awaited) = replace(&mut call.standing, Standing::Settled) {
                deadlines.remove(&(awaited.deadline, place.number));
                if !awaited.is_lost {
                    facts.wait_no_more(&awaited.facts);
                }
                if answer.ok {
                    facts.learn(&awaited.facts, answer.result, room);
                }
            }
            call.tool.clone()
        });
        let tool = tool.and_then(|tool| self.policy.bundle().tools.get(&tool));
        let own = tool.and_then(|tool| tool.label.as_deref()).unwrap_or(UNTRUSTED);
        let labels = std::iter::once(own).chain(answer.labels.iter().map(String::as_str));
        let left = room.saturating_sub(session.bytes().saturating_sub(before));
        session.label(labels, left);
        // The intent vouches for a tool; an answer cannot vouch for itself.
        let is_trusted = own == TRUSTED && !answer.labels.iter().any(|label| label == UNTRUSTED);
        let origin = if is_trusted { Origin::Trusted } else { Origin::Untrusted };
        let left = room.saturating_sub(session.bytes().saturating_sub(before));
        let learn = |known: &mut Provenance| known.learn_json(answer.result, origin);
        session.provenance.hear(self.policy.asks_origins, left, learn);
    }

    pub(super) fn text(
        &mut self,
        event: &Event,
        name: EventName,
        text: &str,
        at: Occasion,
    ) -> Ruling {
        // A halted session takes nothing on; what it has to say, it may still say.
        let is_request = name == EventName::Request;
        if is_request && self.session_mut(event).halted {
            let (id, reason) = (event.id.clone(), Reason::SessionHalted);
            let detail = "this session was halted".to_owned();
            return Ruling::of(Decision::refused(id, Verdict::Block, reason, detail));
        }
        let bearing = if is_request { self.bearing(event, text) } else { None };
        let findings = self.ask(event, name, at.now, |moment| {
            moment.text = Some(text);
            moment.topic = bearing.as_ref().map(Bearing::topic);
        });
        let mut ruling = self.pass(event, findings, &Json::from(text), at.mode);
        if let Some(bearing) = bearing {
            ruling = self.keep_in_scope(event, &bearing, ruling, at.mode);
        }
        let masked = ruling.decision.args.as_ref().and_then(Json::as_str);
        let (asks_origins, room) = (self.policy.asks_origins, self.room_in(event));
        let mut session = self.session_mut(event);
        // What was deferred will be submitted again.
        session.steps += u64::from(ruling.decision.verdict != Verdict::Defer);
        let said = match at.mode {
            Mode::Observe | Mode::Replicate => Some(text),
            Mode::Relive => Some(masked.unwrap_or(text)),
            Mode::Enforce => ruling.decision.verdict.permits().then(|| masked.unwrap_or(text)),
        };
        if let Some(said) = said {
            let before = session.bytes();
            session.said(name, said, room);
            let room = room.saturating_sub(session.bytes().saturating_sub(before));
            // What the agent said first does not become the user's by being repeated.
            let origin = if is_request { Origin::User } else { Origin::Unknown };
            session.provenance.hear(asks_origins, room, |known| known.learn_text(said, origin));
        }
        ruling
    }

    pub(super) fn log(&mut self, event: &Event, record: &Json, at: Occasion) -> Ruling {
        let findings =
            self.ask(event, EventName::Log, at.now, |moment| moment.record = Some(record));
        self.pass(event, findings, record, at.mode)
    }

    pub(super) fn start(
        &mut self,
        event: &Event,
        tags: &BTreeMap<String, String>,
        at: Occasion,
    ) -> Ruling {
        let room = self.room_in(event);
        self.session_mut(event).tag(tags, room);
        let findings = self.ask(event, EventName::Start, at.now, |_| {});
        let ruling = self.pass(event, findings, &Json::Null, at.mode);
        let refused = !ruling.decision.verdict.permits() && at.mode == Mode::Enforce;
        self.session_mut(event).halted |= refused;
        ruling
    }

    pub(super) fn window(&mut self, event: &Event, name: &str, open: bool) -> Ruling {
        if !self.policy.bundle().windows.contains_key(name) {
            let detail = format!("the window `{name}` is not declared");
            return Ruling::malformed(event, detail);
        }
        self.state.told.windows.insert(name.to_owned(), open);
        Ruling::of(Decision::allowed(event.id.clone()))
    }

    /// What the rules about an event find; `about` says what it carries.
    pub(super) fn ask<'a>(
        &'a self,
        event: &'a Event,
        name: EventName,
        now: Timestamp,
        about: impl FnOnce(&mut Moment<'a, H>),
    ) -> Vec<Finding> {
        let Some(session) = self.state.sessions.find(&event.session) else { return Vec::new() };
        let mut moment = self.moment(event, session, now);
        about(&mut moment);
        judge::findings(&self.policy, name, &moment)
    }

    /// Joins the findings about something that passes by, and masks it where that is asked.
    pub(super) fn pass(
        &mut self,
        event: &Event,
        mut findings: Vec<Finding>,
        content: &Json,
        mode: Mode,
    ) -> Ruling {
        let masked = match detect::mask_json(content, self.policy.redacted(&findings)) {
            Cow::Owned(masked) => Some(masked),
            Cow::Borrowed(_) => None,
        };
        if masked.is_none() {
            findings = findings.into_iter().map(Finding::without_effect).collect();
        }
        let mut decision = self.policy.join(Decision::allowed(event.id.clone()), &findings);
        decision.args = masked.filter(|_| decision.verdict.permits());
        self.session_mut(event).halted |= decision.halts() && mode.acts();
        Ruling::of(decision)
    }
}
