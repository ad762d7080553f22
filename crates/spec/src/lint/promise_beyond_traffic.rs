//! A promise that the traffic cannot keep fresh.
//!
//! Evidence fades: after its half-life h it counts half, so that a steady stream of
//! r conversations a day is worth r·h/ln 2 of them. To show a share p with 95 %
//! confidence takes ln 0.05 / ln p without a failure, 59 for 0.95: at a half-life of
//! 14 days, 2.9 conversations a day. `baselines.conversations` says how many there
//! are in a week.
//!
//! ## Example
//!
//! ```yaml
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.99, half_life: 14d}}
//! measurement: {drift_review: weekly, baselines: {conversations: 40}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! commitments: {payments: {to: customers, criterion: paid, promise: 0.95, half_life: 14d}}
//! measurement: {drift_review: weekly, baselines: {conversations: 40}}
//! ```

use bounden_base::{Decimal, Diagnostic};

use super::{Subject, promise_beyond_trials::trials};

pub(super) const CODE: &str = "B405";

/// ln 2, in millionths.
const LN_2: u64 = 693_147;
const MILLION: u64 = 1_000_000;
/// Seconds.
const WEEK: u64 = 7 * 86_400;

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let measurement = subject.intent.measurement.as_ref();
    let weekly = measurement.and_then(|all| all.baselines.get("conversations"));
    let Some(weekly) = weekly else { return };
    for item in &subject.intent.commitments {
        let (promise, Some(half_life)) = (item.value.promise, item.value.half_life) else { continue };
        let Some(needed) = weekly_need(promise.value, half_life.value.seconds) else { continue };
        if weekly.value < needed {
            let message = format!(
                "{} conversations a week cannot keep the promise of {} fresh: {needed} can",
                weekly.value, promise.value
            );
            found.push(
                Diagnostic::warning(CODE, promise.span, message)
                    .related(half_life.span, "evidence counts half after this")
                    .related(weekly.span, "conversations a week")
                    .help("promise less, or let evidence count for longer"),
            );
        }
    }
}

/// How many conversations a week keep a promise shown: n·ln 2/h, rounded up.
fn weekly_need(promise: Decimal, half_life: u64) -> Option<Decimal> {
    let fading = trials(promise)?.checked_mul(LN_2)?.checked_mul(WEEK)?;
    let per_week = half_life.checked_mul(MILLION).filter(|seconds| *seconds > 0)?;
    Some(Decimal::from(fading.div_ceil(per_week)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_rates_at_a_half_life_of_two_weeks() {
        let fortnight = 14 * 86_400;
        for (promise, needed) in [("0.95", 21_u64), ("0.99", 104), ("0.90", 11)] {
            let needed = Some(Decimal::from(needed));
            assert_eq!(weekly_need(promise.parse().unwrap(), fortnight), needed, "{promise}");
        }
        assert_eq!(weekly_need("0.95".parse().unwrap(), 0), None);
    }
}
