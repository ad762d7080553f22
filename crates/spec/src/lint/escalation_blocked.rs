//! An escalation path that is blocked.
//!
//! The path is a call, and a rule blocks that call whatever its arguments are. A
//! case that should go to a person goes nowhere.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   nothing-out: {rule: Nothing is sent, enforce: {by: tool_allowlist, deny: ["desk.*"]}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   nothing-out: {rule: No mail is sent, enforce: {by: tool_allowlist, deny: ["mail.*"]}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::{Action, EventName, RuleId, ToolName};

use super::Subject;

pub(super) const CODE: &str = "B249";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.escalations {
        let Some(call) = &item.value.call else { continue };
        let Some(rule) = blocking(subject, call) else { continue };
        let message = format!("`{rule}` blocks every call of `{call}`, so that `{}` leads nowhere", item.key);
        let mut problem = Diagnostic::error(CODE, call.span, message)
            .help("let the rule spare this tool, or escalate by another");
        let invariants = subject.intent.invariants.iter();
        let blocking = invariants.filter(|item| item.key.name == rule.as_str());
        for item in blocking {
            problem = problem.related(item.key.span, "this rule");
        }
        found.push(problem);
    }
}

/// The rule that blocks every call of a tool.
fn blocking<'s>(subject: &'s Subject<'_>, tool: &str) -> Option<&'s RuleId> {
    let bundle = subject.bundle()?;
    let tool = ToolName::new(tool);
    let mut rules = subject.policy?.rules_at(EventName::Call, Some(&tool));
    rules.find(|id| {
        bundle.rules.get(*id).is_some_and(|rule| {
            let stops = matches!(rule.action, Action::Block | Action::Halt);
            stops && rule.when.is_none() && !rule.shadow
        })
    })
}
