//! Stops asking an endpoint that only fails.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Failed calls in a row after which no more are made. Few enough that a dead endpoint costs a run
/// seconds, or two rounds of waiting where it hangs; more than one question's repeats.
const FAILURES: u32 = 5;

/// Once open it stays open: a run has no later to come back to.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    in_a_row: u32,
    /// Why no more calls are made.
    open: Option<String>,
}

impl Breaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn why_open(&self) -> Option<String> {
        self.state().open.clone()
    }

    pub(super) fn worked(&self) {
        self.state().in_a_row = 0;
    }

    /// `why` is what the last failure was.
    pub(super) fn failed(&self, why: &str) {
        let mut state = self.state();
        state.in_a_row += 1;
        if state.in_a_row >= FAILURES && state.open.is_none() {
            state.open = Some(format!("{FAILURES} calls in a row failed, the last because {why}"));
        }
    }

    /// For failures that no further call can be without.
    pub(super) fn open(&self, why: String) {
        self.state().open.get_or_insert(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_in_a_row_open_it_for_good() {
        let breaker = Breaker::default();
        for _ in 0..3 {
            (0..FAILURES - 1).for_each(|_| breaker.failed("silence"));
            assert_eq!(breaker.why_open(), None);
            breaker.worked();
        }
        (0..FAILURES).for_each(|_| breaker.failed("silence"));
        assert_eq!(
            breaker.why_open().unwrap(),
            "5 calls in a row failed, the last because silence"
        );
        breaker.worked();
        breaker.open("later".to_owned());
        assert!(breaker.why_open().unwrap().ends_with("silence"));
    }
}
