//! The expected figures were computed with SciPy 1.17 (`beta.ppf`,
//! `binomtest(...).proportion_ci`, `binom.cdf` under `brentq`).

use super::*;

fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-9, "{left} is not {right}");
}

/// Successes, trials; one-sided bounds at 95 %; exact and Wilson intervals at
/// 95 %; Wilson's upper end at 80 %.
const SCIPY: [(u64, u64, [f64; 7]); 8] = [
    (
        0,
        10,
        [0.0, 0.258865550893052, 0.0, 0.308497107818763, 0.0, 0.277532799862889, 0.141068682090541],
    ),
    (
        3,
        10,
        [
            0.087264433914150,
            0.606624216105412,
            0.066739511177734,
            0.652452850060008,
            0.107791267406301,
            0.603221852538855,
            0.502628294760249,
        ],
    ),
    (
        84,
        200,
        [
            0.361279036894123,
            0.480513292172565,
            0.350743857791028,
            0.491663825122620,
            0.353735991616167,
            0.489279260604195,
            0.465199812012160,
        ],
    ),
    (59, 59, [0.950492390111773, 1.0, 0.939391099049660, 1.0, 0.938870629473212, 1.0, 1.0]),
    (299, 299, [0.990030853207101, 1.0, 0.987738404092463, 1.0, 0.987315280953760, 1.0, 1.0]),
    (1, 1, [0.05, 1.0, 0.025, 1.0, 0.206549314377237, 1.0, 1.0]),
    (
        950,
        1000,
        [
            0.937136596487620,
            0.960836464074411,
            0.934609512084506,
            0.962664602395339,
            0.934686179755749,
            0.961869737607251,
            0.958118175251542,
        ],
    ),
    (
        59999,
        60000,
        [
            0.999920938058038,
            0.999999145112126,
            0.999907142814883,
            0.999999578036932,
            0.999905590667820,
            0.999997057918026,
            0.999995014840836,
        ],
    ),
];

#[test]
fn bounds_and_intervals_equal_scipy() {
    for (successes, trials, expected) in SCIPY {
        let rate = Rate::new(successes, trials);
        let (exact, wilson) = (rate.exact_interval(0.95), rate.wilson_interval(0.95));
        let found = [
            rate.lower_bound(0.95),
            rate.upper_bound(0.95),
            exact.low,
            exact.high,
            wilson.low,
            wilson.high,
            rate.wilson_interval(0.8).high,
        ];
        found.into_iter().zip(expected).for_each(|(found, expected)| close(found, expected));
    }
}

#[test]
fn nothing_is_known_without_trials() {
    let none = Rate::new(0, 0);
    assert_eq!((none.lower_bound(0.95), none.upper_bound(0.95)), (0.0, 1.0));
    assert_eq!(none.wilson_interval(0.95), Interval { low: 0.0, high: 1.0 });
    assert_eq!(none.share(), None);
    assert_eq!(difference_interval(none, none, 0.95), None);
}

#[test]
fn zero_failure_trials_are_those_of_the_design() {
    let needed = [0.90, 0.95, 0.99].map(|rate| zero_failure_trials(rate, 0.95).unwrap());
    assert_eq!(needed, [29, 59, 299]);
    // They prove the rate, and one trial less does not.
    for (rate, n) in [(0.90, 29), (0.95, 59), (0.99, 299)] {
        assert!(Rate::new(n, n).lower_bound(0.95) > rate);
        assert!(Rate::new(n - 1, n - 1).lower_bound(0.95) < rate);
    }
    assert_eq!(zero_failure_trials(1.0, 0.95), None);
}

/// Every way of drawing k of n trials, counted.
#[test]
fn pass_hat_k_equals_counting_all_draws() {
    for trials in 0..7_u64 {
        for successes in 0..=trials {
            for k in 0..=trials {
                let draws = (0_u64..1 << trials).filter(|draw| u64::from(draw.count_ones()) == k);
                let (mut all, mut passed) = (0.0, 0.0);
                for draw in draws {
                    all += 1.0;
                    passed += f64::from(u8::from(draw < 1 << successes));
                }
                close(pass_hat_k(Rate::new(successes, trials), k).unwrap(), passed / all);
            }
        }
    }
    assert_eq!(pass_hat_k(Rate::new(3, 3), 4), None);
    let cases = [Rate::new(4, 4), Rate::new(2, 4)];
    close(mean_pass_hat_k(&cases, 2).unwrap(), f64::midpoint(1.0, 1.0 / 6.0));
    assert_eq!(mean_pass_hat_k(&[], 1), None);
}

#[test]
fn the_minimum_detectable_drop_equals_scipy() {
    for (trials, baseline, drop) in [
        (59, 0.95, 0.09979821442897152),
        (200, 0.95, 0.0451387158421348),
        (400, 0.90, 0.040976943254682374),
        (1000, 0.97, 0.01506153545716793),
        (20, 0.99, 0.13243234710056162),
        (10, 0.95, 0.3309374516582857),
    ] {
        close(minimum_detectable_drop(trials, baseline, 0.05, 0.8).unwrap(), drop);
    }
    assert_eq!(minimum_detectable_drop(1, 0.9, 0.05, 0.8), None);
}

#[test]
fn comparisons_equal_scipy() {
    for (first, second, p) in [
        (5, 0, 0.0625),
        (10, 3, 0.09228515625),
        (1, 1, 1.0),
        (0, 0, 1.0),
        (25, 10, 0.016673847800120715),
    ] {
        close(mcnemar(first, second), p);
        close(mcnemar(second, first), p);
    }
    // Newcombe's own example (1998, table II, case a) is 56/70 against 48/80.
    for ((a, n, b, m), (low, high)) in [
        ((56, 70, 48, 80), (0.052431472402364815, 0.3338726540369059)),
        ((9, 10, 3, 10), (0.17052272393450302, 0.8090179735354881)),
        ((10, 10, 0, 20), (0.6790860371419147, 1.0)),
    ] {
        let found = difference_interval(Rate::new(a, n), Rate::new(b, m), 0.95).unwrap();
        close(found.low, low);
        close(found.high, high);
    }
}
