//! Calls: refused outright, judged by the rules, held or permitted.

use bounden_base::{Decimal, Json, Timestamp};

use super::approval::HeldKey;
use super::judge::Finding;
use super::{Machine, Mode, Permit, Ruling, State, moment};
use crate::bundle::Mechanism;
use crate::decision::{Decision, FiredRule, Reason, Verdict};
use crate::event::Event;
use crate::past::{self, NewCall, Nothing, Past, Place};
use crate::provenance::{Origin, Provenance};
use crate::session::{Awaited, FactName, Session, Standing};
use crate::{Arguments, EventId, ToolName};

/// A submitted call.
pub(super) struct Call<'e> {
    pub(super) event: &'e Event,
    pub(super) tool: &'e ToolName,
    pub(super) args: &'e Arguments,
    pub(super) retry_of: Option<&'e EventId>,
    /// The logical call that a retry repeats, by its number in the session.
    pub(super) logical: Option<u64>,
    pub(super) cost: Option<Decimal>,
    pub(super) now: Timestamp,
}

/// What was decided about a call.
pub(super) struct Judgement {
    pub(super) decision: Decision,
    /// The arguments as they are to be used.
    pub(super) args: Arguments,
    /// The grant that this call uses up, if it is permitted.
    pub(super) grant: Option<HeldKey>,
    pub(super) findings: Vec<Finding>,
}

impl<H: Past> Machine<H> {
    pub(super) fn call(&mut self, call: Call<'_>, mode: Mode) -> Ruling {
        if let Some(ruling) = self.clear(&call, mode) {
            return ruling;
        }
        let call = Call { logical: self.logical(&call), ..call };
        let judgement = match self.refusal(&call) {
            Some(decision) => Judgement::refused(decision, call.args),
            None => self.judge(&call),
        };
        self.conclude(&call, judgement, mode)
    }

    /// The logical call that a retry repeats: the same call, and never permitted yet.
    fn logical(&self, call: &Call<'_>) -> Option<u64> {
        let session = self.state.sessions.find(&call.event.session)?;
        let (number, earlier) = session.calls.find(call.retry_of?)?;
        earlier.is_repeated_by(call.tool, || call.args.digest()).then_some(number)
    }

    /// What is refused before any rule is asked.
    fn refusal(&self, call: &Call<'_>) -> Option<Decision> {
        let session = self.state.sessions.find(&call.event.session)?;
        let id = || call.event.id.clone();
        let block =
            |reason, detail: String| Some(Decision::refused(id(), Verdict::Block, reason, detail));
        if session.halted {
            return block(Reason::SessionHalted, "this session was halted".to_owned());
        }
        if session.calls.knows(&call.event.id) {
            return block(Reason::Malformed, format!("the id `{}` was used before", call.event.id));
        }
        if let Some(retried) = call.retry_of.filter(|_| call.logical.is_none()) {
            let detail = format!(
                "`{retried}` is no held or denied call of this session with the same tool and arguments"
            );
            return block(Reason::RetryMismatch, detail);
        }
        if call.cost.is_some_and(|cost| session.cost_with(cost).is_none()) {
            let detail = "the cost is below zero, or too large to be added up".to_owned();
            return block(Reason::Malformed, detail);
        }
        if !self.policy.tools.contains(call.tool) {
            return Some(self.undeclared(call));
        }
        let read = call.args.value().map_err(|error| format!("the arguments are no JSON: {error}"));
        if let Err(detail) = read.and_then(|args| self.well_formed(call.tool, args)) {
            return block(Reason::Malformed, detail);
        }
        self.over_budget(call, session)
    }

    /// A tool that nobody declared is blocked; invariants that name it say so.
    fn undeclared(&self, call: &Call<'_>) -> Decision {
        let detail = format!("`{}` is not among the tools that may be called", call.tool);
        let mut decision = Decision::refused(
            call.event.id.clone(),
            Verdict::Block,
            Reason::UndeclaredTool,
            detail,
        );
        let naming =
            self.policy.rules.iter().filter(|rule| rule.mechanism == Mechanism::ToolAllowlist);
        decision.rules = naming
            .filter(|rule| rule.names(call.tool))
            .map(|rule| FiredRule {
                id: rule.id.clone(),
                action: rule.action_text.clone(),
                because: format!("`{}` is excluded by {}", call.tool, rule.patterns.join(", ")),
                witness: Vec::new(),
                shadow: rule.shadow,
                doubt: None,
                granted: false,
            })
            .collect();
        decision
    }

    pub(super) fn well_formed(&self, tool: &ToolName, args: &Json) -> Result<(), String> {
        if args.as_object().is_none() {
            return Err(format!("the arguments are {}, not an object", args.type_name()));
        }
        let Some(compiled) = self.policy.tools.find(tool) else { return Ok(()) };
        if let Some(schema) = &compiled.schema {
            schema.validate(args).map_err(|mismatch| mismatch.to_string())?;
        }
        compiled.money.as_ref().map_or(Ok(()), |money| money.check(args))
    }

    /// Records what was decided: a permit reserves, a held call waits, a denial is counted.
    fn conclude(&mut self, call: &Call<'_>, judgement: Judgement, mode: Mode) -> Ruling {
        let Judgement { decision, args, grant, findings } = judgement;
        let verdict = decision.verdict;
        if verdict == Verdict::RequireApproval && mode == Mode::Enforce {
            self.hold(call, &args, &findings);
        }
        let permitted = verdict.permits() || mode == Mode::Observe;
        if let Some(grant) = grant.filter(|_| permitted) {
            self.state.held.consume(&grant);
        }
        // A recorded call has happened as it stands there, whatever a rule would have made of it.
        let sent = if mode == Mode::Enforce { &args } else { call.args };
        self.record(call, sent, permitted, mode);
        let session = self.session_mut(call.event);
        session.halted |= decision.halts() && mode == Mode::Enforce;
        session.steps += u64::from(call.logical.is_none());
        session.cost = call.cost.and_then(|cost| session.cost_with(cost)).unwrap_or(session.cost);
        session.permitted += u64::from(permitted);
        // What waits for a person or a result was not denied.
        session.denied += u64::from(!permitted && verdict >= Verdict::Escalate);
        let permit = (mode == Mode::Enforce && permitted).then(|| Permit {
            session: call.event.session.clone(),
            call: call.event.id.clone(),
            tool: call.tool.clone(),
            args,
        });
        Ruling { decision, permit, criteria: Vec::new() }
    }

    /// Enters a submission into the history and the session. A used id keeps
    /// what it was first used for.
    fn record(&mut self, call: &Call<'_>, sent: &Arguments, permitted: bool, mode: Mode) {
        let is_known = |session: &Session| session.calls.knows(&call.event.id);
        if self.state.sessions.find(&call.event.session).is_none_or(is_known) {
            return;
        }
        let Some(place) = self.count(call, sent, permitted) else { return };
        if permitted {
            self.enter(call, sent, place, mode);
        } else {
            self.note(call, Standing::Denied(call.args.digest()), place);
        }
    }

    /// Enters a permitted submission into the session: its result is awaited.
    pub(super) fn enter(&mut self, call: &Call<'_>, sent: &Arguments, place: Place, mode: Mode) {
        let entered = place.number;
        let deadline = self.deadline(call.tool, call.now);
        let facts = FactName::all(&self.policy, call.tool, sent);
        let (submission, sent) = (call.event.id.clone(), sent.clone());
        let is_asked = self.policy.asks_origins;
        let session = self.session_mut(call.event);
        session.facts.wait(&facts);
        // A tool that repeats what it was asked vouches for none of it.
        let asked =
            |known: &mut Provenance| known.learn_json(sent.value_or_null(), Origin::Unknown);
        session.provenance.hear(is_asked, asked);
        let awaited = Awaited { submission, sent, deadline, is_lost: false, facts };
        let number = self.note(call, Standing::Awaited(awaited), place);
        // What a recording does not tell is not known, however late it is.
        if mode == Mode::Enforce {
            self.state.awaited.insert((deadline, entered), (call.event.session.clone(), number));
        }
    }

    /// Notes in the session where a call stands; its number.
    fn note(&mut self, call: &Call<'_>, standing: Standing, place: Place) -> u64 {
        let calls = &mut self.session_mut(call.event).calls;
        match call.logical {
            Some(number) => calls.enter_again(number, &call.event.id, standing, place),
            None => calls.enter(&call.event.id, call.tool, standing, place),
        }
    }

    /// Enters a submission into the history.
    fn count(&mut self, call: &Call<'_>, sent: &Arguments, permitted: bool) -> Option<Place> {
        let State { sessions, windows, history, .. } = &mut self.state;
        let session = sessions.find(&call.event.session)?;
        let earlier = call.logical.and_then(|number| session.calls.get(number));
        let mut moment =
            moment(&self.policy, call.event, session, windows, call.now, &Nothing, &self.commands);
        let args = self.policy.arguments(call.tool, sent.value_or_null());
        moment.args = Some(args);
        let new_call = NewCall {
            id: earlier.map_or(&call.event.id, |earlier| &earlier.id),
            session: &call.event.session,
            principal: moment.principal,
            tool: call.tool,
            sent,
            hidden: args.hidden,
            at: call.now,
            permitted,
            replaces: earlier.map(|earlier| &earlier.place),
        };
        Some(history.submit(&new_call, &past::counted(call.tool, &moment), &self.policy))
    }
}

impl Judgement {
    pub(super) fn refused(decision: Decision, args: &Arguments) -> Self {
        Self { decision, args: args.clone(), grant: None, findings: Vec::new() }
    }
}
