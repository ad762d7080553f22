//! Two rules that set one argument to different values.
//!
//! Where both fire the call is blocked, since nobody can say which value is
//! meant. It is reported with a call on which the engine did so.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   ten: {rule: Ten at once, enforce: {by: policy_engine, trigger: call billing.pay, when: args.n > 10, do: set args.n = 10}}
//!   twenty: {rule: Twenty at once, enforce: {by: policy_engine, trigger: call billing.pay, when: args.n > 20, do: set args.n = 20}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   ten: {rule: Ten at once, enforce: {by: policy_engine, trigger: call billing.pay, when: args.n > 10, do: set args.n = 10}}
//! ```

use bounden_base::Diagnostic;
use bounden_policy::analysis::Weakness;
use bounden_policy::{Event, EventBody, RuleId};

use super::{Subject, edits, with_fix};

pub(super) const CODE: &str = "B304";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for weakness in subject.weaknesses() {
        if let Weakness::Conflict { rules: [one, other], path, witness } = weakness {
            found.extend(problem(subject, [one, other], path, witness));
        }
    }
}

fn problem(
    subject: &Subject<'_>,
    [one, other]: [&RuleId; 2],
    path: &str,
    witness: &Event,
) -> Option<Diagnostic> {
    let (first, second) = (subject.invariant(one)?, subject.invariant(other)?);
    let (first, second) =
        if first.key.span <= second.key.span { (first, second) } else { (second, first) };
    let action = second.value.enforce.as_ref().and_then(|enforce| enforce.r#do.as_ref());
    let span = action.map_or(second.key.span, |action| action.span);
    let message = format!(
        "`{}` sets `{path}` to another value than `{}`, so that a call is blocked",
        second.key, first.key
    );
    let problem = Diagnostic::warning(CODE, span, message)
        .related(first.key.span, "sets it, too")
        .help(format!("let only one of them fire on {}", call(witness)?));
    let removal = edits::removal(subject.source, second.key.span, second.value.span);
    Some(with_fix(problem, removal))
}

fn call(witness: &Event) -> Option<String> {
    match &witness.body {
        EventBody::Call { tool, args, .. } => {
            Some(format!("`{tool}({})`", args.value_or_null().canonical()))
        }
        _ => None,
    }
}
