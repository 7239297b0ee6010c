//! SIGINT and SIGTERM end a command at a good place, a second one at once.
//!
//! Every place is safe: state changes are transactions and files are replaced whole. A good place is
//! one where nothing that was read has to be read again, and workers are gone.

use std::{sync::OnceLock, thread, time::Duration};

use crate::extract::Stop;

/// A command that has not ended so long after the signal is ended where it is.
const PATIENCE: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(50);

/// What commands look at. Signals are seen from the first call on.
pub(super) fn stop() -> Stop {
    static STOP: OnceLock<Stop> = OnceLock::new();
    STOP.get_or_init(|| {
        let stop = Stop::default();
        listen(&stop);
        stop
    })
    .clone()
}

#[cfg(unix)]
fn listen(stop: &Stop) {
    use signal_hook::{
        consts::{SIGINT, SIGTERM, SIGXFSZ},
        flag,
    };
    use std::sync::{Arc, atomic::AtomicBool};

    let again = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // Where a handler is refused the signal ends the process as it would without.
        let number = usize::try_from(signal).unwrap_or_default();
        let _ = flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again));
        let _ = flag::register(signal, Arc::clone(&again));
        let _ = flag::register_usize(signal, stop.flag(), number);
    }
    // A file that reaches the size limit of the session: the write fails and says so.
    let _ = flag::register(SIGXFSZ, Arc::default());
    let stop = stop.clone();
    thread::spawn(move || {
        loop {
            thread::sleep(LOOK);
            if let Some(signal) = stop.signal() {
                thread::sleep(PATIENCE);
                std::process::exit(128 + signal);
            }
        }
    });
}

#[cfg(not(unix))]
fn listen(_: &Stop) {
    let _ = (PATIENCE, LOOK, thread::current());
}
