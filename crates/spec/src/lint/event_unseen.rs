//! An invariant on an event that no enforcement point sees.
//!
//! Guards stand in front of servers and in logs: they see calls, results and log
//! records. What a person asks and what the agent answers passes none of them, so
//! a rule about it judges recorded runs and stops nothing while the agent runs.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   no-promises: {rule: The agent guarantees nothing, enforce: {by: policy_engine, trigger: output, when: output.text.contains("guarantee"), do: block}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//! success_criteria:
//!   paid: {expect: {says: [{none: [guarantee]}]}, effects: [{before: {first: billing.look, then: billing.pay}}, {called: billing.pay, times: 1}]}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::{EventName, Point};

use super::Subject;

pub(super) const CODE: &str = "B275";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(bundle) = subject.bundle() else { return };
    for (id, rule) in &bundle.rules {
        let event = rule.trigger.event;
        let Some(item) = subject.invariant(id).filter(|_| !Point::any_sees(event)) else { continue };
        let Some(enforce) = item.value.enforce.as_ref() else { continue };
        let span = enforce.trigger.as_ref().map_or(enforce.by.span, |trigger| trigger.span);
        let name = event.name();
        let message = format!("no enforcement point sees `{name}`, so this rule stops nothing");
        found.push(Diagnostic::warning(CODE, span, message).help(instead(event)));
    }
}

/// What can be written in place of a rule on this event.
fn instead(event: EventName) -> &'static str {
    match event {
        EventName::Output => {
            "write it on `call` or `result`, which guards see, or as `expect` of a criterion, which tests judge"
        }
        _ => "write it on `call` or `result`, which guards see; on this event it judges recorded runs only",
    }
}
