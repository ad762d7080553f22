//! A failure mode that can never happen.
//!
//! `budget_exceeded` answers to a limit of the session, and there is none.
//! `out_of_scope` answers to a request about an exclusion, and while requests
//! are told apart, nothing tells what the exclusions are. The answer is there
//! and is never given.
//!
//! ## Example
//!
//! ```yaml
//! constraints: {memory: session}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! constraints: {memory: session, limits: {tool_calls: 20}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::FailureMode;
use bounden_policy::analysis::Weakness;

use super::{Subject, edits, with_fix};
use crate::compile::MODES;

pub(super) const CODE: &str = "B303";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for weakness in subject.weaknesses() {
        if let Weakness::Unreachable { mode } = weakness {
            found.extend(problem(subject, *mode));
        }
    }
}

fn problem(subject: &Subject<'_>, mode: FailureMode) -> Option<Diagnostic> {
    let response = subject.intent.failure_modes.as_ref()?.response(mode)?;
    let (_, name) = MODES.into_iter().find(|(known, _)| *known == mode)?;
    let (why, help) = match mode {
        FailureMode::BudgetExceeded => {
            ("a session has no limit", "set one under `constraints.limits`, such as `tool_calls: 20`")
        }
        _ => (
            "no exclusion has an example or a phrase",
            "add `examples` to the topics of `scope.out`",
        ),
    };
    let message = format!("`{name}` can never happen: {why}");
    let problem = Diagnostic::warning(CODE, response.r#do.span, message).help(help);
    Some(with_fix(problem, limit(subject, mode)))
}

/// A limit that suits most conversations.
fn limit(subject: &Subject<'_>, mode: FailureMode) -> Option<Vec<bounden_base::Edit>> {
    let constraints = subject.intent.constraints.as_ref()?;
    let is_absent = mode == FailureMode::BudgetExceeded && constraints.limits.is_none();
    is_absent.then(|| edits::entry(subject.source, constraints.span, "limits: {tool_calls: 20}"))
}
