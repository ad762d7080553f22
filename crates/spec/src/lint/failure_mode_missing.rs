//! A failure mode that is not answered.
//!
//! Five things happen to every agent: an ambiguous request, one that is out of
//! scope, a tool that fails, personal data in the input, and an exhausted
//! budget. Where the intent says nothing, the model improvises.
//!
//! ## Example
//!
//! ```yaml
//! failure_modes:
//!   ambiguous_request: {do: clarify, max: 1, then: escalate people}
//!   out_of_scope: {do: escalate people}
//!   tool_failure: {do: halt, inform: true, then: escalate people}
//!   pii_detected: {do: continue, flag: audit, echo: never}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! failure_modes:
//!   ambiguous_request: {do: clarify, max: 1, then: escalate people}
//!   out_of_scope: {do: escalate people}
//!   tool_failure: {do: halt, inform: true, then: escalate people}
//!   pii_detected: {do: continue, flag: audit, echo: never}
//!   budget_exceeded: {do: halt, then: escalate people}
//! ```

use bounden_base::{Diagnostic, Span};
use bounden_policy::FailureMode;

use super::{Subject, edits, with_safe_fix};
use crate::compile::MODES;

pub(super) const CODE: &str = "B203";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let path = subject.only_path().unwrap_or("PATH");
    let Some(modes) = &subject.intent.failure_modes else {
        let names: Vec<_> = MODES.iter().map(|(_, name)| *name).collect();
        let message = "nothing says what happens where the design ends";
        let problem = Diagnostic::error(CODE, Span::at(subject.intent.span.start), message);
        found.push(problem.help(format!("add `failure_modes` with {}", names.join(", "))));
        return;
    };
    for (mode, name) in MODES.iter().filter(|(mode, _)| modes.response(*mode).is_none()) {
        let entry = format!("{name}: {}", usual(*mode, path));
        let message = format!("nothing says what happens on `{name}`");
        let problem = Diagnostic::error(CODE, Span::at(modes.span.start), message)
            .help(format!("add, for example, `{entry}`"));
        let edits = subject.only_path().map(|_| edits::entry(subject.source, modes.span, &entry));
        found.push(with_safe_fix(problem, edits));
    }
}

/// The answer that most agents give.
fn usual(mode: FailureMode, path: &str) -> String {
    match mode {
        FailureMode::AmbiguousRequest => format!("{{do: clarify, max: 1, then: escalate {path}}}"),
        FailureMode::OutOfScope => format!("{{do: escalate {path}}}"),
        FailureMode::ToolFailure => format!("{{do: halt, inform: true, then: escalate {path}}}"),
        FailureMode::PiiDetected => "{do: continue, flag: audit, echo: never}".to_owned(),
        FailureMode::BudgetExceeded => format!("{{do: halt, then: escalate {path}}}"),
    }
}
