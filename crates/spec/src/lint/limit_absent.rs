//! A session without a limit.
//!
//! A limit that is not there is no limit. A loop, or a patient attacker, then
//! ends when somebody notices.
//!
//! ## Example
//!
//! ```yaml
//! constraints: {limits: {steps: 30, tool_calls: 20, usd: 0.5}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! constraints: {limits: {steps: 30, tool_calls: 20, usd: 0.5, seconds: 120, denied_calls: 5}}
//! ```

use bounden_base::{Diagnostic, Span};

use super::{Subject, edits, with_fix};
use crate::intent::SessionLimits;

pub(super) const CODE: &str = "B216";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let constraints = subject.intent.constraints.as_ref();
    let limits = constraints.and_then(|constraints| constraints.limits.as_ref());
    let is_set = |set: fn(&SessionLimits) -> bool| limits.is_some_and(set);
    // With a value that suits most conversations.
    let all = [
        ("steps", "steps: 40", is_set(|limits| limits.steps.is_some())),
        ("tool_calls", "tool_calls: 20", is_set(|limits| limits.tool_calls.is_some())),
        ("usd", "usd: 0.5", is_set(|limits| limits.usd.is_some())),
        ("seconds", "seconds: 900", is_set(|limits| limits.seconds.is_some())),
        ("denied_calls", "denied_calls: 5", is_set(|limits| limits.denied_calls.is_some())),
    ];
    let absent: Vec<_> = all.iter().filter(|(.., set)| !set).collect();
    if absent.is_empty() {
        return;
    }
    let listed = |pick: fn(&(&'static str, &'static str, bool)) -> &'static str| {
        absent.iter().map(|limit| pick(limit)).collect::<Vec<_>>().join(", ")
    };
    let whole = constraints.map_or(subject.intent.span, |constraints| constraints.span);
    let span = Span::at(limits.map_or(whole, |limits| limits.span).start);
    let message = format!("a session has no limit on {}", listed(|limit| limit.0));
    let problem = Diagnostic::warning(CODE, span, message)
        .help("set it under `constraints.limits`; what is absent is unlimited");
    let is_flow = |limits: &&SessionLimits| {
        subject.source.get(limits.span.start..).is_some_and(|text| text.starts_with('{'))
    };
    let edits = limits.filter(is_flow).map(|limits| {
        edits::entry(subject.source, limits.span, &listed(|limit| limit.1))
    });
    found.push(with_fix(problem, edits));
}
