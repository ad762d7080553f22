//! Rules that together stop every call of a tool.
//!
//! Each of them leaves some calls through, and whatever one leaves another
//! stops: above a bound and up to it, before a step and after it. The tool is
//! declared and can never be called. It is proven for every call and every past.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   high: {rule: Nothing large, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount > 100, do: block}}
//!   low: {rule: Nothing small, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount <= 100, do: block}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   high: {rule: Nothing large, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount > 100, do: block}}
//!   low: {rule: Nothing small, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount <= 1, do: block}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::analysis::Weakness;
use bounden_policy::{RuleId, ToolName};

use super::{Subject, edits, listed, with_fix};

pub(super) const CODE: &str = "B305";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for weakness in subject.weaknesses() {
        if let Weakness::Barred { tool, by } = weakness {
            found.extend(problem(subject, tool, by));
        }
    }
}

fn problem(subject: &Subject<'_>, tool: &ToolName, by: &[RuleId]) -> Option<Diagnostic> {
    let item = subject.intent.tools.iter().find(|item| item.key.name == tool.as_str())?;
    let (together, one) = match by {
        [_] => ("stops", "the rule"),
        _ => ("together stop", "one of the rules"),
    };
    let message =
        format!("`{tool}` can never be called: {} {together} every call of it", listed(by));
    let mut problem = Diagnostic::warning(CODE, item.key.span, message)
        .help(format!("let {one} leave calls through, or remove the tool"));
    for rule in by.iter().filter_map(|id| subject.invariant(id)) {
        problem = problem.related(rule.key.span, "stops what the others leave");
    }
    let last = by.iter().filter_map(|id| subject.invariant(id)).max_by_key(|item| item.key.span);
    let edits = last.and_then(|item| {
        edits::removal(subject.source, item.key.span, item.value.span)
    });
    Some(with_fix(problem, edits))
}
