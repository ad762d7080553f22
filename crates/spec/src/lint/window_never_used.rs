//! A period that no rule refers to.
//!
//! A freeze that stands in the document and in no rule freezes nothing.
//!
//! ## Example
//!
//! ```yaml
//! windows: {freeze: {from: "2026-12-20T00:00:00Z", to: "2027-01-02T00:00:00Z"}, audit: {from: "2027-03-01T00:00:00Z", to: "2027-03-02T00:00:00Z"}}
//! invariants:
//!   frozen: {rule: No payment in the freeze, enforce: {by: policy_engine, trigger: call billing.pay, when: window("freeze").open, do: block}}
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! windows: {freeze: {from: "2026-12-20T00:00:00Z", to: "2027-01-02T00:00:00Z"}}
//! invariants:
//!   frozen: {rule: No payment in the freeze, enforce: {by: policy_engine, trigger: call billing.pay, when: window("freeze").open, do: block}}
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//! ```

use bounden_base::{Diagnostic, Json};

use super::{Subject, edits, with_safe_fix};

pub(super) const CODE: &str = "B264";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(bundle) = subject.bundle() else { return };
    let conditions: Vec<_> = bundle.rules.values().filter_map(|rule| rule.when.as_ref()).collect();
    for item in &subject.intent.windows {
        // Compiled conditions stand in their normal form.
        let asked = format!("window({})", Json::from(item.key.name.as_str()).canonical());
        if conditions.iter().all(|condition| !condition.contains(&asked)) {
            let message = format!("no rule asks whether `{}` is open", item.key);
            let help = format!("write a rule with `when: {asked}.open`, or remove the period");
            // Nothing asks, so nothing changes without it.
            found.push(with_safe_fix(
                Diagnostic::warning(CODE, item.key.span, message).help(help),
                edits::removal(subject.source, item.key.span, item.value.span),
            ));
        }
    }
}
