//! The wish to end early, seen by everything that takes long.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Asked for by a signal or by whoever drives the readers. Clones share the wish.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// The signal's number; 0 while nobody asks.
    signal: Arc<AtomicUsize>,
    own: Arc<AtomicUsize>,
}

impl Stop {
    /// Where a signal handler puts its number.
    pub fn flag(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.signal)
    }

    /// The same signal, but a wish of its own: [`Stop::ask`] on one does not reach the other.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self { signal: Arc::clone(&self.signal), own: Arc::default() }
    }

    /// Asks without a signal.
    pub fn ask(&self) {
        self.own.store(1, Ordering::SeqCst);
    }

    /// Whether to end.
    pub fn asked(&self) -> bool {
        self.own.load(Ordering::SeqCst) != 0 || self.signal().is_some()
    }

    /// The signal that asked.
    pub fn signal(&self) -> Option<i32> {
        match self.signal.load(Ordering::SeqCst) {
            0 => None,
            number => i32::try_from(number).ok(),
        }
    }
}
