//! The envelope of a chat completion.

use serde::Deserialize;

use super::{JudgeError, Tokens, endpoint::error_message};

#[derive(Deserialize)]
pub(super) struct Completion {
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl Completion {
    pub(super) fn parse(body: &[u8]) -> Result<Self, JudgeError> {
        serde_json::from_slice(body).map_err(|error| match error_message(body).as_str() {
            "no message" => bad_json(&error),
            // Some gateways tell their errors under HTTP 200.
            message => JudgeError::BadJson(format!("it tells an error: {message}")),
        })
    }

    /// Tokens as the endpoint counted them, if it says.
    pub(super) fn usage(&self) -> Option<Tokens> {
        self.usage.as_ref().map(|usage| Tokens {
            prompt: usage.prompt_tokens,
            completion: usage.completion_tokens,
        })
    }

    /// Length of all that the model wrote.
    pub(super) fn answer_bytes(&self) -> usize {
        let texts = self.choices.iter().flat_map(|c| [&c.message.content, &c.message.refusal]);
        texts.flatten().map(String::len).sum()
    }

    /// The answer's text, if the model came to a regular end.
    pub(super) fn content(&self) -> Result<&str, JudgeError> {
        let choice =
            self.choices.first().ok_or_else(|| JudgeError::BadJson("no choice in it".into()))?;
        if choice.message.refusal.as_deref().is_some_and(|text| !text.is_empty()) {
            return Err(JudgeError::Refused);
        }
        match choice.finish_reason.as_deref() {
            Some("length") => return Err(JudgeError::CutOff),
            Some("content_filter") => return Err(JudgeError::Refused),
            _ => {}
        }
        let content = choice.message.content.as_deref().unwrap_or_default();
        if content.is_empty() {
            Err(JudgeError::BadJson("it is empty".into()))
        } else {
            Ok(content)
        }
    }
}

/// Says where the JSON broke. Serde's own text may repeat what the model wrote, so it isn't used.
pub(super) fn bad_json(error: &serde_json::Error) -> JudgeError {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "a field is missing or has another type",
        _ => "a syntax error",
    };
    JudgeError::BadJson(format!("{what} (line {}, column {})", error.line(), error.column()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(body: &str) -> Result<String, JudgeError> {
        Completion::parse(body.as_bytes())?.content().map(str::to_owned)
    }

    #[test]
    fn only_a_regular_end_counts() {
        let ok = r#"{"choices":[{"message":{"content":"{}"},"finish_reason":"stop"}]}"#;
        assert_eq!(content(ok).unwrap(), "{}");
        assert_eq!(content(&ok.replace("stop", "length")), Err(JudgeError::CutOff));
        assert_eq!(content(&ok.replace("stop", "content_filter")), Err(JudgeError::Refused));
        let refused = ok.replace(r#""content":"{}""#, r#""content":null,"refusal":"no""#);
        assert_eq!(content(&refused), Err(JudgeError::Refused));
        assert!(matches!(content(r#"{"choices":[]}"#), Err(JudgeError::BadJson(_))));
    }

    #[test]
    fn an_error_does_not_repeat_what_was_sent() {
        let error = content(r#"{"choices":"SECRET"}"#).unwrap_err();
        assert!(!error.to_string().contains("SECRET"), "{error}");
    }
}
