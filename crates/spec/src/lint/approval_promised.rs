//! A rule that speaks of an approval, and a mechanism that asks for none.
//!
//! "Never above 500 without approval" promises that a person can agree. What is
//! blocked is blocked for everybody, so nobody can. Ask for the approval, or say
//! in the rule that it never happens.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   cap: {rule: No payment without the approval of a lead, enforce: {by: policy_engine, trigger: call billing.pay, do: block}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   cap: {rule: No payment without the approval of a lead, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//! ```

use bounden_base::{Diagnostic, Edit};

use super::{Subject, says, with_fix};
use crate::intent::By;

pub(super) const CODE: &str = "B274";

/// What a person does who lets something happen.
const APPROVALS: [&str; 9] = [
    "approval", "approve", "approves", "approved", "agree", "agrees", "consent", "permission",
    "authorisation",
];

/// What makes it an exception from the rule.
const EXCEPTIONS: [&str; 5] = ["without", "unless", "until", "except", "before"];

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.invariants {
        let rule = &item.value.rule;
        let Some(enforce) = item.value.enforce.as_ref() else { continue };
        let Some(action) = enforce.r#do.as_ref().filter(|_| enforce.by.value == By::PolicyEngine) else {
            continue;
        };
        let refuses = matches!(action.value.as_str(), "block" | "halt");
        if !refuses || !says(rule, &APPROVALS) || !says(rule, &EXCEPTIONS) {
            continue;
        }
        let message = format!("the rule speaks of an approval, and `{action}` asks nobody for one");
        let problem = Diagnostic::warning(CODE, action.span, message)
            .related(rule.span, "promises that a person can agree")
            .help("write `require approval from ROLE`, or say in the rule that it never happens");
        let ownership = subject.intent.ownership.as_ref();
        let mut roles = ownership.into_iter().flat_map(|ownership| ownership.approvers.names());
        let edits = roles.next().filter(|_| roles.next().is_none()).map(|role| {
            vec![Edit { span: action.span, replacement: format!("require approval from {role}") }]
        });
        found.push(with_fix(problem, edits));
    }
}
