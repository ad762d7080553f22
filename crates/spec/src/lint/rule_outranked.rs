//! A rule that others always outrank.
//!
//! Whenever it has something to say, other rules say something stricter, so it
//! never decides anything: nobody is ever handed the case that it speaks of.
//! Often one of two bounds stands in the wrong rule. It is proven for every
//! call and every past.
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
use bounden_policy::RuleId;
use bounden_policy::analysis::Weakness;

use super::{Subject, edits, listed, with_fix};

pub(super) const CODE: &str = "B302";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for weakness in subject.weaknesses() {
        if let Weakness::Outranked { rule, by } = weakness {
            found.extend(problem(subject, rule, by));
        }
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
