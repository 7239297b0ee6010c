//! What is kept of each call.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::{
    diag::Diagnostic,
    domain::{TargetId, TargetJudgement},
};

/// Tokens as the endpoint counted them; 0 where it doesn't say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    pub prompt: u64,
    pub completion: u64,
}

impl AddAssign for Tokens {
    fn add_assign(&mut self, more: Self) {
        self.prompt = self.prompt.saturating_add(more.prompt);
        self.completion = self.completion.saturating_add(more.completion);
    }
}

/// A finding as the model gave it, before any check; without its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    pub passage: String,
    pub verdict: String,
    pub point: String,
    pub sentences: Vec<u64>,
}

/// One HTTP call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    pub case_key: String,
    pub target: TargetId,
    pub model: String,
    pub prompt_version: String,
    /// 1 for the first call with this body, one more for each repeat.
    pub attempt: u32,
    /// Whether it asked once more for quotes.
    pub again: bool,
    /// Lower-case hex, over the bodies as sent and received.
    pub request_sha256: String,
    pub response_sha256: Option<String>,
    /// Size of the body as sent.
    pub request_bytes: u64,
    pub status: Option<u16>,
    pub tokens: Tokens,
    /// `ok`, or [`JudgeError::code`](super::JudgeError::code).
    pub result: String,
    pub verdicts: Vec<Answered>,
    /// What the endpoint said, where all or some of it was not taken over; shortened. Belongs under
    /// `.evimap/` and nowhere else.
    pub rejected: Option<String>,
    /// Question and answer as texts, on the last call about a question.
    pub exchange: Option<Exchange>,
}

/// What was asked and what came back, redacted as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// SHA-256 over the messages, lower-case hex: the same for every model.
    pub question: String,
    /// Role and content of each.
    pub messages: Vec<(String, String)>,
    /// The answer's text, if there was a usable one.
    pub answer: Option<String>,
    /// Why there was none.
    pub error: Option<String>,
}

/// What a judge leaves behind while it works on a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    pub records: Vec<CallRecord>,
    pub diagnostics: Vec<Diagnostic>,
    /// What was said about the target as a whole.
    pub target: Option<TargetJudgement>,
    /// Set where something failed that may work next time, so that the answer is not kept as final.
    pub incomplete: bool,
}
