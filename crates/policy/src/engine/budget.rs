//! The limits of a session.

use bounden_base::Decimal;

use super::Machine;
use super::call::Call;
use crate::bundle::{FailureAction, FailureMode};
use crate::decision::{Decision, Reason, Verdict};
use crate::past::Past;
use crate::session::Session;
use crate::typing::seconds;

impl<H: Past> Machine<H> {
    /// The refusal of a call that would exceed a limit, as the failure mode has it.
    pub(super) fn over_budget(&self, call: &Call<'_>, session: &Session) -> Option<Decision> {
        let detail = self.limit_reached(call, session)?;
        let response = self.policy.bundle().failure_modes.get(&FailureMode::BudgetExceeded);
        let (verdict, path) = match response.map(|response| &response.action) {
            Some(FailureAction::Halt) => (Verdict::Halt, None),
            Some(FailureAction::Escalate { path }) => (Verdict::Escalate, Some(path.clone())),
            _ => (Verdict::Block, None),
        };
        let mut decision =
            Decision::refused(call.event.id.clone(), verdict, Reason::BudgetExceeded, detail);
        decision.escalate = path.or_else(|| response?.then.clone());
        Some(decision)
    }

    pub(super) fn limit_reached(&self, call: &Call<'_>, session: &Session) -> Option<String> {
        let limits = self.policy.bundle().limits;
        let said = |limit: String, what: &str| format!("the session has used its {limit} {what}");
        let reached = |used: u64, limit: Option<u64>, what: &str| {
            limit.filter(|limit| used >= *limit).map(|limit| said(limit.to_string(), what))
        };
        let overtime = limits.seconds.filter(|limit| {
            let started = seconds(session.started.unwrap_or(call.now));
            let elapsed = seconds(call.now).checked_sub(started);
            let limit = Decimal::from(i64::try_from(*limit).unwrap_or(i64::MAX));
            elapsed.is_none_or(|elapsed| elapsed > limit)
        });
        let overspent = limits.usd.filter(|limit| {
            let cost = session.cost_with(call.cost.unwrap_or(Decimal::ZERO));
            cost.is_none_or(|cost| cost > *limit)
        });
        // A retry is the same step, which was counted when it was first submitted.
        let steps = if call.logical.is_some() { None } else { limits.steps };
        reached(session.permitted, limits.tool_calls, "tool calls")
            .or_else(|| reached(session.steps, steps, "steps"))
            .or_else(|| reached(session.denied, limits.denied_calls, "denied calls"))
            .or_else(|| overtime.map(|limit| said(limit.to_string(), "seconds")))
            .or_else(|| overspent.map(|limit| said(limit.to_string(), "US dollars")))
    }
}
