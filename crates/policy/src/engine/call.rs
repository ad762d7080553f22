//! Calls: refused outright, judged by the rules, held or permitted.

use bounden_base::{Decimal, Json, Timestamp};

use super::approval::HeldKey;
use super::judge::Finding;
use super::{Machine, Mode, Permit, Ruling};
use crate::bundle::Mechanism;
use crate::decision::{Decision, FiredRule, Reason, Verdict};
use crate::event::Event;
use crate::past::Past;
use crate::policy::ToolRoutes;
use crate::{Arguments, EventId, ToolName};

/// A submitted call.
pub(super) struct Call<'e> {
    pub(super) event: &'e Event,
    pub(super) tool: &'e ToolName,
    /// What the policy has for the tool.
    pub(super) routes: &'e ToolRoutes,
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

impl Call<'_> {
    /// When the call is lost, if it is permitted and no result comes.
    pub(super) fn deadline(&self) -> Timestamp {
        self.now.checked_add(self.routes.timeout).unwrap_or(Timestamp::MAX)
    }
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
        if session.has_missed {
            let detail = "calls of this session could not be counted".to_owned();
            return block(Reason::StateLimit, detail);
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
        let Judgement { mut decision, args, grant, findings } = judgement;
        let happens = decision.verdict.permits() || mode.has_happened();
        let holds = decision.verdict == Verdict::RequireApproval && mode == Mode::Enforce;
        let held = holds.then(|| self.held_call(call, &args, &findings));
        // A recorded call has happened as it stands there, whatever a rule would have made of it.
        let sent = if mode.acts() { &args } else { call.args };
        let mut kept = self.record(call, sent, happens, mode);
        if let (Ok(()), Some(held)) = (kept, held) {
            kept = self.hold(call, held);
        }
        match kept {
            Ok(()) => {
                grant.filter(|_| happens).iter().for_each(|grant| self.state.held.consume(grant))
            }
            Err(full) => decision = full.refuse(decision),
        }
        let permitted = decision.verdict.permits() || mode.has_happened();
        let mut session = self.session_mut(call.event);
        session.halted |= decision.halts() && mode.acts();
        session.steps += u64::from(call.logical.is_none());
        session.cost = call.cost.and_then(|cost| session.cost_with(cost)).unwrap_or(session.cost);
        session.permitted += u64::from(permitted);
        // What waits for a person or a result was not denied.
        session.denied += u64::from(!permitted && decision.verdict >= Verdict::Escalate);
        drop(session);
        let permit = (mode == Mode::Enforce && permitted).then(|| Permit {
            session: call.event.session.clone(),
            call: call.event.id.clone(),
            tool: call.tool.clone(),
            args,
        });
        Ruling { decision, permit, criteria: Vec::new() }
    }
}

impl Judgement {
    pub(super) fn refused(decision: Decision, args: &Arguments) -> Self {
        Self { decision, args: args.clone(), grant: None, findings: Vec::new() }
    }
}
