//! The judge behind a chat-completions endpoint: one question a case, one more for lost quotes.

use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    CallRecord, Case, Judge, JudgeError, SetupError, Tokens, Trace,
    answer::Answer,
    case_key,
    client::{Endpoint, Reply},
    completion::Completion,
    conversation::{self, Asks},
    prompt::{self, Message},
};
use crate::{config::JudgeConfig, diag::Diagnostic, domain::Judgement};

/// Characters of a rejected answer that are kept in its record.
const MAX_REJECTED: usize = 4000;

/// Asks an OpenAI-compatible endpoint.
pub struct ChatJudge {
    endpoint: Endpoint,
    model: String,
    max_tokens: u64,
}

impl ChatJudge {
    /// Takes the key from the environment variable that the configuration names, if it names one.
    ///
    /// # Errors
    /// An unusable address, plain http to another computer, or a key that is not there. Nothing has
    /// been sent then.
    pub fn new(config: &JudgeConfig) -> Result<Self, SetupError> {
        let key = config.api_key_env.as_deref().map(|name| {
            let key = std::env::var(name).unwrap_or_default().trim().to_owned();
            if key.is_empty() { Err(SetupError::NoKey(name.to_owned())) } else { Ok(key) }
        });
        Self::with_key(config, key.transpose()?)
    }

    pub(super) fn with_key(config: &JudgeConfig, key: Option<String>) -> Result<Self, SetupError> {
        Ok(Self {
            endpoint: Endpoint::new(config, key)?,
            model: config.model.clone(),
            max_tokens: config.max_tokens,
        })
    }

    /// Asks, and repeats once where the endpoint was overloaded or had a fault. Gives the answer
    /// and its text.
    fn ask(
        &self,
        case: &Case,
        messages: &[Message],
        again: bool,
        trace: &mut Trace,
    ) -> Result<(Answer, String), JudgeError> {
        let body = json!({
            "model": self.model,
            "messages": messages,
            "response_format": prompt::response_format(case),
            "temperature": 0,
            "max_tokens": self.max_tokens,
        })
        .to_string();
        let mut attempt = 1;
        loop {
            let reply = self.endpoint.post(body.as_bytes());
            let mut record = CallRecord {
                case_key: case_key(&self.model, case),
                target: case.target.id.clone(),
                model: self.model.clone(),
                prompt_version: case.prompt.version.clone(),
                attempt,
                again,
                request_sha256: HEXLOWER.encode(&Sha256::digest(&body)),
                request_bytes: body.len() as u64,
                response_sha256: reply.sha256.clone(),
                status: reply.status,
                tokens: Tokens::default(),
                result: "ok".to_owned(),
                verdicts: Vec::new(),
                rejected: None,
                exchange: None,
            };
            let outcome = read(&reply, &mut record);
            if let Err(error) = &outcome {
                record.result = error.code().to_owned();
                record.rejected = Some(shorten(&String::from_utf8_lossy(&reply.body)));
            }
            trace.records.push(record);
            match outcome {
                Err(JudgeError::Status { pause: Some(pause), .. }) if attempt == 1 => {
                    std::thread::sleep(pause);
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
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
        self.ask(case, messages, again, trace)
    }
}

impl Judge for ChatJudge {
    fn model(&self) -> &str {
        &self.model
    }

    fn judge(&self, case: &Case, trace: &mut Trace) -> Result<Vec<Judgement>, JudgeError> {
        conversation::hold(self, case, trace)
    }
}

/// Reads the answer out of a reply, noting tokens and bare verdicts in the record.
fn read(reply: &Reply, record: &mut CallRecord) -> Result<(Answer, String), JudgeError> {
    if let Some(error) = &reply.failure {
        return Err(error.clone());
    }
    let completion = Completion::parse(&reply.body)?;
    record.tokens = completion.tokens();
    let text = completion.content()?;
    let answer = Answer::parse(text)?;
    record.verdicts = answer.answered();
    Ok((answer, text.to_owned()))
}

/// The warning about a case that got no answer.
pub(super) fn failure(case: &Case, error: &JudgeError) -> Diagnostic {
    Diagnostic::warning("judge-failed", format!("{}: {error}", case.target.id)).help(error.help())
}

pub(super) fn shorten(text: &str) -> String {
    text.chars().take(MAX_REJECTED).collect()
}
