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
//! This is the only module that speaks HTTP. Beside the files of the key and of certificates nothing is
//! read from or written to disk here: the caller keeps the answers ([`Event`], [`Outcome`]) and hands
//! them back through a lookup.

mod answer;
mod batch;
mod case;
mod chat;
mod completion;
mod conversation;
mod endpoint;
mod injection;
mod plan;
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

pub use batch::{Event, Opinion, Outcome, judge_with};
#[cfg(test)]
use case::cases;
pub use case::{Asking, Candidate, Case, PASSAGES_PER_CALL, TOKENS_PER_CALL, case_key};
pub use chat::ChatJudge;
pub use endpoint::{MAX_RESPONSE_BYTES, Spent};
pub use injection::suspected;
pub use plan::{Plan, Planned};
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
        "`judge.base_url` names {0} over plain http; use https or an address of this computer, or \
         pass --insecure-endpoint if nobody else can read that network"
    )]
    PlainHttp(String),
    #[error("the environment variable {0} (`judge.api_key_env`) is not set or empty")]
    NoKey(String),
    #[error("the environment variable {0} (`judge.headers_from_env`) is not set or empty")]
    NoHeader(String),
    #[error("the value from {0} holds characters that HTTP doesn't allow in a header")]
    BadKey(String),
    #[error("`{0}` can't be the name of a header")]
    BadHeader(String),
    #[error("the file {file} (`judge.{key}`) can't be used: {why}")]
    File { key: &'static str, file: String, why: String },
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
        /// How long the endpoint asks to wait.
        pause: Option<Duration>,
    },
    #[error("the endpoint redirects (HTTP {0}), and redirects are not followed")]
    Redirect(u16),
    #[error("the answer is packed as {0}, which was not asked for")]
    Encoded(String),
    #[error("the answer is of type {0}, not JSON")]
    NotJson(String),
    #[error("the answer is larger than {MAX_RESPONSE_BYTES} bytes")]
    TooLarge,
    #[error("the answer repeats the key in a disguise")]
    Echo,
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
    #[error("not asked: {0}")]
    Unasked(Unasked),
}

/// Why no call was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unasked {
    #[error("the budget of the run has no room for another call")]
    Budget,
    #[error("the time of the run for calls is over")]
    RunTime,
    /// The endpoint only fails.
    #[error("{0}")]
    Broken(String),
    /// A signal asked the program to end.
    #[error("the program is to end")]
    Halted,
}

impl Unasked {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Budget => "raise `judge.max_run_tokens` or --max-cost; answers so far are kept",
            Self::RunTime => "raise `judge.run_timeout_seconds`, or run again: answers are kept",
            Self::Broken(_) => "see to the endpoint and run again: answers so far are kept",
            Self::Halted => "run again: answers so far are kept",
        }
    }
}

impl JudgeError {
    /// Short stable word for records.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Timeout(_) => "timeout",
            Self::Transport(_) => "transport",
            Self::Status { .. } => "status",
            Self::Redirect(_) => "redirect",
            Self::Encoded(_) => "encoded",
            Self::NotJson(_) => "not-json",
            Self::TooLarge => "too-large",
            Self::Echo => "echo",
            Self::CutOff => "cut-off",
            Self::Refused => "refused",
            Self::BadJson(_) => "bad-json",
            Self::NotRecorded => "not-recorded",
            Self::Recorded(_) => "recorded-failure",
            Self::Unasked(_) => "unasked",
        }
    }

    /// Whether the endpoint is there and has no time. 408 and 425 say so about one request.
    fn is_busy(&self) -> bool {
        matches!(self, Self::Status { status: 408 | 425 | 429 | 503, .. })
    }

    /// Whether the same question may be answered a little later. One that timed out would take as long
    /// again, and a bad answer comes again.
    fn passes(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            Self::Status { status, .. } => {
                self.is_busy() || (500..600).contains(status) && *status != 501
            }
            _ => false,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Timeout(_) => "raise `judge.timeout_seconds`, or lower `judge.concurrency`",
            Self::Transport(_) => "check `judge.base_url` and that the server runs",
            Self::Status { status: 401 | 403, .. } => "check the key and `judge.api_key_header`",
            Self::Status { status: 429, .. } => {
                "set `judge.requests_per_minute` or lower `judge.concurrency`, and run again later"
            }
            Self::Status { .. } => "check `judge.base_url` and `judge.model`; run again later",
            Self::Redirect(_) => "write the final address into `judge.base_url`",
            Self::CutOff => "raise `judge.max_tokens`",
            Self::Encoded(_) | Self::NotJson(_) => {
                "check that `judge.base_url` is an OpenAI-compatible endpoint, up to and without \
                 /chat/completions"
            }
            Self::Echo => "look at who answers at `judge.base_url`, and change the key",
            Self::NotRecorded => {
                "documents, prompt or limits differ from those of the recording; record anew"
            }
            Self::Recorded(_) => "the recording holds this failure; record anew to ask again",
            Self::TooLarge | Self::Refused | Self::BadJson(_) => {
                "its proposals keep what matching gave them; another model may answer"
            }
            Self::Unasked(why) => why.help(),
        }
    }
}
