//! The owner's clock: it never goes back, whatever the system's does.

use std::time::Instant;

use bounden_base::{SignedDuration, Timestamp};

pub(super) struct Clock {
    base: Timestamp,
    since: Instant,
}

impl Clock {
    /// A clock that starts at the system's time, or at `floor` where that is later.
    pub(super) fn new(floor: Timestamp) -> Self {
        Self { base: Timestamp::now().max(floor), since: Instant::now() }
    }

    pub(super) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        self.base.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_from_the_floor() {
        let floor = Timestamp::from_second(40_000_000_000).unwrap();
        let clock = Clock::new(floor);
        let first = clock.now();
        assert!(first >= floor && clock.now() >= first);
    }
}
