//! Two invariants that are one rule.
//!
//! The same trigger, predicate and action twice: whoever changes one of them
//! will believe that the rule has changed.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   a: {rule: Ask first, enforce: {by: policy_engine, trigger: call billing.pay, when: args.n > 5, do: block}}
//!   b: {rule: Ask always, enforce: {by: policy_engine, trigger: call billing.pay, when: "(args.n > 5)", do: block}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   a: {rule: Ask first, enforce: {by: policy_engine, trigger: call billing.pay, when: args.n > 5, do: block}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits, with_fix};

pub(super) const CODE: &str = "B217";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(bundle) = subject.bundle() else { return };
    let items: Vec<_> = subject.intent.invariants.iter().collect();
    for (place, item) in items.iter().enumerate() {
        let Some(rule) = bundle.rules.get(item.key.name.as_str()) else { continue };
        let earlier = items.iter().take(place).find(|earlier| {
            bundle.rules.get(earlier.key.name.as_str()).is_some_and(|earlier| {
                (&earlier.trigger, &earlier.when, &earlier.action)
                    == (&rule.trigger, &rule.when, &rule.action)
            })
        });
        if let Some(earlier) = earlier {
            let message = format!("`{}` is the same rule as `{}`", item.key, earlier.key);
            let problem = Diagnostic::warning(CODE, item.key.span, message)
                .related(earlier.key.span, "first here")
                .help("remove one of the two");
            let edits = edits::removal(subject.source, item.key.span, item.value.span);
            found.push(with_fix(problem, edits));
        }
    }
}
