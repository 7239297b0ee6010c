//! A case from its first question to what holds of the answers: one question, one more for quotes that
//! are not in their passage.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{
    Case, Exchange, Judge, JudgeError, Trace,
    answer::{Answer, about},
    chat::{failure, shorten},
    prompt::{self, Message},
};
use crate::{
    diag::Diagnostic,
    domain::{Judgement, ProposalId},
};

/// Answers questions: an endpoint, or a recording of one.
pub(super) trait Asks: Sync {
    /// Name of the model.
    fn name(&self) -> &str;

    /// Gives an answer and its text. Calls that are made go to `trace`.
    fn question(
        &self,
        case: &Case,
        messages: &[Message],
        again: bool,
        trace: &mut Trace,
    ) -> Result<(Answer, String), JudgeError>;
}

impl<T: Asks> Judge for T {
    fn model(&self) -> &str {
        self.name()
    }

    fn judge(&self, case: &Case, trace: &mut Trace) -> Result<Vec<Judgement>, JudgeError> {
        hold(self, case, trace)
    }
}

/// Holds the conversation about a case.
///
/// # Errors
/// The first question got no usable answer.
pub(super) fn hold(
    asked: &dyn Asks,
    case: &Case,
    trace: &mut Trace,
) -> Result<Vec<Judgement>, JudgeError> {
    let all: Vec<ProposalId> = case.candidates.iter().map(|c| c.proposal_id.clone()).collect();
    let mut messages = prompt::opening(case);
    let (answer, text) = put(asked, case, &messages, false, trace)?;
    let mut checked = answer.check(case, &all);
    let unquoted = std::mem::take(&mut checked.unquoted);

    let answered = |id: &&ProposalId| checked.findings.contains_key(*id) || unquoted.contains(id);
    let silent = all.len() - all.iter().filter(answered).count();
    if silent > 0 {
        let message =
            format!("{}: no answer for {silent} of {} passages", case.target.id, all.len());
        checked.diagnostics.push(Diagnostic::note("judge-unanswered", message));
    }
    if !unquoted.is_empty() {
        reject(trace, &text);
        messages.extend([Message::assistant(text), prompt::again(case, &unquoted)]);
        let mut mended: Vec<ProposalId> = Vec::new();
        match put(asked, case, &messages, true, trace) {
            Ok((answer, text)) => {
                let second = answer.check(case, &unquoted);
                if !second.unquoted.is_empty() {
                    reject(trace, &text);
                }
                let sound = |id: &&ProposalId| !second.unquoted.contains(id);
                mended.extend(second.findings.keys().filter(sound).cloned());
                checked.mend(second);
            }
            Err(error) => {
                trace.incomplete = true;
                checked.diagnostics.push(failure(case, &error));
            }
        }
        for candidate in &case.candidates {
            let id = &candidate.proposal_id;
            if !unquoted.contains(id) || mended.contains(id) {
                continue;
            }
            let message = format!(
                "{}: the model's quote is not in the passage, so its verdict was dropped",
                case.target.id
            );
            checked.diagnostics.push(about("judge-quote", &message, candidate));
            // Without the finding that had no quote, what is left of a passage may say the contrary
            // of what the model meant; only what has a quote of its own may stay.
            if let Some(left) = checked.findings.get_mut(id) {
                left.retain(|opinion| opinion.verdict.needs_quote());
            }
        }
    }
    trace.target = checked.whole(case, asked.name());
    trace.diagnostics.append(&mut checked.diagnostics);
    Ok(all
        .into_iter()
        .filter_map(|id| {
            let findings = checked.findings.remove(&id)?;
            Judgement::of(id, findings, asked.name(), &case.prompt.version)
        })
        .collect())
}

/// Puts one question, and keeps what was said with its last call.
fn put(
    asked: &dyn Asks,
    case: &Case,
    messages: &[Message],
    again: bool,
    trace: &mut Trace,
) -> Result<(Answer, String), JudgeError> {
    let before = trace.records.len();
    let outcome = asked.question(case, messages, again, trace);
    if let Some(record) = trace.records.get_mut(before..).and_then(<[_]>::last_mut) {
        record.exchange = Some(Exchange {
            question: question_key(messages),
            messages: messages.iter().map(|m| (m.role.to_owned(), m.content.clone())).collect(),
            answer: outcome.as_ref().ok().map(|(_, text)| text.clone()),
            error: outcome.as_ref().err().map(ToString::to_string),
        });
    }
    outcome
}

/// SHA-256 over the messages, lower-case hex.
pub(super) fn question_key(messages: &[Message]) -> String {
    let mut hasher = Sha256::new();
    for text in messages.iter().flat_map(|m| [m.role, &m.content]) {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    HEXLOWER.encode(&hasher.finalize())
}

fn reject(trace: &mut Trace, text: &str) {
    if let Some(record) = trace.records.last_mut() {
        record.rejected = Some(shorten(text));
    }
}
