//! A rule that can never fire.
//!
//! No call that fits the pinned schemas makes its condition true: an amount
//! below zero, a word that the schema does not list, two texts at once. This
//! is proven for every call, not tried with some. Where the rule still stops
//! calls, it is because a value is missing, which a rule of its own says better.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   no-theft: {rule: Nobody pays us by this, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount < 0, do: block}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   no-theft: {rule: Nobody pays nothing, enforce: {by: policy_engine, trigger: call billing.pay, when: args.amount <= 0, do: block}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::RuleId;
use bounden_policy::analysis::Weakness;

use super::{Subject, edits, with_fix};

pub(super) const CODE: &str = "B301";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for weakness in subject.weaknesses() {
        if let Weakness::NeverFires { rule, stops } = weakness {
            found.extend(problem(subject, rule, *stops));
        }
    }
}

fn problem(subject: &Subject<'_>, rule: &RuleId, stops: bool) -> Option<Diagnostic> {
    let item = subject.invariant(rule)?;
    let when = item.value.enforce.as_ref().and_then(|enforce| enforce.when.as_ref());
    let span = when.map_or(item.key.span, |when| when.span);
    if stops {
        let message = format!("`{rule}` never fires: it only stops calls in which a value is missing");
        let help = "say with `has(…)` which value has to be there, or compare with what can be there";
        return Some(Diagnostic::warning(CODE, span, message).help(help));
    }
    let message = format!("`{rule}` can never fire: no call that is well-formed makes this true");
    let problem = Diagnostic::warning(CODE, span, message)
        .help("compare with values that a call can have, or remove the invariant");
    Some(with_fix(problem, edits::removal(subject.source, item.key.span, item.value.span)))
}
