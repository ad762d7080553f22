//! What the rules say about a call: judged as it was asked for, rewritten once,
//! and judged again as it would be sent.

use bounden_base::Json;

use super::Machine;
use super::call::{Call, Judgement};
use super::judge::{self, Finding};
use crate::bundle::EventName;
use crate::decision::{Decision, Reason, Verdict};
use crate::doubt::Doubt;
use crate::eval;
use crate::past::Past;
use crate::policy::CompiledAction;
use crate::value::Value;
use crate::{Arguments, RuleId};

/// A call cannot be rewritten as the rules want it.
struct Refusal {
    verdict: Verdict,
    reason: Reason,
    detail: String,
}

impl<H: Past> Machine<H> {
    /// What the rules say about a well-formed call.
    pub(super) fn judge(&self, call: &Call<'_>) -> Judgement {
        let asked = self.findings(call, call.args);
        // A halt or a handover answers to what was asked for; it is not rewritten away.
        if asked.iter().any(Finding::obliges) {
            return self.judged(call, call.args.clone(), asked);
        }
        match self.rewritten(call, call.args, &asked) {
            Ok(None) => {
                let idle = asked.into_iter().map(Finding::without_effect);
                self.judged(call, call.args.clone(), idle.collect())
            }
            Ok(Some(args)) => self.judge_again(call, asked, args.into()),
            Err(refusal) => self.not_rewritten(call, refusal, &asked),
        }
    }

    /// Judges the rewritten call: the rules that rewrote it looked at the
    /// original, all others look at what would be sent.
    fn judge_again(&self, call: &Call<'_>, asked: Vec<Finding>, args: Arguments) -> Judgement {
        let again = self.findings(call, &args);
        let refusal = match self.rewritten(call, &args, &again) {
            Ok(None) => None,
            Ok(Some(_)) => Some(Refusal::block(
                Reason::UnstableRewrite,
                "a second look would change the rewritten arguments again".to_owned(),
            )),
            Err(refusal) => Some(refusal),
        };
        let mut findings = asked;
        findings.retain(|finding| self.sets(finding));
        let is_new = |finding: &Finding| !(self.sets(finding) && finding.definite);
        findings.extend(again.into_iter().filter(is_new));
        match refusal {
            Some(refusal) => self.not_rewritten(call, refusal, &findings),
            None => {
                let mut judgement = self.judged(call, args, findings);
                if judgement.decision.verdict.permits() {
                    judgement.decision.verdict = Verdict::Modify;
                    judgement.decision.args = judgement.args.value().ok().cloned();
                }
                judgement
            }
        }
    }

    /// Joins the findings, less those that a grant covers.
    fn judged(&self, call: &Call<'_>, args: Arguments, mut findings: Vec<Finding>) -> Judgement {
        let grant = self.grant(call, &args, &findings);
        if grant.is_some() {
            findings.iter_mut().for_each(Finding::grant);
        }
        let decision = self.policy.join(Decision::allowed(call.event.id.clone()), &findings);
        Judgement { decision, args, grant, findings }
    }

    fn not_rewritten(&self, call: &Call<'_>, refusal: Refusal, findings: &[Finding]) -> Judgement {
        let mut decision = self.policy.join(Decision::allowed(call.event.id.clone()), findings);
        if decision.verdict <= refusal.verdict {
            decision.verdict = refusal.verdict;
            decision.reason = refusal.reason;
            decision.retryable = refusal.verdict == Verdict::Defer;
        }
        decision.detail = Some(refusal.detail);
        decision.nearest = None;
        Judgement::refused(decision, call.args)
    }

    fn findings(&self, call: &Call<'_>, args: &Arguments) -> Vec<Finding> {
        let Some(session) = self.state.sessions.find(&call.event.session) else {
            return Vec::new();
        };
        let mut moment = self.moment(call.event, session, call.now);
        moment.tool = Some(call.tool);
        moment.args = Some(self.arguments(call.tool, args.value_or_null()));
        moment.present = call.logical.and_then(|number| session.calls.get(number));
        moment.approved = self.grant(call, args, &[]).is_some();
        judge::findings(&self.policy, EventName::Call, &moment)
    }

    fn sets(&self, finding: &Finding) -> bool {
        let rule = self.policy.rule(finding);
        matches!(rule.map(|rule| &rule.action), Some(CompiledAction::Set { .. }))
    }

    /// The arguments after every `set` that fired; each reads what was given.
    fn rewritten(
        &self,
        call: &Call<'_>,
        given: &Arguments,
        findings: &[Finding],
    ) -> Result<Option<Json>, Refusal> {
        let Some(session) = self.state.sessions.find(&call.event.session) else { return Ok(None) };
        let mut moment = self.moment(call.event, session, call.now);
        moment.tool = Some(call.tool);
        moment.args = Some(self.arguments(call.tool, given.value_or_null()));
        moment.present = call.logical.and_then(|number| session.calls.get(number));
        let given = given.value_or_null();
        let mut args = given.clone();
        let mut written: Vec<(&[String], Json)> = Vec::new();
        for finding in findings.iter().filter(|finding| finding.acts() && finding.definite) {
            let Some(CompiledAction::Set { path, value }) =
                self.policy.rule(finding).map(|rule| &rule.action)
            else {
                continue;
            };
            let name = path.join(".");
            let value = eval::value(value, &moment)
                .and_then(as_json)
                .map_err(|doubt| Refusal::of_value(&finding.fired.id, doubt))?;
            if written.iter().any(|(known, earlier)| conflict(known, earlier, path, &value)) {
                let detail = format!("two rules set args.{name} to different values");
                return Err(Refusal::block(Reason::UnstableRewrite, detail));
            }
            let cannot = || format!("args.{name} cannot be set");
            put(&mut args, path, value.clone())
                .ok_or_else(|| Refusal::block(Reason::Malformed, cannot()))?;
            written.push((path, value));
        }
        if args == *given {
            return Ok(None);
        }
        self.well_formed(call.tool, &args)
            .map_err(|detail| Refusal::block(Reason::Malformed, detail))?;
        Ok(Some(args))
    }
}

impl Refusal {
    fn block(reason: Reason, detail: String) -> Self {
        Self { verdict: Verdict::Block, reason, detail }
    }

    /// The value of a `set` is not known: it is under way, or it is not there.
    fn of_value(rule: &RuleId, doubt: Doubt) -> Self {
        let detail = format!("the value that `{rule}` sets cannot be computed");
        if doubt.has(Doubt::PENDING | Doubt::RISING | Doubt::FALLING) {
            return Self { verdict: Verdict::Defer, reason: Reason::Pending, detail };
        }
        let is_malformed = doubt.has(Doubt::MALFORMED);
        let reason = if is_malformed { Reason::Malformed } else { Reason::MissingValue };
        Self::block(reason, detail)
    }
}

/// Whether two values are meant for one place, or for a place and a part of it.
fn conflict(a: &[String], a_value: &Json, b: &[String], b_value: &Json) -> bool {
    if a == b { a_value != b_value } else { a.starts_with(b) || b.starts_with(a) }
}

/// A value as it stands in arguments.
fn as_json(value: Value<'_>) -> Result<Json, Doubt> {
    match value {
        Value::Bool(value) => Ok(Json::Bool(value)),
        Value::Number(number) if number.low == number.high => Ok(Json::Number(number.low)),
        Value::Number(number) => Err(number.doubt),
        Value::Text(text) => Ok(Json::String(text.into_owned())),
        Value::Json(json) => Ok(json.clone()),
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
