//! A limit that nothing can keep.
//!
//! With a limit of 0 the first call is refused, whatever it is. If that is meant,
//! leave the tools out: then the reason says so.
//!
//! ## Example
//!
//! ```yaml
//! constraints: {limits: {steps: 30, tool_calls: 0, usd: 0.5, seconds: 120, denied_calls: 5}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! constraints: {limits: {steps: 30, tool_calls: 20, usd: 0.5, seconds: 120, denied_calls: 5}}
//! ```

use bounden_base::{Decimal, Diagnostic, Span};

use super::Subject;
use crate::intent::SessionLimits;

pub(super) const CODE: &str = "B246";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let base = subject.intent.constraints.iter().filter_map(|all| all.limits.as_ref());
    let environments = subject.intent.environments.iter();
    let limits = base.chain(environments.filter_map(|item| item.value.limits.as_ref()));
    for (name, span) in limits.flat_map(zeros) {
        let message = format!("a limit of 0 {name} lets nothing happen at all");
        found.push(
            Diagnostic::warning(CODE, span, message)
                .help("write how much one session may use up, or remove the tools"),
        );
    }
}

/// The limits that are 0. None of the calls that are denied may well be wanted.
fn zeros(limits: &SessionLimits) -> Vec<(&'static str, Span)> {
    let counts = [
        ("steps", limits.steps),
        ("tool calls", limits.tool_calls),
        ("seconds", limits.seconds),
    ];
    let counts = counts.into_iter().filter_map(|(name, limit)| Some((name, limit?)));
    let zeros = counts.filter(|(_, limit)| limit.value == 0).map(|(name, limit)| (name, limit.span));
    let usd = limits.usd.filter(|usd| usd.value == Decimal::ZERO).map(|usd| ("dollars", usd.span));
    zeros.chain(usd).collect()
}
