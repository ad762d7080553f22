//! A cap on one call that two calls evade.
//!
//! A limit on the amount of a single call says nothing of ten calls just under
//! it. A second rule over the running total closes the gap.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   cap:
//!     rule: No payment above 500
//!     enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount > 500, do: block}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   cap:
//!     rule: No payment above 500
//!     enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount > 500, do: block}
//!   total:
//!     rule: No more than 500 in 30 days
//!     enforce:
//!       by: policy_engine
//!       trigger: call billing.pay
//!       when: calls("billing.pay").across("agent").within("30d").sum(args.amount) + args.amount > 500
//!       do: block
//! ```

use bounden_base::Diagnostic;
use bounden_policy::{Cap, EventName, Reading, Rule};

use super::{Subject, edits, with_fix};
use crate::intent::Invariant;
use crate::read::Item;

pub(super) const CODE: &str = "B209";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(bundle) = subject.bundle() else { return };
    let of_calls = bundle.rules.iter().filter(|(_, rule)| rule.trigger.event == EventName::Call);
    let reading = |rule: &Rule| rule.when.as_ref().and_then(|when| subject.reading(when));
    let readings: Vec<_> = of_calls.filter_map(|(id, rule)| Some((id, rule, reading(rule)?))).collect();
    for (id, rule, own) in &readings {
        let is_summed = |path: &str| {
            readings.iter().any(|(_, other, reading)| {
                shares_a_tool(rule, other) && reading.sums.iter().any(|sum| sum == path)
            })
        };
        let mut items = subject.intent.invariants.iter();
        let Some(item) = items.find(|item| item.key.name == id.as_str()) else { continue };
        for cap in own.caps.iter().filter(|cap| cap.path.starts_with("args.")) {
            if !is_summed(&cap.path) {
                found.extend(problem(subject, item, rule, cap));
            }
        }
    }
}

fn problem(subject: &Subject<'_>, item: &Item<Invariant>, rule: &Rule, cap: &Cap) -> Option<Diagnostic> {
    let when = item.value.enforce.as_ref()?.when.as_ref()?;
    // The bundle holds the normal form; the place is that of the same cap as it is written.
    let written = Reading::of(when)?.caps.into_iter();
    let same = |known: &Cap| known.path == cap.path && known.bound == cap.bound;
    let span = written.into_iter().find(same).map_or(when.span, |cap| when.part(cap.span));
    let (path, bound) = (&cap.path, cap.bound);
    let tools = rule.trigger.tools.join(", ");
    let total = format!(
        "calls(\"{tools}\").across(\"agent\").within(\"30d\").sum({path}) + {path} > {bound}"
    );
    let lines = [
        format!("{}-total:", item.key),
        format!("  rule: No more than {bound} in 30 days, all calls together"),
        "  enforce:".to_owned(),
        "    by: policy_engine".to_owned(),
        format!("    trigger: {}", rule.trigger),
        format!("    when: {total}"),
        format!("    do: {}", rule.action),
    ];
    let edits = edits::lines_after(subject.source, item.key.span, item.value.span, &lines);
    let message = format!("several calls evade this cap: nothing adds up `{path}`");
    let problem = Diagnostic::warning(CODE, span, message)
        .help(format!("add an invariant with `when: {total}`"));
    Some(with_fix(problem, edits))
}

fn shares_a_tool(a: &Rule, b: &Rule) -> bool {
    let (a, b) = (&a.trigger.tools, &b.trigger.tools);
    a.is_empty() || b.is_empty() || a.iter().any(|tool| b.contains(tool))
}
