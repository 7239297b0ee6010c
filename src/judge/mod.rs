//! An optional second opinion by a language model on what matching proposed. Off unless configured
//! and asked for.
//!
//! A [`Case`] is a target with its points and a few candidate passages; a [`Judge`] gives a
//! [`Judgement`] for each passage, or none. The model can abstain, but it can't decide or exclude,
//! and its own confidence is never asked for. Whatever it says stands on a quote that is in the
//! passage; a quote that isn't is asked for once more, then dropped, and the proposal keeps what it
//! had. A failed call costs its own case only. What is sent is redacted first ([`Redactor`]), and a
//! quote that comes back is mapped to the passage's own words. A [`Recording`] can be replayed.
//!
//! This is the only module that speaks HTTP. Nothing is read from or written to disk here: the
//! caller keeps the answers ([`Event`], [`Outcome`]) and hands them back through a lookup.

mod answer;
mod batch;
mod case;
mod chat;
mod client;
mod completion;
mod conversation;
mod injection;
mod prompt;
mod quote;
mod record;
mod recording;
mod redact;
mod template;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_hostile;

pub use batch::{Event, Opinion, Outcome, judge_all, judge_with};
#[cfg(test)]
use case::cases;
pub use case::{Asking, Candidate, Case, PASSAGES_PER_CALL, TOKENS_PER_CALL, case_key};
pub use chat::ChatJudge;
pub use client::MAX_RESPONSE_BYTES;
pub use injection::suspected;
pub use record::{Answered, CallRecord, Exchange, Tokens, Trace};
pub use recording::{Recording, Replay, Said, SaidOfTarget};
pub use redact::Redactor;
pub use template::{PROMPT_FILE, Prompt};

use std::time::Duration;

use crate::domain::Judgement;

/// Gives an opinion on cases; called from several threads at once.
pub trait Judge: Sync {
    /// Name of the model, as recorded with its judgements.
    fn model(&self) -> &str;

    /// Judges one case: at most one judgement a candidate, in their order. Calls made and findings
    /// dropped go to `trace`, also where the case fails.
    ///
    /// # Errors
    /// The case got no usable answer. Other cases are not concerned.
    fn judge(&self, case: &Case, trace: &mut Trace) -> Result<Vec<Judgement>, JudgeError>;
}

/// Why the judge can't be used at all. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error("`judge.base_url` is not a usable URL: {0}")]
    BadUrl(String),
    #[error(
        "`judge.base_url` names {0} over plain http; use https, or an address of this computer"
    )]
    PlainHttp(String),
    #[error("the environment variable {0} (`judge.api_key_env`) is not set or empty")]
    NoKey(String),
    #[error("the key in the environment variable {0} holds characters that HTTP doesn't allow")]
    BadKey(String),
    #[error("the HTTP client can't be started: {0}")]
    Client(String),
}

/// Why a case got no opinion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    #[error("no answer within {0} s")]
    Timeout(u64),
    #[error("the endpoint can't be reached: {0}")]
    Transport(String),
    #[error("the endpoint answered with HTTP {status}: {message}")]
    Status {
        status: u16,
        message: String,
        /// How long to wait before the one repeat; `None` where repeating is pointless.
        pause: Option<Duration>,
    },
    #[error("the endpoint redirects (HTTP {0}), and redirects are not followed")]
    Redirect(u16),
    #[error("the answer is larger than {MAX_RESPONSE_BYTES} bytes")]
    TooLarge,
    #[error("the answer was cut off at the token limit")]
    CutOff,
    #[error("the model refused to answer")]
    Refused,
    #[error("the answer is not the JSON that was asked for: {0}")]
    BadJson(String),
    #[error("the recording holds no answer to this question")]
    NotRecorded,
    #[error("as recorded: {0}")]
    Recorded(String),
}

impl JudgeError {
    /// Short stable word for records.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Timeout(_) => "timeout",
            Self::Transport(_) => "transport",
            Self::Status { .. } => "status",
            Self::Redirect(_) => "redirect",
            Self::TooLarge => "too-large",
            Self::CutOff => "cut-off",
            Self::Refused => "refused",
            Self::BadJson(_) => "bad-json",
            Self::NotRecorded => "not-recorded",
            Self::Recorded(_) => "recorded-failure",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Timeout(_) => "raise `judge.timeout_seconds`, or lower `judge.concurrency`",
            Self::Transport(_) => "check `judge.base_url` and that the server runs",
            Self::Status { status: 401 | 403, .. } => "check the key in `judge.api_key_env`",
            Self::Status { status: 429, .. } => "lower `judge.concurrency`, and run again later",
            Self::Status { .. } => "check `judge.base_url` and `judge.model`; run again later",
            Self::Redirect(_) => "write the final address into `judge.base_url`",
            Self::CutOff => "raise `judge.max_tokens`",
            Self::NotRecorded => {
                "documents, prompt or limits differ from those of the recording; record anew"
            }
            Self::Recorded(_) => "the recording holds this failure; record anew to ask again",
            Self::TooLarge | Self::Refused | Self::BadJson(_) => {
                "its proposals keep what matching gave them; another model may answer"
            }
        }
    }
}
