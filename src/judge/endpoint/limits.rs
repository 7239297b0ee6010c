//! Requests and tokens a minute, over all threads.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

const MINUTE: Duration = Duration::from_secs(60);

/// Holds in every span of 60 s, not only on average: a provider that counts by the minute sees no
/// more than what is allowed wherever its minute begins.
#[derive(Debug)]
pub(super) struct Rate {
    requests: u64,
    tokens: u64,
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    /// When a call went, and its tokens.
    sent: VecDeque<(Duration, u64)>,
    tokens: u64,
    /// The endpoint wants no call before this moment.
    hold: Duration,
}

impl Rate {
    /// `None` is no limit.
    pub(super) fn new(requests: Option<u64>, tokens: Option<u64>) -> Self {
        let most = |limit: Option<u64>| limit.unwrap_or(u64::MAX);
        Self { requests: most(requests), tokens: most(tokens), window: Mutex::default() }
    }

    /// Takes a place for a call of so many tokens, or says how long to wait before trying again. A
    /// call that is larger than the limit gets a minute of its own.
    pub(super) fn take(&self, now: Duration, tokens: u64) -> Result<(), Duration> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now < window.hold {
            return Err(window.hold - now);
        }
        while let Some((_, old)) = window.sent.pop_front_if(|(at, _)| *at + MINUTE <= now) {
            window.tokens = window.tokens.saturating_sub(old);
        }
        let full = window.sent.len() as u64 >= self.requests
            || window.tokens.saturating_add(tokens) > self.tokens;
        match window.sent.front() {
            Some((first, _)) if full => Err(*first + MINUTE - now),
            _ => {
                window.sent.push_back((now, tokens));
                window.tokens = window.tokens.saturating_add(tokens);
                Ok(())
            }
        }
    }

    /// Lets nobody call before a moment: the endpoint asked for it.
    pub(super) fn hold(&self, until: Duration) {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.hold = window.hold.max(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn no_minute_holds_more_requests_than_allowed() {
        let rate = Rate::new(Some(2), None);
        assert_eq!(rate.take(seconds(0), 1), Ok(()));
        assert_eq!(rate.take(seconds(50), 1), Ok(()));
        assert_eq!(rate.take(seconds(55), 1), Err(seconds(5)));
        assert_eq!(rate.take(seconds(60), 1), Ok(()));
        assert_eq!(rate.take(seconds(61), 1), Err(seconds(49)));
    }

    #[test]
    fn tokens_count_and_a_large_call_waits_for_an_empty_minute() {
        let rate = Rate::new(None, Some(100));
        assert_eq!(rate.take(seconds(0), 60), Ok(()));
        assert_eq!(rate.take(seconds(10), 60), Err(seconds(50)));
        assert_eq!(rate.take(seconds(10), 40), Ok(()));
        assert_eq!(rate.take(seconds(65), 1000), Err(seconds(5)));
        assert_eq!(rate.take(seconds(70), 1000), Ok(()));
        assert_eq!(rate.take(seconds(71), 1), Err(seconds(59)));
        assert_eq!(rate.take(seconds(130), u64::MAX), Ok(()));
    }

    #[test]
    fn a_pause_that_the_endpoint_asks_for_holds_for_all() {
        let rate = Rate::new(None, None);
        rate.hold(seconds(9));
        rate.hold(seconds(4));
        assert_eq!(rate.take(seconds(2), 1), Err(seconds(7)));
        assert_eq!(rate.take(seconds(9), 1), Ok(()));
    }
}
