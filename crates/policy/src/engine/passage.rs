//! What passes by besides calls: results, requests, outputs, logs, sessions, windows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bounden_base::{Json, Timestamp};

use super::judge::{self, Finding};
use super::{Machine, Mode, Occasion, Ruling};
use crate::EventId;
use crate::bundle::EventName;
use crate::decision::{Decision, Reason, Verdict};
use crate::detect;
use crate::event::Event;
use crate::moment::Moment;
use crate::past::Past;
use crate::session::{Status, Submission};

/// The label of results whose tool has none.
const UNTRUSTED: &str = "untrusted";

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
        let call = answer.call;
        let submission =
            self.state.sessions.get(&event.session).and_then(|session| session.calls.get(call));
        let Some(submission) =
            submission.filter(|call| matches!(call.status, Status::InFlight | Status::Lost))
        else {
            let detail = format!("no permitted call `{call}` of this session awaits a result");
            return Ruling::malformed(event, detail);
        };
        let submission = submission.clone();
        let findings = self.ask(event, EventName::Result, at.now, |moment| {
            moment.tool = Some(&submission.tool);
            moment.args = Some(self.arguments(&submission.tool, submission.sent.value_or_null()));
            moment.present = Some(&submission.logical);
            moment.result = Some(answer.result);
        });
        // The outcome counts even where the agent may not see it.
        self.settle(event, answer, &submission);
        self.pass(event, findings, answer.result, at.mode)
    }

    fn settle(&mut self, event: &Event, answer: &Answer<'_>, submission: &Submission) {
        let status = if answer.ok { Status::Succeeded } else { Status::Failed };
        self.state.history.settle(&event.session, &submission.logical, status, &self.policy);
        let awaited = (submission.deadline, event.session.clone(), answer.call.clone());
        self.state.awaited.remove(&awaited);
        let policy = std::sync::Arc::clone(&self.policy);
        let bundle = policy.bundle();
        let tool = bundle.tools.get(&submission.tool);
        let own = tool.and_then(|tool| tool.label.clone()).unwrap_or_else(|| UNTRUSTED.to_owned());
        let session = self.session_mut(event);
        if let Some(call) = session.calls.get_mut(answer.call) {
            call.status = status;
        }
        session.labels.insert(own);
        session.labels.extend(answer.labels.iter().cloned());
        if answer.ok {
            let sent = submission.sent.value_or_null();
            session.answer(&bundle.facts, &submission.tool, sent, answer.result);
        }
    }

    pub(super) fn text(
        &mut self,
        event: &Event,
        name: EventName,
        text: &str,
        at: Occasion,
    ) -> Ruling {
        // A halted session takes nothing on; what it has to say, it may still say.
        if name == EventName::Request && self.session_mut(event).halted {
            let (id, reason) = (event.id.clone(), Reason::SessionHalted);
            let detail = "this session was halted".to_owned();
            return Ruling::of(Decision::refused(id, Verdict::Block, reason, detail));
        }
        let findings = self.ask(event, name, at.now, |moment| moment.text = Some(text));
        let ruling = self.pass(event, findings, &Json::from(text), at.mode);
        let masked = ruling.decision.args.as_ref().and_then(Json::as_str);
        let session = self.session_mut(event);
        // What was deferred will be submitted again.
        session.steps += u64::from(ruling.decision.verdict != Verdict::Defer);
        match at.mode {
            Mode::Observe => session.said(name, text),
            Mode::Enforce if ruling.decision.verdict.permits() => {
                session.said(name, masked.unwrap_or(text));
            }
            Mode::Enforce => {}
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
        self.session_mut(event).tags.extend(tags.clone());
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
        self.state.windows.insert(name.to_owned(), open);
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
        let Some(session) = self.state.sessions.get(&event.session) else { return Vec::new() };
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
        self.session_mut(event).halted |= decision.halts() && mode == Mode::Enforce;
        Ruling::of(decision)
    }
}
