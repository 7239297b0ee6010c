//! Recordings of a judge's work: what was asked and answered, redacted as it was sent, and what came of
//! it. They are replayed without network, and compared with one another.
//!
//! JSON lines: one `header`, then `exchange` and `result` lines in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    CallRecord, Case, JudgeError, Tokens, Trace,
    answer::Answer,
    conversation::{Asks, question_key},
    prompt::Message,
};
use crate::{
    diag::Diagnostic,
    domain::{Judgement, PointId, ProposalId, Stance, TargetId, TargetJudgement, TargetStance},
};

/// Version of the lines.
const VERSION: u32 = 1;

/// One line of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Header { evimap_recording: u32, model: String, prompt_version: String },
    Exchange(Recorded),
    Result(Said),
    Whole(SaidOfTarget),
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Recorded {
    target: TargetId,
    case_key: String,
    question: String,
    again: bool,
    request_sha256: String,
    request_bytes: u64,
    tokens: Tokens,
    messages: Vec<(String, String)>,
    answer: Option<String>,
    error: Option<String>,
}

/// What came out about a proposal; no words of the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    pub proposal: ProposalId,
    pub target: TargetId,
    pub system: Option<String>,
    pub verdict: Stance,
    pub points: Vec<(Option<PointId>, Stance)>,
}

/// What came out about a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaidOfTarget {
    pub target: TargetId,
    pub system: Option<String>,
    pub verdict: TargetStance,
}

/// What a judged run came to, with or without its exchanges.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    pub model: String,
    pub prompt_version: String,
    pub said: Vec<Said>,
    pub targets: Vec<SaidOfTarget>,
    pub calls: usize,
    pub bytes: u64,
    pub tokens: Tokens,
    #[serde(skip)]
    exchanges: BTreeMap<String, Recorded>,
}

impl Recording {
    /// Takes a run's outcome. `place` gives target and system of a proposal.
    pub fn of(
        model: &str,
        prompt_version: &str,
        judgements: &[Judgement],
        targets: &[TargetJudgement],
        records: &[CallRecord],
        place: impl Fn(&ProposalId) -> Option<(TargetId, Option<String>)>,
    ) -> Self {
        let said = judgements.iter().filter_map(|j| {
            let (target, system) = place(&j.proposal_id)?;
            let points = j.points.iter().map(|o| (o.point.clone(), o.verdict)).collect();
            let (proposal, verdict) = (j.proposal_id.clone(), j.verdict);
            Some(Said { proposal, target, system, verdict, points })
        });
        let targets = targets.iter().map(|t| SaidOfTarget {
            target: t.target.clone(),
            system: t.system.clone(),
            verdict: t.verdict,
        });
        let mut made = Self {
            model: model.to_owned(),
            prompt_version: prompt_version.to_owned(),
            said: said.collect(),
            targets: targets.collect(),
            ..Self::default()
        };
        for record in records {
            made.calls += 1;
            made.bytes = made.bytes.saturating_add(record.request_bytes);
            made.tokens += record.tokens;
            if let Some(exchange) = &record.exchange {
                let recorded = Recorded {
                    target: record.target.clone(),
                    case_key: record.case_key.clone(),
                    question: exchange.question.clone(),
                    again: record.again,
                    request_sha256: record.request_sha256.clone(),
                    request_bytes: record.request_bytes,
                    tokens: record.tokens,
                    messages: exchange.messages.clone(),
                    answer: exchange.answer.clone(),
                    error: exchange.error.clone(),
                };
                made.exchanges.insert(recorded.question.clone(), recorded);
            }
        }
        made
    }

    /// As JSON lines.
    pub fn to_lines(&self) -> String {
        let header = Line::Header {
            evimap_recording: VERSION,
            model: self.model.clone(),
            prompt_version: self.prompt_version.clone(),
        };
        let exchanges = self.exchanges.values().cloned().map(Line::Exchange);
        let said = self.said.iter().cloned().map(Line::Result);
        let targets = self.targets.iter().cloned().map(Line::Whole);
        let lines = std::iter::once(header).chain(exchanges).chain(said).chain(targets);
        // Plain data always serialises.
        lines.filter_map(|line| serde_json::to_string(&line).ok()).map(|line| line + "\n").collect()
    }

    /// Whether a text begins like a recording.
    pub fn is_one(text: &str) -> bool {
        let first = text.lines().next().unwrap_or_default();
        matches!(serde_json::from_str(first), Ok(Line::Header { .. }))
    }

    /// Reads JSON lines. `file` is their path for messages.
    ///
    /// # Errors
    /// Every line that is none of a recording.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut fault = |n: usize, message: &str| {
            let line = u32::try_from(n).unwrap_or(u32::MAX);
            faults.push(
                Diagnostic::error("judge-recording", message)
                    .in_file(file)
                    .on_line(line)
                    .help("name a file written by `--judge-record`"),
            );
        };
        let mut made = Self::default();
        let mut header = false;
        for (n, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            match serde_json::from_str(line) {
                // Of runs that were appended one after another the last one's results count, and
                // the exchanges of all.
                Ok(Line::Header { evimap_recording: VERSION, model, prompt_version }) => {
                    let exchanges = std::mem::take(&mut made.exchanges);
                    made = Self { model, prompt_version, exchanges, ..Self::default() };
                    header = true;
                }
                Ok(Line::Header { .. }) => fault(n, "a recording of another version of evimap"),
                Ok(_) if !header => {
                    fault(n, "no header before this line");
                    break;
                }
                Ok(Line::Exchange(recorded)) => {
                    made.calls += 1;
                    made.bytes = made.bytes.saturating_add(recorded.request_bytes);
                    made.tokens += recorded.tokens;
                    made.exchanges.insert(recorded.question.clone(), recorded);
                }
                Ok(Line::Result(said)) => made.said.push(said),
                Ok(Line::Whole(said)) => made.targets.push(said),
                Err(_) => fault(n, "this line is none of a recording"),
            }
        }
        if !header && faults.is_empty() {
            faults.push(
                Diagnostic::error("judge-recording", "the file is empty")
                    .in_file(file)
                    .help("name a file written by `--judge-record`"),
            );
        }
        if faults.is_empty() { Ok(made) } else { Err(faults) }
    }
}

/// Answers from a recording; makes no call and so leaves no record of one.
pub struct Replay<'r>(pub &'r Recording);

impl Asks for Replay<'_> {
    fn name(&self) -> &str {
        &self.0.model
    }

    fn question(
        &self,
        _: &Case,
        messages: &[Message],
        _: bool,
        _: &mut Trace,
    ) -> Result<(Answer, String), JudgeError> {
        let recorded =
            self.0.exchanges.get(&question_key(messages)).ok_or(JudgeError::NotRecorded)?;
        match (&recorded.answer, &recorded.error) {
            (Some(text), _) => Ok((Answer::parse(text)?, text.clone())),
            (None, Some(error)) => Err(JudgeError::Recorded(error.clone())),
            (None, None) => Err(JudgeError::NotRecorded),
        }
    }
}
