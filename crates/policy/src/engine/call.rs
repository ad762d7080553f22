//! Calls: refused outright, judged by the rules, rewritten, held or permitted.

use bounden_base::{Decimal, Json, Timestamp};

use super::approval::{Claim, HeldKey, Who};
use super::judge::{self, Finding};
use super::{Machine, Mode, Permit, Ruling, State, moment};
use crate::bundle::{EventName, FailureAction, FailureMode, Mechanism};
use crate::decision::{Decision, FiredRule, Reason, Verdict};
use crate::event::Event;
use crate::moment::principal_of;
use crate::past::{NewCall, Nothing, Past};
use crate::policy::CompiledAction;
use crate::session::{Session, Status, Submission};
use crate::typing::seconds;
use crate::value::Value;
use crate::{EventId, ToolName, eval};

/// A submitted call.
pub(super) struct Call<'e> {
    pub(super) event: &'e Event,
    pub(super) tool: &'e ToolName,
    pub(super) args: &'e Json,
    pub(super) retry_of: Option<&'e EventId>,
    pub(super) cost: Option<Decimal>,
    pub(super) now: Timestamp,
}

/// What was decided about a call.
struct Judgement {
    decision: Decision,
    /// The arguments as they are to be used.
    args: Json,
    /// The grant that this call uses up.
    grant: Option<HeldKey>,
    findings: Vec<Finding>,
}

impl<H: Past> Machine<H> {
    pub(super) fn call(&mut self, call: &Call<'_>, mode: Mode) -> Ruling {
        let logical = self.logical(call);
        let refusal = self.refusal(call, &logical);
        let judgement = match refusal {
            Some(decision) => Judgement::refused(decision, call.args),
            None => self.judge(call),
        };
        self.conclude(call, logical.unwrap_or_else(|| call.event.id.clone()), judgement, mode)
    }

    /// The logical call that a retry repeats: the same call, and never permitted yet.
    fn logical(&self, call: &Call<'_>) -> Option<EventId> {
        let session = self.state.sessions.get(&call.event.session)?;
        let earlier = session.calls.get(call.retry_of?)?;
        let same = earlier.tool == *call.tool && earlier.args == *call.args;
        (same && session.never_permitted(&earlier.logical)).then(|| earlier.logical.clone())
    }

    /// What is refused before any rule is asked.
    fn refusal(&self, call: &Call<'_>, logical: &Option<EventId>) -> Option<Decision> {
        let session = self.state.sessions.get(&call.event.session)?;
        let id = || call.event.id.clone();
        let block =
            |reason, detail: String| Some(Decision::refused(id(), Verdict::Block, reason, detail));
        if session.halted {
            return block(Reason::SessionHalted, "this session was halted".to_owned());
        }
        if session.calls.contains_key(&call.event.id) {
            return block(Reason::Malformed, format!("the id `{}` was used before", call.event.id));
        }
        if let Some(retried) = call.retry_of.filter(|_| logical.is_none()) {
            let detail = format!(
                "`{retried}` is no held or denied call of this session with the same tool and arguments"
            );
            return block(Reason::RetryMismatch, detail);
        }
        if !self.policy.tools.contains_key(call.tool) {
            return Some(self.undeclared(call));
        }
        if let Err(detail) = self.well_formed(call.tool, call.args) {
            return block(Reason::Malformed, detail);
        }
        self.budget(call, session)
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
            })
            .collect();
        decision
    }

    fn well_formed(&self, tool: &ToolName, args: &Json) -> Result<(), String> {
        if args.as_object().is_none() {
            return Err(format!("the arguments are {}, not an object", args.type_name()));
        }
        let Some(compiled) = self.policy.tools.get(tool) else { return Ok(()) };
        if let Some(schema) = &compiled.schema {
            schema.validate(args).map_err(|mismatch| mismatch.to_string())?;
        }
        if let Some(money) = compiled.money.as_ref().filter(|money| money.is_negative(args)) {
            return Err(format!("args.{} is a negative amount", money.path.join(".")));
        }
        Ok(())
    }

    /// The limits of the session, and what the failure mode says where one is reached.
    fn budget(&self, call: &Call<'_>, session: &Session) -> Option<Decision> {
        let limits = self.policy.bundle().limits;
        let reached = |used: u64, limit: Option<u64>, what: &str| {
            limit
                .filter(|limit| used >= *limit)
                .map(|limit| format!("the session has used its {limit} {what}"))
        };
        let elapsed = seconds(call.now).checked_sub(seconds(session.started.unwrap_or(call.now)));
        let overtime = limits.seconds.filter(|limit| {
            let limit = Decimal::from(i64::try_from(*limit).unwrap_or(i64::MAX));
            elapsed.is_none_or(|elapsed| elapsed > limit)
        });
        let cost = session.cost.checked_add(call.cost.unwrap_or(Decimal::ZERO));
        let overspent = limits.usd.filter(|limit| cost.is_none_or(|cost| cost > *limit));
        let detail = reached(session.permitted, limits.tool_calls, "tool calls")
            .or_else(|| reached(session.steps, limits.steps, "steps"))
            .or_else(|| reached(session.denied, limits.denied_calls, "denied calls"))
            .or_else(|| overtime.map(|limit| format!("the session has used its {limit} seconds")))
            .or_else(|| {
                overspent.map(|limit| format!("the session has used its {limit} US dollars"))
            })?;
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

    fn judge(&self, call: &Call<'_>) -> Judgement {
        let first = self.findings(call, call.args);
        let rewritten = match self.rewritten(call, &first) {
            Ok(None) => None,
            Ok(Some(args)) => Some(args),
            Err(decision) => {
                return Judgement::refused(*decision, call.args);
            }
        };
        let args = rewritten.clone().unwrap_or_else(|| call.args.clone());
        let mut findings = first;
        if rewritten.is_some() {
            let again = self.findings(call, &args);
            if let Some(decision) = self.unstable(call, &again, &args) {
                return Judgement { decision, args, grant: None, findings: again };
            }
            // The rewriting rules fired on the original, all others on what will be sent.
            findings.retain(|finding| self.sets(finding));
            findings.extend(again.into_iter().filter(|finding| !self.sets(finding)));
        }
        let grant = self.grant(call, &args);
        let open: Vec<Finding> = findings
            .iter()
            .filter(|finding| !self.is_granted(finding, grant.as_ref(), call.now))
            .cloned()
            .collect();
        let used = grant.filter(|_| open.len() < findings.len());
        let mut decision = self.policy.join(Decision::allowed(call.event.id.clone()), &open);
        if rewritten.is_some() && decision.verdict.permits() {
            decision.verdict = Verdict::Modify;
            decision.args = Some(args.clone());
        }
        Judgement { decision, args, grant: used, findings: open }
    }

    fn findings(&self, call: &Call<'_>, args: &Json) -> Vec<Finding> {
        let Some(session) = self.state.sessions.get(&call.event.session) else { return Vec::new() };
        let mut moment = self.moment(call.event, session, call.now);
        moment.tool = Some(call.tool);
        moment.args = Some(self.arguments(call.tool, args));
        moment.approved = self.grant(call, args).is_some();
        judge::findings(&self.policy, EventName::Call, &moment)
    }

    fn sets(&self, finding: &Finding) -> bool {
        matches!(
            self.policy.rule(finding).map(|rule| &rule.action),
            Some(CompiledAction::Set { .. })
        )
    }

    /// The arguments after every `set` that fired; each reads the original.
    fn rewritten(
        &self,
        call: &Call<'_>,
        findings: &[Finding],
    ) -> Result<Option<Json>, Box<Decision>> {
        let session = self.state.sessions.get(&call.event.session);
        let mut args = call.args.clone();
        let mut written: Vec<(&[String], Json)> = Vec::new();
        let refused = |reason, detail| {
            Box::new(Decision::refused(call.event.id.clone(), Verdict::Block, reason, detail))
        };
        for finding in findings.iter().filter(|finding| finding.acts() && finding.definite) {
            let Some(CompiledAction::Set { path, value }) =
                self.policy.rule(finding).map(|rule| &rule.action)
            else {
                continue;
            };
            let Some(session) = session else { continue };
            let mut moment = self.moment(call.event, session, call.now);
            moment.tool = Some(call.tool);
            moment.args = Some(self.arguments(call.tool, call.args));
            let value = eval::value(value, &moment).ok().and_then(as_json).ok_or_else(|| {
                let detail =
                    format!("the value that `{}` sets cannot be computed", finding.fired.id);
                refused(Reason::MissingValue, detail)
            })?;
            let earlier = written.iter().find(|(known, _)| *known == path.as_slice());
            if earlier.is_some_and(|(_, known)| *known != value) {
                let detail = format!("two rules set args.{} to different values", path.join("."));
                return Err(refused(Reason::UnstableRewrite, detail));
            }
            put(&mut args, path, value.clone()).ok_or_else(|| {
                refused(Reason::Malformed, format!("args.{} cannot be set", path.join(".")))
            })?;
            written.push((path, value));
        }
        if written.is_empty() || args == *call.args {
            return Ok(None);
        }
        self.well_formed(call.tool, &args).map_err(|detail| refused(Reason::Malformed, detail))?;
        Ok(Some(args))
    }

    /// Whether a second look would change the rewritten arguments again.
    fn unstable(&self, call: &Call<'_>, findings: &[Finding], args: &Json) -> Option<Decision> {
        let again = Call { args, ..*call };
        match self.rewritten(&again, findings) {
            Ok(None) => None,
            Ok(Some(_)) => {
                let detail = "a second look would change the rewritten arguments again".to_owned();
                Some(Decision::refused(
                    call.event.id.clone(),
                    Verdict::Block,
                    Reason::UnstableRewrite,
                    detail,
                ))
            }
            Err(decision) => Some(*decision),
        }
    }

    fn claim<'c>(&self, call: &'c Call<'_>, args: &'c Json) -> Claim<'c> {
        let session = self.state.sessions.get(&call.event.session);
        let principal = session.and_then(|session| principal_of(call.event, session)).cloned();
        let who =
            principal.map_or_else(|| Who::Session(call.event.session.clone()), Who::Principal);
        Claim { who, tool: call.tool, args, now: call.now }
    }

    fn grant(&self, call: &Call<'_>, args: &Json) -> Option<HeldKey> {
        self.state.held.find(&self.claim(call, args))
    }

    fn is_granted(&self, finding: &Finding, grant: Option<&HeldKey>, now: Timestamp) -> bool {
        finding.verdict == Verdict::RequireApproval
            && grant.is_some_and(|key| self.state.held.covers(key, finding, now))
    }

    /// Records what was decided: a permit reserves, a held call waits, a denial is counted.
    fn conclude(
        &mut self,
        call: &Call<'_>,
        logical: EventId,
        judgement: Judgement,
        mode: Mode,
    ) -> Ruling {
        let Judgement { decision, args, grant, findings } = judgement;
        let verdict = decision.verdict;
        let permitted = verdict.permits() || mode == Mode::Observe;
        if verdict == Verdict::RequireApproval && mode == Mode::Enforce {
            let claim = self.claim(call, &args);
            self.hold(call.event, &claim, &findings);
        }
        if let Some(grant) = grant.filter(|_| permitted) {
            self.state.held.consume(&grant);
        }
        let is_new = !self.session_mut(call.event).calls.contains_key(&call.event.id);
        if is_new {
            self.record(call, &logical, &args, permitted);
        }
        let halts =
            verdict == Verdict::Halt || decision.obligations.contains(&crate::Obligation::Halt);
        let status = if permitted { Status::InFlight } else { Status::Denied };
        let deadline = self.deadline(call.tool, call.now);
        // What a recording does not tell is not known, however late it is.
        if permitted && is_new && mode == Mode::Enforce {
            self.state.awaited.insert((
                deadline,
                call.event.session.clone(),
                call.event.id.clone(),
            ));
        }
        let session = self.session_mut(call.event);
        session.halted |= halts && mode == Mode::Enforce;
        session.steps += 1;
        session.cost =
            session.cost.checked_add(call.cost.unwrap_or(Decimal::ZERO)).unwrap_or(session.cost);
        let count = if permitted { &mut session.permitted } else { &mut session.denied };
        *count += 1;
        let submission = Submission {
            tool: call.tool.clone(),
            args: call.args.clone(),
            status,
            logical,
            deadline,
        };
        session.calls.entry(call.event.id.clone()).or_insert(submission);
        let permit = (mode == Mode::Enforce && permitted).then(|| Permit {
            session: call.event.session.clone(),
            call: call.event.id.clone(),
            tool: call.tool.clone(),
            args,
        });
        Ruling { decision, permit, criteria: Vec::new() }
    }

    fn record(&mut self, call: &Call<'_>, logical: &EventId, args: &Json, permitted: bool) {
        let State { sessions, windows, history, .. } = &mut self.state;
        let Some(session) = sessions.get(&call.event.session) else { return };
        let moment = moment(&self.policy, call.event, session, windows, call.now, &Nothing);
        let new_call = NewCall {
            id: logical,
            session: &call.event.session,
            principal: moment.principal,
            tool: call.tool,
            args: self.policy.arguments(call.tool, args),
            at: call.now,
            permitted,
        };
        history.submit(&new_call, &moment);
    }
}

impl Judgement {
    fn refused(decision: Decision, args: &Json) -> Self {
        Self { decision, args: args.clone(), grant: None, findings: Vec::new() }
    }
}

/// A value as it stands in arguments.
fn as_json(value: Value<'_>) -> Option<Json> {
    match value {
        Value::Bool(value) => Some(Json::Bool(value)),
        Value::Number(number) => (number.low == number.high).then_some(Json::Number(number.low)),
        Value::Text(text) => Some(Json::String(text.into_owned())),
        Value::Json(json) => Some(json.clone()),
    }
}

/// Replaces the member at `path`; members on the way have to be there.
fn put(json: &mut Json, path: &[String], value: Json) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let Json::Object(members) = json else { return None };
    if rest.is_empty() {
        members.insert(first.clone(), value);
        return Some(());
    }
    put(members.get_mut(first)?, rest, value)
}
