//! Times single decisions and says what half and what 99 of 100 of them take.

use std::time::{Duration, Instant};

/// Collects the times of single decisions.
#[derive(Debug, Default)]
pub struct Stopwatch {
    times: Vec<Duration>,
}

/// Half and 99 of 100 decisions take no longer than this, in microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Latency {
    /// The median.
    pub p50: f64,
    /// The 99th percentile.
    pub p99: f64,
}

impl Stopwatch {
    /// Runs `work` once and takes its time; what it drops is included.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let answer = std::hint::black_box(work());
        self.times.push(start.elapsed());
        answer
    }

    /// The latency of what was timed, without that of the clock itself.
    #[must_use]
    pub fn latency(mut self, clock: Duration) -> Latency {
        self.times.sort_unstable();
        Latency { p50: self.at(50, clock), p99: self.at(99, clock) }
    }

    fn at(&self, percent: usize, clock: Duration) -> f64 {
        let place = self.times.len() * percent / 100;
        let time = self.times.get(place).copied().unwrap_or_default();
        time.saturating_sub(clock).as_secs_f64() * 1e6
    }
}

/// What the clock itself takes: the median time of nothing.
#[must_use]
pub fn clock() -> Duration {
    let mut stopwatch = Stopwatch::default();
    for _ in 0..100_001 {
        stopwatch.time(|| ());
    }
    stopwatch.times.sort_unstable();
    stopwatch.times.get(stopwatch.times.len() / 2).copied().unwrap_or_default()
}
