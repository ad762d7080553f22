//! Asks the rules about one moment and joins their answers.

use crate::bundle::EventName;
use crate::decision::{Decision, FiredRule, Obligation, Reason, Verdict};
use crate::detect::Kinds;
use crate::doubt::{Doubt, Truth};
use crate::explain::Shown;
use crate::moment::{History, Moment};
use crate::past::Past;
use crate::policy::{CompiledAction, CompiledRule, Policy};
use crate::{eval, explain};

/// One rule's answer.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// Which rule, as an index into the policy.
    pub(super) rule: usize,
    pub(super) verdict: Verdict,
    pub(super) reason: Reason,
    /// The rule fired, rather than could not be evaluated.
    pub(super) definite: bool,
    /// Calls in flight decided, so the same event may be answered differently later.
    pub(super) retryable: bool,
    pub(super) nearest: Option<String>,
    /// What an approver is shown of the values that decided.
    pub(super) shown: Vec<Shown>,
    pub(super) fired: FiredRule,
}

/// Every rule that has something to say, in the order of the rules' ids.
pub(super) fn findings<H: Past>(
    policy: &Policy,
    event: EventName,
    moment: &Moment<'_, H>,
) -> Vec<Finding> {
    let candidates = H::candidates(policy, event, moment.tool);
    let rules = candidates.iter().filter_map(|index| Some((*index, policy.rules.get(*index)?)));
    rules.filter_map(|(index, rule)| finding(index, rule, moment)).collect()
}

fn finding<'a, H: History>(
    index: usize,
    rule: &'a CompiledRule,
    moment: &Moment<'a, H>,
) -> Option<Finding> {
    let (truth, atoms) = match &rule.when {
        Some(when) => eval::truth(when, moment),
        None => (Truth::True, Vec::new()),
    };
    let (verdict, reason, definite, retryable) = answer(&rule.action, truth)?;
    let because = match &rule.when {
        Some(_) if atoms.is_empty() => "its condition holds".to_owned(),
        Some(_) => explain::because(&atoms),
        None => "the rule has no condition".to_owned(),
    };
    Some(Finding {
        rule: index,
        verdict,
        reason,
        definite,
        retryable,
        nearest: explain::nearest(&atoms, moment),
        shown: explain::shown(&atoms),
        fired: FiredRule {
            id: rule.id.clone(),
            action: rule.action_text.clone(),
            because,
            witness: explain::witness(&atoms, moment),
            shadow: rule.shadow,
            doubt: (!definite).then_some(reason),
            granted: false,
        },
    })
}

/// What follows from a predicate's truth: verdict, reason, whether the rule
/// fired, and whether a later attempt may fare better. `None`: nothing.
fn answer(action: &CompiledAction, truth: Truth) -> Option<(Verdict, Reason, bool, bool)> {
    let own = action.verdict();
    let reason =
        if own == Verdict::RequireApproval { Reason::ApprovalRequired } else { Reason::RuleFired };
    let strictly = |reason| {
        let verdict = if own == Verdict::Warn { Verdict::Warn } else { Verdict::Block };
        Some((verdict, reason, false, false))
    };
    match truth {
        Truth::False => None,
        Truth::True => Some((own, reason, true, false)),
        // What is under way may still turn the answer, so it is waited for.
        Truth::Unknown(doubt) if doubt.has(Doubt::PENDING | Doubt::FALLING) => {
            Some((Verdict::Defer, Reason::Pending, false, true))
        }
        Truth::Unknown(doubt) if doubt.has(Doubt::MALFORMED) => strictly(Reason::Malformed),
        Truth::Unknown(doubt) if doubt.has(Doubt::ABSENT) => strictly(Reason::MissingValue),
        // What would let the call happen needs more than a guess.
        Truth::Unknown(doubt) if doubt.has(Doubt::LIMIT) && own < Verdict::Block => {
            strictly(Reason::StateLimit)
        }
        // A cap that calls in flight may reach fires now; a lost call counts against its agent.
        Truth::Unknown(doubt) if doubt.has(Doubt::RISING | Doubt::LOST) => {
            Some((own, reason, true, doubt.has(Doubt::RISING)))
        }
        Truth::Unknown(_) => strictly(Reason::StateLimit),
    }
}

impl CompiledAction {
    pub(crate) fn verdict(&self) -> Verdict {
        match self {
            Self::Block => Verdict::Block,
            Self::Halt => Verdict::Halt,
            Self::Escalate(_) => Verdict::Escalate,
            Self::RequireApproval(_) => Verdict::RequireApproval,
            Self::Set { .. } | Self::Redact(_) => Verdict::Modify,
            Self::Warn => Verdict::Warn,
        }
    }
}

impl Finding {
    pub(super) fn acts(&self) -> bool {
        !self.fired.shadow && !self.fired.granted
    }

    /// Whether the rule wants a grant for the call to happen.
    pub(super) fn asks(&self) -> bool {
        self.acts() && self.verdict == Verdict::RequireApproval
    }

    /// Whether something follows from what was asked for, whatever becomes of the call.
    pub(super) fn obliges(&self) -> bool {
        self.acts() && self.definite && matches!(self.verdict, Verdict::Halt | Verdict::Escalate)
    }

    /// A grant covers what the rule asks.
    pub(super) fn grant(&mut self) {
        self.fired.granted = self.asks();
    }

    /// The rule fired, and there was nothing to change.
    pub(super) fn without_effect(self) -> Self {
        if self.verdict != Verdict::Modify {
            return self;
        }
        Self { verdict: Verdict::Allow, reason: Reason::Allowed, ..self }
    }
}

impl Policy {
    pub(super) fn rule(&self, finding: &Finding) -> Option<&CompiledRule> {
        self.rules.get(finding.rule)
    }

    /// What every redaction that fired masks.
    pub(super) fn redacted(&self, findings: &[Finding]) -> Kinds {
        let acting = findings.iter().filter(|finding| finding.acts() && finding.definite);
        acting
            .filter_map(|finding| match &self.rule(finding)?.action {
                CompiledAction::Redact(kinds) => Some(kinds),
                _ => None,
            })
            .flatten()
            .copied()
            .collect()
    }

    /// Joins what the rules say into one decision: the strictest verdict, every
    /// rule that fired, and every obligation, outranked or not.
    pub(super) fn join(&self, mut decision: Decision, findings: &[Finding]) -> Decision {
        let acting = || findings.iter().filter(|finding| finding.acts());
        let strictest = acting().map(|finding| finding.verdict).max();
        let deciding: Vec<&Finding> =
            acting().filter(|finding| Some(finding.verdict) == strictest).collect();
        if let Some((first, verdict)) = deciding.first().zip(strictest) {
            decision.verdict = verdict;
            decision.reason = first.reason;
            decision.retryable = matches!(verdict, Verdict::Defer | Verdict::RequireApproval)
                || (!verdict.permits() && deciding.iter().all(|finding| finding.retryable));
            decision.nearest = joined_nearest(&deciding);
            decision.escalate =
                deciding.iter().find_map(|finding| match &self.rule(finding)?.action {
                    CompiledAction::Escalate(path) if finding.definite => Some(path.clone()),
                    _ => None,
                });
        }
        decision.obligations = self.obligations(findings);
        let mut ordered: Vec<&Finding> = findings.iter().collect();
        ordered.sort_by(|a, b| b.verdict.cmp(&a.verdict).then_with(|| a.rule.cmp(&b.rule)));
        decision.rules = ordered.into_iter().map(|finding| finding.fired.clone()).collect();
        decision
    }

    fn obligations(&self, findings: &[Finding]) -> Vec<Obligation> {
        let definite = findings.iter().filter(|finding| finding.acts() && finding.definite);
        let mut obligations: Vec<Obligation> = definite
            .filter_map(|finding| match &self.rule(finding)?.action {
                CompiledAction::Halt => Some(Obligation::Halt),
                CompiledAction::Escalate(path) => Some(Obligation::Escalate(path.clone())),
                CompiledAction::Redact(kinds) => Some(Obligation::Redact(
                    kinds.iter().map(|kind| kind.name().to_owned()).collect(),
                )),
                _ => None,
            })
            .collect();
        obligations.sort();
        obligations.dedup();
        obligations
    }
}

/// All the changes that are needed, if each deciding rule knows one.
fn joined_nearest(deciding: &[&Finding]) -> Option<String> {
    let mut changes: Vec<String> =
        deciding.iter().map(|finding| finding.nearest.clone()).collect::<Option<_>>()?;
    changes.sort();
    changes.dedup();
    Some(changes.join(" && "))
}
