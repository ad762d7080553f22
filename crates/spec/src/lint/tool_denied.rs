//! A tool that is declared and denied.
//!
//! `tools` says that it may be called, the allowlist that it never can be. It
//! cannot; whoever reads only one of the two believes something else.
//!
//! ## Example
//!
//! ```yaml
//! tools:
//!   billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
//!   billing.look: {effects: [observe]}
//!   desk.hand_over: {effects: [send]}
//!   billing.export: {effects: [observe]}
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   no-export: {rule: Nothing is exported, enforce: {by: tool_allowlist, deny: [billing.export]}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   no-export: {rule: Nothing is exported, enforce: {by: tool_allowlist, deny: [billing.export]}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits, with_fix};
use crate::intent::By;

pub(super) const CODE: &str = "B271";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let enforced = subject.intent.invariants.iter().filter_map(|item| Some((item, item.value.enforce.as_ref()?)));
    for (item, enforce) in enforced.filter(|(_, enforce)| enforce.by.value == By::ToolAllowlist) {
        for denied in &enforce.deny {
            let mut tools = subject.intent.tools.iter();
            let Some(tool) = tools.find(|tool| tool.key.name == denied.value) else { continue };
            let message = format!("`{denied}` is declared, and `{}` denies every call of it", item.key);
            let problem = Diagnostic::warning(CODE, denied.span, message)
                .related(tool.key.span, "declared here")
                .help(format!("remove `{denied}` from `tools`, or from `deny`"));
            let edits = edits::removal(subject.source, tool.key.span, tool.value.span);
            found.push(with_fix(problem, edits));
        }
    }
}
