//! What passes by besides calls: results, requests, outputs, logs, sessions, windows.

use std::collections::BTreeMap;

use bounden_base::{Json, Timestamp};

use super::judge::{self, Finding};
use super::{Machine, Mode, Ruling};
use crate::bundle::EventName;
use crate::decision::{Decision, Reason, Verdict};
use crate::detect;
use crate::event::Event;
use crate::past::Past;
use crate::session::{Session, Status};
use crate::{EventId, Obligation};

/// The label of results whose tool has none.
const UNTRUSTED: &str = "untrusted";

impl<H: Past> Machine<H> {
    pub(super) fn result(
        &mut self,
        event: &Event,
        call: &EventId,
        ok: bool,
        result: &Json,
        labels: &[String],
        now: Timestamp,
    ) -> Ruling {
        let submission =
            self.state.sessions.get(&event.session).and_then(|session| session.calls.get(call));
        let Some(submission) =
            submission.filter(|call| matches!(call.status, Status::InFlight | Status::Lost))
        else {
            let detail = format!("no permitted call `{call}` of this session awaits a result");
            return Ruling::of(Decision::refused(
                event.id.clone(),
                Verdict::Block,
                Reason::Malformed,
                detail,
            ));
        };
        let submission = submission.clone();
        let findings = {
            let Some(session) = self.state.sessions.get(&event.session) else {
                return Ruling::of(Decision::allowed(event.id.clone()));
            };
            let mut moment = self.moment(event, session, now);
            moment.tool = Some(&submission.tool);
            moment.args = Some(self.arguments(&submission.tool, &submission.args));
            moment.result = Some(result);
            judge::findings(&self.policy, EventName::Result, &moment)
        };
        // The outcome counts even where the agent may not see it.
        let status = if ok { Status::Succeeded } else { Status::Failed };
        self.state.history.settle(&event.session, &submission.logical, status, &self.policy);
        let awaited = (submission.deadline, event.session.clone(), call.clone());
        self.state.awaited.remove(&awaited);
        let tool = self.policy.bundle().tools.get(&submission.tool);
        let own = tool.and_then(|tool| tool.label.clone()).unwrap_or_else(|| UNTRUSTED.to_owned());
        let policy = std::sync::Arc::clone(&self.policy);
        let session = self.session_mut(event);
        if let Some(call) = session.calls.get_mut(call) {
            call.status = status;
        }
        session.labels.insert(own);
        session.labels.extend(labels.iter().cloned());
        if ok {
            session.answer(&policy.bundle().facts, &submission.tool, &submission.args, result);
        }
        self.pass(event, &findings, result)
    }

    pub(super) fn text(
        &mut self,
        event: &Event,
        name: EventName,
        text: &str,
        now: Timestamp,
        mode: Mode,
    ) -> Ruling {
        let findings = {
            let Some(session) = self.state.sessions.get(&event.session) else {
                return Ruling::of(Decision::allowed(event.id.clone()));
            };
            let mut moment = self.moment(event, session, now);
            moment.text = Some(text);
            judge::findings(&self.policy, name, &moment)
        };
        let ruling = self.pass(event, &findings, &Json::from(text));
        let passes = ruling.decision.verdict.permits() || mode == Mode::Observe;
        let session = self.session_mut(event);
        session.steps += 1;
        if passes {
            let said = if name == EventName::Request {
                &mut session.requests
            } else {
                &mut session.outputs
            };
            if !said.is_empty() {
                said.push('\n');
            }
            said.push_str(text);
        }
        ruling
    }

    pub(super) fn log(&mut self, event: &Event, record: &Json, now: Timestamp) -> Ruling {
        let findings = {
            let Some(session) = self.state.sessions.get(&event.session) else {
                return Ruling::of(Decision::allowed(event.id.clone()));
            };
            let mut moment = self.moment(event, session, now);
            moment.record = Some(record);
            judge::findings(&self.policy, EventName::Log, &moment)
        };
        self.pass(event, &findings, record)
    }

    pub(super) fn start(
        &mut self,
        event: &Event,
        tags: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Ruling {
        self.session_mut(event).tags.extend(tags.clone());
        let findings = self
            .state
            .sessions
            .get(&event.session)
            .map(|session| self.plain(event, session, EventName::Start, now));
        let ruling = self.pass(event, &findings.unwrap_or_default(), &Json::Null);
        let refused = !ruling.decision.verdict.permits();
        self.session_mut(event).halted |= refused;
        ruling
    }

    pub(super) fn window(&mut self, event: &Event, name: &str, open: bool) -> Ruling {
        if !self.policy.bundle().windows.contains_key(name) {
            let detail = format!("the window `{name}` is not declared");
            return Ruling::of(Decision::refused(
                event.id.clone(),
                Verdict::Block,
                Reason::Malformed,
                detail,
            ));
        }
        self.state.windows.insert(name.to_owned(), open);
        Ruling::of(Decision::allowed(event.id.clone()))
    }

    /// The findings of an event that carries nothing.
    pub(super) fn plain(
        &self,
        event: &Event,
        session: &Session,
        name: EventName,
        now: Timestamp,
    ) -> Vec<Finding> {
        judge::findings(&self.policy, name, &self.moment(event, session, now))
    }

    /// Joins the findings about something that passes by, and masks it where that is asked.
    pub(super) fn pass(&mut self, event: &Event, findings: &[Finding], content: &Json) -> Ruling {
        let mut decision = self.policy.join(Decision::allowed(event.id.clone()), findings);
        let detectors = self.policy.detectors(findings);
        if !detectors.is_empty() && decision.verdict.permits() {
            let masked = detect::mask_json(content, &detectors);
            if masked == *content {
                decision.verdict = milder(findings);
            } else {
                decision.args = Some(masked);
            }
        }
        if decision.verdict == Verdict::Halt || decision.obligations.contains(&Obligation::Halt) {
            self.session_mut(event).halted = true;
        }
        Ruling::of(decision)
    }
}

/// The verdict where there was nothing to mask: what the other rules say.
fn milder(findings: &[Finding]) -> Verdict {
    let others =
        findings.iter().filter(|finding| finding.acts() && finding.verdict != Verdict::Modify);
    others.map(|finding| finding.verdict).max().unwrap_or(Verdict::Allow)
}
