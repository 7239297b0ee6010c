//! The endpoint as the judge sees it: asked within limits, again where that may help, and no more once
//! it only fails.
//!
//! Questions come from several threads; each call of [`Endpoint::ask`] blocks its own until there is an
//! answer or none is to be had. `docs/judge.md` has the table of failures.

mod address;
mod breaker;
mod budget;
mod client;
mod clock;
mod fallback;
mod limits;
mod secret;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_hostile;

use std::{path::Path, sync::Arc, time::Duration};

use backon::{BlockingRetryable, ExponentialBuilder};

pub use budget::Spent;
pub use client::MAX_RESPONSE_BYTES;
pub(super) use client::{Reply, error_message};
pub(super) use clock::{Clock, RealClock};
pub(super) use fallback::object;

use super::{JudgeError, SetupError, Tokens, Unasked};
use crate::config::{Format, JudgeConfig};
use breaker::Breaker;
use budget::Budget;
use client::Http;
use fallback::Formats;
use limits::Rate;

/// First pause before a repeat; each further one is twice as long, and up to as much again is added at
/// random, so that threads don't come back together.
const PAUSE: Duration = Duration::from_secs(1);
/// No pause between repeats is longer, before what is added at random.
const LONGEST: Duration = Duration::from_secs(30);
/// An endpoint that wants to be left alone for longer is not asked any more.
const PATIENCE: Duration = Duration::from_secs(120);

/// An endpoint and all that holds for the calls of a run.
pub(super) struct Endpoint {
    http: Http,
    clock: Arc<dyn Clock>,
    begun: Duration,
    run_timeout: Duration,
    pub(super) timeout: Duration,
    attempts: usize,
    max_tokens: u64,
    formats: Formats,
    rate: Rate,
    budget: Budget,
    breaker: Breaker,
}

/// What was made of a reply.
pub(super) struct Read<T> {
    pub(super) outcome: Result<T, JudgeError>,
    /// As the endpoint says.
    pub(super) usage: Option<Tokens>,
    /// Bytes of the answer's text.
    pub(super) answer_bytes: usize,
}

impl Endpoint {
    pub(super) fn new(
        config: &JudgeConfig,
        dir: &Path,
        known: Option<Format>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SetupError> {
        Ok(Self::over(Http::new(config, dir)?, config, known, clock))
    }

    #[cfg(test)]
    pub(super) fn with_key(
        config: &JudgeConfig,
        key: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SetupError> {
        let http = Http::with_key(config, Path::new("."), Some(key))?;
        Ok(Self::over(http, config, None, clock))
    }

    fn over(
        http: Http,
        config: &JudgeConfig,
        known: Option<Format>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            http,
            begun: clock.now(),
            clock,
            run_timeout: Duration::from_secs(config.run_timeout_seconds),
            timeout: Duration::from_secs(config.timeout_seconds),
            attempts: usize::try_from(config.attempts).unwrap_or(1),
            max_tokens: config.max_tokens,
            formats: Formats::new(config.structured_output, known),
            rate: Rate::new(config.requests_per_minute, config.tokens_per_minute),
            budget: Budget::new(config),
            breaker: Breaker::default(),
        }
    }

    /// The full address, without any secret.
    pub(super) fn url(&self) -> &str {
        self.http.url()
    }

    /// How it is reached, in words.
    pub(super) fn way(&self) -> &str {
        self.http.way()
    }

    /// The form of answer that is used, or tried first.
    pub(super) fn likely(&self) -> Format {
        self.formats.likely()
    }

    /// The form of answer that this run found out to work.
    pub(super) fn found(&self) -> Option<Format> {
        self.formats.found()
    }

    pub(super) fn spent(&self) -> Spent {
        self.budget.spent()
    }

    /// Most that a request can come to.
    pub(super) fn worst(&self, body: &str) -> Tokens {
        let prompt = (body.len() as u64).saturating_add(budget::AROUND);
        Tokens { prompt, completion: self.max_tokens }
    }

    /// What tokens cost, if there are prices.
    pub(super) fn cost(&self, tokens: Tokens) -> Option<(crate::config::Amount, String)> {
        self.budget.cost_of(tokens)
    }

    /// Asks a question, in the form of answer that the endpoint takes. `read` is told of every call:
    /// its number for this body, the body, and the reply.
    ///
    /// # Errors
    /// The last call's, or why none was made.
    pub(super) fn ask<T>(
        &self,
        body: impl Fn(Format) -> String,
        mut read: impl FnMut(u32, &str, &Reply) -> Read<T>,
    ) -> Result<T, JudgeError> {
        self.formats.call(|format| self.repeat(&body(format), &mut read))
    }

    fn repeat<T>(
        &self,
        body: &str,
        read: &mut impl FnMut(u32, &str, &Reply) -> Read<T>,
    ) -> Result<T, JudgeError> {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(PAUSE)
            .with_factor(2.0)
            .with_max_delay(LONGEST)
            .with_max_times(self.attempts.saturating_sub(1))
            .with_jitter();
        let (clock, end) = (Arc::clone(&self.clock), self.begun + self.run_timeout);
        let mut attempt = 0;
        let outcome = (|| {
            attempt += 1;
            self.call(body, |reply| read(attempt, body, reply))
        })
        .retry(backoff)
        .when(|error| error.passes() && self.breaker.why_open().is_none())
        .sleep(move |pause: Duration| clock.sleep(pause.min(end.saturating_sub(clock.now()))))
        .call();
        // Being told to wait is no failure as long as there is an answer in the end.
        if let Some(error) = outcome.as_ref().err().filter(|error| error.is_busy()) {
            self.breaker.failed(&error.to_string());
        }
        outcome
    }

    fn call<T>(&self, body: &str, read: impl FnOnce(&Reply) -> Read<T>) -> Result<T, JudgeError> {
        self.ready()?;
        let worst = self.worst(body);
        let mut aside =
            self.budget.set_aside(worst).map_err(|_| JudgeError::Unasked(Unasked::Budget))?;
        while let Err(pause) = self.rate.take(self.clock.now(), worst.sum()) {
            if pause >= self.left() {
                return Err(JudgeError::Unasked(Unasked::RunTime));
            }
            self.clock.sleep(pause);
            self.ready()?;
        }
        // Waiting for what others had set aside may have taken long, and much may have been learnt.
        self.ready()?;
        let timeout = self.timeout.min(self.left());
        aside.sent();
        let reply = self.http.post(body.as_bytes(), timeout);
        let Read { outcome, usage, answer_bytes } = read(&reply);
        // Before others are woken: they must not ask an endpoint that was given up.
        self.learn(&outcome);
        if reply.unsent || matches!(reply.status, Some(300..=499)) {
            aside.free();
        } else {
            aside.used(usage, answer_bytes);
        }
        outcome
    }

    /// Time that the run has left.
    fn left(&self) -> Duration {
        (self.begun + self.run_timeout).saturating_sub(self.clock.now())
    }

    fn ready(&self) -> Result<(), JudgeError> {
        let unasked = |why| Err(JudgeError::Unasked(why));
        if self.clock.halted() {
            return unasked(Unasked::Halted);
        }
        if let Some(why) = self.breaker.why_open() {
            return unasked(Unasked::Broken(why));
        }
        if self.left().is_zero() { unasked(Unasked::RunTime) } else { Ok(()) }
    }

    fn learn<T>(&self, outcome: &Result<T, JudgeError>) {
        let Err(error) = outcome else { return self.breaker.worked() };
        match error {
            JudgeError::Refused | JudgeError::Unasked(_) => {}
            JudgeError::Status { pause: Some(pause), .. } if error.is_busy() => {
                if *pause > PATIENCE {
                    let seconds = pause.as_secs();
                    self.breaker.open(format!("{error}, and asks to wait for {seconds} s"));
                } else {
                    self.rate.hold(self.clock.now() + *pause);
                }
            }
            _ if error.is_busy() => {}
            JudgeError::Status { status: 401, .. } | JudgeError::Redirect(_) | JudgeError::Echo => {
                self.breaker.open(error.to_string());
            }
            _ => self.breaker.failed(&error.to_string()),
        }
    }
}
