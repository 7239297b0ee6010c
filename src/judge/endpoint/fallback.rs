//! How JSON is asked for, and how an answer is found in what a model writes around it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, de::IgnoredAny};

use crate::{config::Format, judge::JudgeError};

/// Places at which an answer may begin that are looked at.
const MOST_STARTS: usize = 256;

/// What the endpoint understands.
#[derive(Debug)]
pub(super) struct Formats {
    fixed: bool,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    format: Format,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nobody has asked yet: one goes ahead, the others wait for what comes of it.
    Untried,
    Tried,
    Proven,
}

impl Formats {
    /// `known` is what an earlier run found out.
    pub(super) fn new(fixed: Option<Format>, known: Option<Format>) -> Self {
        let format = fixed.or(known).unwrap_or(Format::JsonSchema);
        let stage = if fixed.is_some() { Stage::Proven } else { Stage::Untried };
        Self { fixed: fixed.is_some(), state: Mutex::new(State { format, stage }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The form that is to be used, or tried first.
    pub(super) fn likely(&self) -> Format {
        self.state().format
    }

    /// What this run found out.
    pub(super) fn found(&self) -> Option<Format> {
        let state = *self.state();
        (state.stage == Stage::Proven && !self.fixed).then_some(state.format)
    }

    /// Calls in the form that is known to work; as long as none is, from the strictest on until the
    /// endpoint takes one.
    pub(super) fn call<T>(
        &self,
        mut call: impl FnMut(Format) -> Result<T, JudgeError>,
    ) -> Result<T, JudgeError> {
        let first = self.state();
        let State { format, stage } = *first;
        let (mut ahead, mut format) = (Some(first), format);
        match stage {
            Stage::Proven => {
                drop(ahead);
                return call(format);
            }
            Stage::Tried => ahead = None,
            Stage::Untried => {}
        }
        let outcome = loop {
            let outcome = call(format);
            let weaker = Format::ALL.into_iter().skip_while(|f| *f != format).nth(1);
            match (&outcome, weaker) {
                (Err(error), Some(weaker)) if refuses(error) => format = weaker,
                _ => break outcome,
            }
        };
        let proven = matches!(&outcome, Ok(_) | Err(JudgeError::CutOff | JudgeError::Refused));
        let mut state = ahead.unwrap_or_else(|| self.state());
        if proven && state.stage != Stage::Proven {
            *state = State { format, stage: Stage::Proven };
        } else if state.stage == Stage::Untried {
            state.stage = Stage::Tried;
        }
        outcome
    }
}

/// Whether an endpoint that doesn't know the form would answer so.
fn refuses(error: &JudgeError) -> bool {
    matches!(error, JudgeError::Status { status: 400 | 415 | 422 | 501, .. })
}

/// The one JSON object with `findings` in a text: the whole of it, or within fences and words.
///
/// # Errors
/// There is none, or there are several: a passage that holds an answer may have been copied.
pub(in crate::judge) fn object(text: &str) -> Result<&str, JudgeError> {
    #[derive(Deserialize)]
    struct Findings {
        #[serde(rename = "findings")]
        _findings: IgnoredAny,
    }
    let text = text.trim();
    let text = match text.strip_prefix("<think>").and_then(|text| text.split_once("</think>")) {
        Some((_, answer)) => answer.trim(),
        None => text,
    };
    let bad = |why: &str| JudgeError::BadJson(why.to_owned());
    let (mut found, mut from) = (None, 0);
    for _ in 0..MOST_STARTS {
        let Some(start) = text[from..].find('{').map(|at| from + at) else {
            // The parser of answers says what is wrong with it.
            return found.ok_or_else(|| bad("no answer in it"));
        };
        let mut whole =
            serde_json::Deserializer::from_str(&text[start..]).into_iter::<IgnoredAny>();
        if let Some(Ok(_)) = whole.next() {
            let end = start + whole.byte_offset();
            let object = &text[start..end];
            if serde_json::from_str::<Findings>(object).is_ok() || start == 0 && end == text.len() {
                if found.is_some() {
                    return Err(bad("it holds more than one answer"));
                }
                found = Some(object);
            }
            from = end;
        } else if start == 0 {
            return Ok(text);
        } else {
            from = start + 1;
        }
    }
    Err(bad("too many braces around it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"{"findings":[{"quote":"{ \"findings\": } ```"}]}"#;

    #[test]
    fn an_answer_is_found_within_what_is_written_around_it() {
        for text in [
            ANSWER.to_owned(),
            format!("```json\n{ANSWER}\n```"),
            format!("Sure! Here it is:\n```\n{ANSWER}\n```\nI used {{ }} and {{braces}}."),
            format!("<think>\nThe form is {{\"findings\": …}}, so {ANSWER}.\n</think>\n{ANSWER}"),
            format!("{ANSWER}\n\nHope this helps."),
        ] {
            assert_eq!(object(&text), Ok(ANSWER), "{text}");
        }
    }

    #[test]
    fn none_and_two_are_none() {
        for text in ["", "I can't say.", "see {\"finding\":1}", "x {\"findings\":[", "{{{{"] {
            let found = object(text);
            assert!(found.is_err() || found == Ok(text), "{text}: {found:?}");
        }
        assert_eq!(
            object(&format!("{ANSWER} {ANSWER}")),
            Err(JudgeError::BadJson("it holds more than one answer".into()))
        );
        assert!(object(&"a{".repeat(100_000)).is_err());
        // What begins as an answer is one, whole or broken; no part of it is taken for another.
        let broken = r#"{"x":{"findings":[]}"#;
        assert_eq!(object(broken), Ok(broken));
    }

    fn status(status: u16) -> JudgeError {
        JudgeError::Status { status, message: String::new(), pause: None }
    }

    #[test]
    fn the_form_is_found_out_once() {
        let formats = Formats::new(None, None);
        let mut asked = Vec::new();
        let mut ask = |takes: Format| {
            formats.call(|format| {
                asked.push(format.as_str());
                if format == takes { Ok(()) } else { Err(status(400)) }
            })
        };
        assert_eq!(ask(Format::JsonObject), Ok(()));
        assert_eq!(ask(Format::JsonObject), Ok(()));
        // Proven is proven: a 400 is then about the question.
        assert!(ask(Format::Text).is_err());
        assert_eq!(asked, ["json_schema", "json_object", "json_object", "json_object"]);
        assert_eq!(formats.found(), Some(Format::JsonObject));
    }

    #[test]
    fn other_failures_say_nothing_about_the_form() {
        let formats = Formats::new(None, Some(Format::JsonObject));
        assert!(formats.call(|_| Err::<(), _>(status(500))).is_err());
        assert_eq!((formats.found(), formats.likely()), (None, Format::JsonObject));
        let mut asked = Vec::new();
        let failed = formats.call(|format| {
            asked.push(format);
            Err::<(), _>(status(422))
        });
        assert!(failed.is_err() && formats.found().is_none());
        assert_eq!(asked, [Format::JsonObject, Format::Text]);

        let fixed = Formats::new(Some(Format::Text), Some(Format::JsonSchema));
        assert!(
            fixed
                .call(|format| Err::<(), _>(status(if format == Format::Text { 400 } else { 500 })))
                .is_err()
        );
        assert_eq!(fixed.found(), None);
    }
}
