//! Time as the endpoint sees it. Tests put in one that never waits.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Steps in which a pause looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(50);

pub(in crate::judge) trait Clock: Send + Sync {
    /// Time since some fixed moment.
    fn now(&self) -> Duration;

    /// Waits, for less if [`Clock::halted`].
    fn sleep(&self, pause: Duration);

    /// Whether somebody wants everything to end.
    fn halted(&self) -> bool;
}

/// The computer's clock.
pub(in crate::judge) struct RealClock {
    start: Instant,
    halted: Box<dyn Fn() -> bool + Send + Sync>,
}

impl RealClock {
    pub(in crate::judge) fn new(halted: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { start: Instant::now(), halted: Box::new(halted) }
    }
}

impl Clock for RealClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, pause: Duration) {
        let end = self.now() + pause;
        while !self.halted() {
            let left = end.saturating_sub(self.now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(LOOK));
        }
    }

    fn halted(&self) -> bool {
        (self.halted)()
    }
}
