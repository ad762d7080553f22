//! What a number of runs says about the rate behind it, and when they are too
//! few to say anything.
//!
//! Exact binomial methods throughout; a confidence of 0.95 is written as 0.95.

use std::f64::consts::SQRT_2;

use statrs::function::beta::checked_beta_reg;
use statrs::function::erf::erf_inv;

/// Successes out of trials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many succeeded; at most `trials`.
    pub successes: u64,
    /// How many there were.
    pub trials: u64,
}

/// A range of rates, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lowest rate.
    pub low: f64,
    /// Highest rate.
    pub high: f64,
}

impl Rate {
    /// `successes` out of `trials`, cut to `trials`.
    #[must_use]
    pub fn new(successes: u64, trials: u64) -> Self {
        Self { successes: successes.min(trials), trials }
    }

    /// The observed share; `None` without trials.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.trials > 0).then(|| self.successes as f64 / self.trials as f64)
    }

    fn failures(self) -> u64 {
        self.trials - self.successes
    }

    /// The rate that is exceeded with this one-sided confidence (Clopper and
    /// Pearson, 1934); 0 without trials.
    #[must_use]
    pub fn lower_bound(self, confidence: f64) -> f64 {
        if self.successes == 0 {
            return 0.0;
        }
        let (a, b) = (self.successes as f64, self.failures() as f64 + 1.0);
        beta_quantile(a, b, 1.0 - confidence)
    }

    /// The rate that is not reached with this one-sided confidence; 1 without trials.
    #[must_use]
    pub fn upper_bound(self, confidence: f64) -> f64 {
        if self.failures() == 0 {
            return 1.0;
        }
        let (a, b) = (self.successes as f64 + 1.0, self.failures() as f64);
        beta_quantile(a, b, confidence)
    }

    /// The two-sided exact interval of Clopper and Pearson.
    #[must_use]
    pub fn exact_interval(self, confidence: f64) -> Interval {
        let side = f64::midpoint(1.0, confidence);
        Interval { low: self.lower_bound(side), high: self.upper_bound(side) }
    }

    /// The two-sided score interval (Wilson, 1927), without continuity correction.
    #[must_use]
    pub fn wilson_interval(self, confidence: f64) -> Interval {
        let Some(share) = self.share() else { return Interval { low: 0.0, high: 1.0 } };
        let z = SQRT_2 * erf_inv(confidence);
        let n = self.trials as f64;
        let scale = 1.0 + z * z / n;
        let centre = (share + z * z / (2.0 * n)) / scale;
        let half = z / scale * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        let low = if self.successes == 0 { 0.0 } else { centre - half };
        let high = if self.failures() == 0 { 1.0 } else { centre + half };
        Interval { low, high }
    }
}

/// The chance that k trials of one case, drawn from its recorded ones, all
/// pass: C(passed, k) / C(trials, k), unbiased (Chen et al., 2021, for the
/// complement). `None` where fewer than k trials are recorded.
#[must_use]
pub fn pass_hat_k(case: Rate, k: u64) -> Option<f64> {
    (k <= case.trials).then(|| {
        (0..k).map(|i| case.successes.saturating_sub(i) as f64 / (case.trials - i) as f64).product()
    })
}

/// [`pass_hat_k`] averaged over cases; `None` where a case has fewer than k
/// trials, or there is no case.
#[must_use]
pub fn mean_pass_hat_k(cases: &[Rate], k: u64) -> Option<f64> {
    let chances: Option<Vec<f64>> = cases.iter().map(|case| pass_hat_k(*case, k)).collect();
    let chances = chances.filter(|chances| !chances.is_empty())?;
    Some(chances.iter().sum::<f64>() / chances.len() as f64)
}

/// How many trials without a failure prove a rate above `rate`: the smallest n
/// with rate^n ≤ 1 − confidence. `None` for a rate that no number proves.
#[must_use]
pub fn zero_failure_trials(rate: f64, confidence: f64) -> Option<u64> {
    let possible = 0.0 < rate && rate < 1.0 && 0.0 < confidence && confidence < 1.0;
    let trials = ((1.0 - confidence).ln() / rate.ln()).ceil();
    possible.then_some(trials as u64)
}

/// The smallest drop below `baseline` that a one-sided exact test at level
/// `alpha` finds with the given power in so many trials; `None` where they are
/// too few to find any.
#[must_use]
pub fn minimum_detectable_drop(trials: u64, baseline: f64, alpha: f64, power: f64) -> Option<f64> {
    let critical = last_where(trials, |k| binomial_cdf(k, trials, baseline) <= alpha)?;
    let found = |rate: f64| binomial_cdf(critical, trials, rate) >= power;
    // The lower the rate, the surer it is found.
    let rate = bisect(0.0, baseline, |rate| !found(rate));
    Some(baseline - rate)
}

/// The two-sided exact p-value of McNemar's test, given how many cases only the
/// first and only the second version passed.
#[must_use]
pub fn mcnemar(first_only: u64, second_only: u64) -> f64 {
    let (few, all) = (first_only.min(second_only), first_only + second_only);
    if all == 0 { 1.0 } else { (2.0 * binomial_cdf(few, all, 0.5)).min(1.0) }
}

/// The interval of `first − second` for two independent rates (Newcombe, 1998,
/// method 10). `None` without trials.
#[must_use]
pub fn difference_interval(first: Rate, second: Rate, confidence: f64) -> Option<Interval> {
    let (p1, p2) = (first.share()?, second.share()?);
    let (w1, w2) = (first.wilson_interval(confidence), second.wilson_interval(confidence));
    let low = (p1 - w1.low).hypot(w2.high - p2);
    let high = (w1.high - p1).hypot(p2 - w2.low);
    Some(Interval { low: p1 - p2 - low, high: p1 - p2 + high })
}

/// The last k below `end` for which `holds`, which holds up to there.
fn last_where(end: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low.checked_sub(1)
}

/// P(X ≤ k) for X of n trials at `rate`.
fn binomial_cdf(k: u64, n: u64, rate: f64) -> f64 {
    if k >= n || rate <= 0.0 {
        return 1.0;
    }
    if rate >= 1.0 {
        return 0.0;
    }
    regularized_beta((n - k) as f64, k as f64 + 1.0, 1.0 - rate)
}

/// The x with I_x(a, b) = p.
fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    bisect(0.0, 1.0, |x| regularized_beta(a, b, x) >= p)
}

/// I_x(a, b). The arguments are always in its domain; should they not be, the
/// answer is NaN, which no comparison takes for proof.
fn regularized_beta(a: f64, b: f64, x: f64) -> f64 {
    checked_beta_reg(a, b, x).unwrap_or(f64::NAN)
}

/// The point between `low` and `high` from which on `reached` holds.
fn bisect(mut low: f64, mut high: f64, reached: impl Fn(f64) -> bool) -> f64 {
    // 200 halvings go beyond the last bit of any f64 in [0, 1].
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if reached(middle) { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests;
