//! A promise that the demanded evidence cannot support.
//!
//! A share p is shown with 95 % confidence by ln 0.05 / ln p runs without a
//! failure: 29 for 0.90, 59 for 0.95, 299 for 0.99 (the exact binomial bound
//! of Clopper and Pearson for no failures).
//!
//! ## Example
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{called: billing.pay}]}}
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.99}}
//! promotion: {production: {approvals: {admin: 1}, evidence: {min_trials: 59}}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! success_criteria: {paid: {effects: [{called: billing.pay}]}}
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.99}}
//! promotion: {production: {approvals: {admin: 1}, evidence: {min_trials: 299}}}
//! ```

use bounden_base::{Decimal, Diagnostic, Edit};

use super::Subject;

pub(super) const CODE: &str = "B401";

/// No promise needs more; above it the product below would not end soon.
const MOST: u64 = 1_000_000;

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let commitments = subject.intent.commitments.iter();
    let Some(strictest) = commitments.max_by_key(|item| item.value.promise.value) else { return };
    let promise = strictest.value.promise;
    let Some(needed) = trials(promise.value) else { return };
    // Evidence counts at the last gate; earlier ones may demand less.
    let gates = subject.intent.promotion.iter().filter(|item| {
        subject.intent.promotion.iter().all(|other| {
            other.value.from.as_ref().is_none_or(|from| from.value != item.key.name)
        })
    });
    for trials in gates.filter_map(|item| item.value.evidence.as_ref()?.min_trials) {
        if trials.value < needed {
            let message = format!(
                "{} {} cannot show the promise of {}: {needed} without a failure can",
                trials.value,
                if trials.value == 1 { "trial" } else { "trials" },
                promise.value
            );
            let enough = Edit { span: trials.span, replacement: needed.to_string() };
            found.push(
                Diagnostic::warning(CODE, trials.span, message)
                    .related(promise.span, "the promise")
                    .help(format!("write `min_trials: {needed}`, or promise less"))
                    .fix(vec![enough], true),
            );
        }
    }
}

/// The fewest runs without a failure that show a share of `promise`: promise^n ≤ 0.05.
pub(super) fn trials(promise: Decimal) -> Option<u64> {
    let one = Decimal::from(1_u32);
    if promise <= Decimal::ZERO || promise >= one {
        return None;
    }
    let alpha = Decimal::from(5_u32).checked_div(Decimal::from(100_u32))?;
    let mut power = one;
    for n in 1..=MOST {
        power = power.checked_mul(promise)?;
        if power <= alpha {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_numbers_of_trials() {
        for (promise, needed) in [("0.9", 29), ("0.95", 59), ("0.99", 299), ("0.999", 2995), ("0.5", 5)] {
            assert_eq!(trials(promise.parse().unwrap()), Some(needed), "{promise}");
        }
        for promise in ["0", "1", "1.5"] {
            assert_eq!(trials(promise.parse().unwrap()), None, "{promise}");
        }
    }
}
