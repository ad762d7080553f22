//! A rule that others always outrank.
//!
//! Whenever it has something to say, other rules say something stricter, so it
//! never decides anything: nobody is ever handed the case that it speaks of.
//! Often one of two bounds stands in the wrong rule. It is proven for every
//! call and every past, or follows from two rules with the same condition.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   hand-over: {rule: People see what is above 500, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount > 500, do: escalate people}}
//!   cap: {rule: Nothing above 100, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount > 100, do: block}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   hand-over: {rule: People see what is above 100, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount > 100, do: escalate people}}
//!   cap: {rule: Nothing above 500, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount > 500, do: block}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::{Action, Rule, RuleId};
use bounden_policy::analysis::Weakness;

use super::{Subject, edits, listed, with_fix};

pub(super) const CODE: &str = "B302";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let proven: Vec<(&RuleId, &[RuleId])> = subject
        .weaknesses()
        .iter()
        .filter_map(|weakness| match weakness {
            Weakness::Outranked { rule, by } => Some((rule, by.as_slice())),
            _ => None,
        })
        .collect();
    found.extend(proven.iter().filter_map(|(rule, by)| problem(subject, rule, by)));
    let Some(bundle) = subject.bundle() else { return };
    for (id, rule) in &bundle.rules {
        if proven.iter().any(|(known, _)| *known == id) {
            continue;
        }
        let mut others = bundle.rules.iter();
        if let Some((by, _)) = others.find(|(_, other)| is_stricter_twin(other, rule)) {
            found.extend(problem(subject, id, std::slice::from_ref(by)));
        }
    }
}

/// Whether a rule says something stricter on the very same condition, which needs no proof: what
/// makes the one fire makes the other fire, whatever the condition asks of the past. What somebody
/// can agree to is none: the other rule decides once they have.
fn is_stricter_twin(other: &Rule, rule: &Rule) -> bool {
    let same = other.trigger == rule.trigger && other.when == rule.when;
    let is_final = !matches!(other.action, Action::RequireApproval(_));
    same && is_final && !other.shadow && strictness(&other.action) > strictness(&rule.action)
}

/// In the order in which the engine lets answers go before one another.
fn strictness(action: &Action) -> u8 {
    match action {
        Action::Warn => 0,
        Action::Set { .. } | Action::Redact { .. } => 1,
        Action::RequireApproval(_) => 2,
        Action::Escalate { .. } => 3,
        Action::Block => 4,
        Action::Halt => 5,
    }
}

fn problem(subject: &Subject<'_>, rule: &RuleId, by: &[RuleId]) -> Option<Diagnostic> {
    let item = subject.invariant(rule)?;
    let action = item.value.enforce.as_ref().and_then(|enforce| enforce.r#do.as_ref());
    let span = action.map_or(item.key.span, |action| action.span);
    let say = if by.len() == 1 { "says" } else { "say" };
    let message =
        format!("`{rule}` never decides: whenever it fires, {} {say} something stricter", listed(by));
    let mut problem = Diagnostic::warning(CODE, span, message)
        .help(format!("narrow {}, or remove `{rule}`", listed(by)));
    for other in by.iter().filter_map(|id| subject.invariant(id)) {
        problem = problem.related(other.key.span, "stricter");
    }
    Some(with_fix(problem, edits::removal(subject.source, item.key.span, item.value.span)))
}
