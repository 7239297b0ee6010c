//! The judge behind a chat-completions endpoint: one question a case, one more for lost quotes.

use std::{path::Path, sync::Arc};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    CallRecord, Case, JudgeError, SetupError, Spent, Tokens, Trace,
    answer::Answer,
    case_key,
    completion::Completion,
    conversation::Asks,
    endpoint::{self, Endpoint, Read, RealClock, Reply},
    prompt::{self, Message},
};
use crate::{
    config::{Format, JudgeConfig},
    diag::Diagnostic,
};

/// Characters of a rejected answer that are kept in its record.
const MAX_REJECTED: usize = 4000;

/// Asks an OpenAI-compatible endpoint.
pub struct ChatJudge {
    pub(super) endpoint: Endpoint,
    model: String,
    max_tokens: u64,
    reasoning: bool,
}

impl ChatJudge {
    /// Takes the key from where the configuration names it; its files are relative to `dir`. `known`
    /// is the form of answer that an earlier run found out; `halted` says when everything is to end.
    /// The time of the run begins here.
    ///
    /// # Errors
    /// An unusable address, plain http to another computer, or a key that is not there. Nothing has
    /// been sent then.
    pub fn new(
        config: &JudgeConfig,
        dir: &Path,
        known: Option<Format>,
        halted: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Result<Self, SetupError> {
        let clock = Arc::new(RealClock::new(halted));
        Ok(Self::over(Endpoint::new(config, dir, known, clock)?, config))
    }

    pub(super) fn over(endpoint: Endpoint, config: &JudgeConfig) -> Self {
        Self {
            endpoint,
            model: config.model.clone(),
            max_tokens: config.max_tokens,
            reasoning: config.reasoning_model,
        }
    }

    /// What this judge has spent so far.
    pub fn spent(&self) -> Spent {
        self.endpoint.spent()
    }

    /// The form of answer that the endpoint turned out to take; to be given to the next run.
    pub fn found(&self) -> Option<Format> {
        self.endpoint.found()
    }

    /// A request's body.
    pub(super) fn body(&self, case: &Case, messages: &[Message], format: Format) -> String {
        let mut body = json!({ "model": self.model, "messages": messages });
        let mut set = |key: &str, value: Value| body[key] = value;
        match format {
            Format::JsonSchema => set("response_format", prompt::response_format(case)),
            Format::JsonObject => set("response_format", json!({ "type": "json_object" })),
            Format::Text => {}
        }
        if self.reasoning {
            set("max_completion_tokens", json!(self.max_tokens));
        } else {
            set("temperature", json!(0));
            set("max_tokens", json!(self.max_tokens));
        }
        body.to_string()
    }
}

impl Asks for ChatJudge {
    fn name(&self) -> &str {
        &self.model
    }

    fn question(
        &self,
        case: &Case,
        messages: &[Message],
        again: bool,
        trace: &mut Trace,
    ) -> Result<(Answer, String), JudgeError> {
        let body = |format| self.body(case, messages, format);
        self.endpoint.ask(body, |attempt, body, reply| {
            let mut record = CallRecord {
                case_key: case_key(&self.model, case),
                target: case.target.id.clone(),
                model: self.model.clone(),
                prompt_version: case.prompt.version.clone(),
                attempt,
                again,
                request_sha256: HEXLOWER.encode(&Sha256::digest(body)),
                request_bytes: body.len() as u64,
                response_sha256: reply.sha256.clone(),
                status: reply.status,
                tokens: Tokens::default(),
                result: "ok".to_owned(),
                verdicts: Vec::new(),
                rejected: None,
                exchange: None,
            };
            let read = read(reply, &mut record);
            if let Err(error) = &read.outcome {
                record.result = error.code().to_owned();
                record.rejected = Some(shorten(&String::from_utf8_lossy(&reply.body)));
            }
            trace.records.push(record);
            read
        })
    }
}

/// Reads the answer out of a reply, noting tokens and bare verdicts in the record.
fn read(reply: &Reply, record: &mut CallRecord) -> Read<(Answer, String)> {
    let parsed = match &reply.failure {
        Some(error) => Err(error.clone()),
        None => Completion::parse(&reply.body),
    };
    let completion = match parsed {
        Ok(completion) => completion,
        Err(error) => return Read { outcome: Err(error), usage: None, answer_bytes: 0 },
    };
    let usage = completion.usage();
    record.tokens = usage.unwrap_or_default();
    let outcome = completion.content().and_then(|text| {
        let answer = Answer::parse(endpoint::object(text)?)?;
        record.verdicts = answer.answered();
        Ok((answer, text.to_owned()))
    });
    Read { outcome, usage, answer_bytes: completion.answer_bytes() }
}

/// The warning about a case that got no answer.
pub(super) fn failure(case: &Case, error: &JudgeError) -> Diagnostic {
    Diagnostic::warning("judge-failed", format!("{}: {error}", case.target.id)).help(error.help())
}

pub(super) fn shorten(text: &str) -> String {
    text.chars().take(MAX_REJECTED).collect()
}
