//! Requests in and out of scope: what the router says, as the session stands,
//! and what the failure modes make of it.

use std::cmp::Ordering;

use super::{Machine, Mode, Ruling};
use crate::TopicName;
use crate::bundle::{FailureAction, FailureMode};
use crate::decision::{Decision, Obligation, Reason, Verdict};
use crate::event::Event;
use crate::past::Past;
use crate::router::{AMBIGUOUS, Scope};

/// What a request is about, as the session stands.
pub(super) enum Bearing {
    /// Something that the agent handles.
    Inside(TopicName),
    /// Something that it must not handle, and where such a case goes.
    Outside { topic: TopicName, escalate: Option<String> },
    /// Nobody can tell.
    Unclear,
}

impl Bearing {
    /// The word that rules know it by.
    pub(super) fn topic(&self) -> &str {
        match self {
            Self::Inside(topic) | Self::Outside { topic, .. } => topic.as_str(),
            Self::Unclear => AMBIGUOUS,
        }
    }
}

impl<H: Past> Machine<H> {
    /// What a request is about; none where the intent does not tell requests apart.
    ///
    /// Where a conversation is about something that the agent handles, `yes,
    /// please` goes on with it. What may be about an exclusion does not.
    pub(super) fn bearing(&self, event: &Event, text: &str) -> Option<Bearing> {
        let route = self.policy.router()?.route(text);
        let going_on = || {
            let session = self.state.sessions.find(&event.session)?;
            session.topic.clone().filter(|_| session.in_scope && !route.suspect)
        };
        Some(match route.scope.clone() {
            Scope::Inside(topic) => Bearing::Inside(topic),
            Scope::Outside { topic, escalate } => Bearing::Outside { topic, escalate },
            Scope::Ambiguous => going_on().map_or(Bearing::Unclear, Bearing::Inside),
        })
    }

    /// Refuses what is not in scope, unless a rule was stricter, and remembers
    /// what the conversation is about.
    pub(super) fn keep_in_scope(
        &mut self,
        event: &Event,
        bearing: &Bearing,
        ruling: Ruling,
        mode: Mode,
    ) -> Ruling {
        let asked = self.state.sessions.find(&event.session).map_or(0, |session| session.clarified);
        let refusal = self.refusal_of(event, bearing, asked);
        let decision = match refusal {
            Some(refusal) => joined(ruling.decision, refusal),
            None => ruling.decision,
        };
        let passes = decision.verdict.permits() || mode.has_happened();
        let mut session = self.session_mut(event);
        session.halted |= decision.halts() && mode.acts();
        match bearing {
            Bearing::Inside(topic) if passes => {
                (session.topic, session.in_scope) = (Some(topic.clone()), true);
                session.clarified = 0;
            }
            Bearing::Outside { topic, .. } => {
                (session.topic, session.in_scope) = (Some(topic.clone()), false);
            }
            Bearing::Unclear => session.clarified = session.clarified.saturating_add(1),
            Bearing::Inside(_) => {}
        }
        drop(session);
        Ruling { decision, ..ruling }
    }

    /// What the failure mode demands; none for a request in scope.
    fn refusal_of(&self, event: &Event, bearing: &Bearing, asked: u32) -> Option<Decision> {
        let (mode, reason, own, detail) = match bearing {
            Bearing::Inside(_) => return None,
            Bearing::Outside { topic, escalate } => {
                let detail = format!("`{topic}` is out of scope");
                (FailureMode::OutOfScope, Reason::OutOfScope, escalate.clone(), detail)
            }
            Bearing::Unclear => {
                let detail = "what the request is about cannot be told".to_owned();
                (FailureMode::AmbiguousRequest, Reason::Ambiguous, None, detail)
            }
        };
        let response = self.policy.bundle().failure_modes.get(&mode);
        let then = || response.and_then(|response| response.then.clone());
        let (verdict, path) = match response.map(|response| &response.action) {
            Some(FailureAction::Clarify { max }) if asked < *max => (Verdict::Block, None),
            Some(FailureAction::Halt) => (Verdict::Halt, own.or_else(then)),
            Some(FailureAction::Escalate { path }) => {
                (Verdict::Escalate, Some(own.unwrap_or_else(|| path.clone())))
            }
            // Whatever else may be written there, no doubt lets a request through.
            _ => match own.or_else(then) {
                Some(path) => (Verdict::Escalate, Some(path)),
                None => (Verdict::Block, None),
            },
        };
        let is_asked = verdict == Verdict::Block && reason == Reason::Ambiguous;
        let informs = response.is_some_and(|response| response.inform);
        let obligations = [
            (verdict == Verdict::Halt).then_some(Obligation::Halt),
            path.clone().map(Obligation::Escalate),
            is_asked.then_some(Obligation::Clarify),
            informs.then_some(Obligation::Inform),
        ];
        Some(Decision {
            retryable: is_asked,
            escalate: path,
            obligations: obligations.into_iter().flatten().collect(),
            ..Decision::refused(event.id.clone(), verdict, reason, detail)
        })
    }
}

/// What the rules decided and what the scope demands: the stricter holds, and
/// what else follows from either is done.
fn joined(rules: Decision, scope: Decision) -> Decision {
    let mut obligations = [rules.obligations.clone(), scope.obligations.clone()].concat();
    obligations.sort();
    obligations.dedup();
    let escalate = match rules.verdict.cmp(&scope.verdict) {
        Ordering::Less => scope.escalate.clone(),
        _ => rules.escalate.clone().or_else(|| scope.escalate.clone()),
    };
    let retryable = scope.retryable && (rules.verdict < scope.verdict || rules.retryable);
    let strict = if rules.verdict <= scope.verdict {
        Decision { rules: rules.rules, ..scope }
    } else {
        rules
    };
    Decision { obligations, escalate, retryable, ..strict }
}

#[cfg(test)]
mod tests;
