//! The model's answer, and what of it holds.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{Answered, Candidate, Case, JudgeError, completion::bad_json, prompt, quote};
use crate::{
    diag::Diagnostic,
    domain::{Judgement, PointId, ProposalId, squash_whitespace},
};

/// Longest reason that is kept, in characters.
const MAX_REASON: usize = 300;

/// Words that only people may use about an organisation.
static VERDICT_WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(non-?)?(compliant|conform(s|ing|ant)|conformit(y|ies))\b|\bcertified\b|\baudit-ready\b").ok()
});

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Answer {
    findings: Vec<Finding>,
    #[serde(default)]
    instructions_found: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Finding {
    passage: String,
    verdict: Stance,
    #[serde(default)]
    points: Vec<String>,
    #[serde(default)]
    sentences: Vec<u64>,
    #[serde(default)]
    quote: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stance {
    Supported,
    Partly,
    Not,
    Abstain,
}

impl Stance {
    fn as_str(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Partly => "partly",
            Self::Not => "not",
            Self::Abstain => "abstain",
        }
    }

    fn needs_quote(self) -> bool {
        matches!(self, Self::Supported | Self::Partly)
    }
}

/// What of an answer holds.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) judgements: BTreeMap<ProposalId, Judgement>,
    /// Candidates whose quote is not in them.
    pub(super) unquoted: Vec<ProposalId>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Answer {
    pub(super) fn parse(content: &str) -> Result<Self, JudgeError> {
        serde_json::from_str(content.trim()).map_err(|error| bad_json(&error))
    }

    /// The bare findings, for the record.
    pub(super) fn answered(&self) -> Vec<Answered> {
        let bare = |finding: &Finding| Answered {
            passage: finding.passage.clone(),
            verdict: finding.verdict.as_str().to_owned(),
            points: finding.points.clone(),
            sentences: finding.sentences.clone(),
        };
        self.findings.iter().map(bare).collect()
    }

    /// Checks each finding against its case. Only what was asked about counts: all candidates at
    /// first, those without a sound quote the second time.
    pub(super) fn check(self, case: &Case, asked: &[ProposalId], model: &str) -> Checked {
        let mut checked = Checked::default();
        for id in &self.instructions_found {
            match candidate(case, id) {
                Some(candidate) => checked.diagnostics.push(suspicion(candidate)),
                None => checked.unknown(case, "a passage"),
            }
        }
        for finding in self.findings {
            let Some(candidate) = candidate(case, &finding.passage) else {
                checked.unknown(case, "a passage");
                continue;
            };
            let id = &candidate.proposal_id;
            if !asked.contains(id) {
                continue;
            }
            if checked.judgements.contains_key(id) || checked.unquoted.contains(id) {
                checked.diagnostics.push(
                    about("judge-repeated", "the model judged this passage twice", candidate)
                        .help("the first verdict counts"),
                );
                continue;
            }
            checked.take(case, candidate, finding, model);
        }
        checked
    }
}

impl Checked {
    fn take(&mut self, case: &Case, candidate: &Candidate, finding: Finding, model: &str) {
        let mut points = Vec::new();
        let mut quoted = "";
        if finding.verdict.needs_quote() {
            match quote::find(&candidate.quote, &finding.quote) {
                Some(text) => quoted = text,
                None => {
                    self.unquoted.push(candidate.proposal_id.clone());
                    return;
                }
            }
            for short in &finding.points {
                match point(case, short) {
                    Some(id) if points.contains(&id) => {}
                    Some(id) => points.push(id),
                    None => self.unknown(case, "a point"),
                }
            }
            let last = candidate.sentences.len() as u64;
            if finding.sentences.iter().any(|n| !(1..=last).contains(n)) {
                self.unknown(case, "a sentence");
            }
        }
        let reason = plain_line(&finding.reason);
        let overreach = passes_verdict(&reason, &case.target.title);
        if overreach {
            self.diagnostics.push(about(
                "judge-wording",
                "the model's reason was dropped: it passes a verdict that only people may pass",
                candidate,
            ));
        }
        let judgement = Judgement {
            proposal_id: candidate.proposal_id.clone(),
            verdict: finding.verdict.as_str().to_owned(),
            points,
            quote: quoted.to_owned(),
            reason: if overreach { String::new() } else { reason },
            model: model.to_owned(),
            prompt_version: prompt::version().to_owned(),
        };
        self.judgements.insert(candidate.proposal_id.clone(), judgement);
    }

    fn unknown(&mut self, case: &Case, what: &str) {
        let message = format!("{}: the answer names {what} that was not sent", case.target.id);
        self.diagnostics.push(
            Diagnostic::warning("judge-unknown-id", message).help("that part of it was dropped"),
        );
    }
}

fn candidate<'c>(case: &'c Case, id: &str) -> Option<&'c Candidate> {
    case.candidates.iter().find(|candidate| candidate.proposal_id.as_str() == id)
}

/// A point by its short id, or by its whole one.
fn point(case: &Case, id: &str) -> Option<PointId> {
    let fits = |point: &&PointId| point.short() == id || point.as_str() == id;
    case.target.points.iter().map(|point| &point.id).find(fits).cloned()
}

/// A warning about a candidate, with its place.
pub(super) fn about(code: &str, message: &str, candidate: &Candidate) -> Diagnostic {
    Diagnostic::warning(code, message).in_file(&candidate.document).at(candidate.locator.clone())
}

/// The warning about a passage that talks to the model.
pub(super) fn suspicion(candidate: &Candidate) -> Diagnostic {
    about("suspected-injection", "the passage reads like an instruction to a model", candidate)
        .help("look at the document; the judge took the text as data only")
}

/// Whether a reason uses words that are people's. Those of the target's own title are its subject.
fn passes_verdict(reason: &str, title: &str) -> bool {
    let Some(words) = VERDICT_WORDS.as_ref() else { return true };
    let title = title.to_lowercase();
    words.find_iter(reason).any(|word| !title.contains(&word.as_str().to_lowercase()))
}

fn plain_line(text: &str) -> String {
    let plain: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    squash_whitespace(&plain).chars().take(MAX_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{cases, testing};

    const TEXT: &str = "Access rights are reviewed every quarter. The owner signs.";

    fn check(answer: &str) -> Checked {
        let case = cases(&[testing::target()], &[testing::proposal(TEXT)]).remove(0);
        let id = case.candidates[0].proposal_id.clone();
        let answer = Answer::parse(&answer.replace("ID", id.as_str())).unwrap();
        answer.check(&case, &[id], "m")
    }

    fn codes(checked: &Checked) -> Vec<&str> {
        checked.diagnostics.iter().map(|d| d.code.as_str()).collect()
    }

    #[test]
    fn ids_that_were_not_sent_are_dropped_and_told() {
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"partly","points":["d1","d1","d9"],
               "sentences":[1,3],"quote":"reviewed  every quarter","reason":"r"}],
               "instructions_found":["p-x"]}"#,
        );
        assert_eq!(codes(&checked), ["judge-unknown-id"; 3]);
        let judgement = checked.judgements.values().next().unwrap();
        assert_eq!(judgement.points, ["ISO27001:A.5.18#d1".parse().unwrap()]);
        assert_eq!(judgement.quote, "reviewed every quarter");
    }

    #[test]
    fn without_support_there_is_neither_quote_nor_point() {
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"not","points":["d1"],"quote":"invented text"}]}"#,
        );
        let judgement = checked.judgements.values().next().unwrap();
        assert_eq!((judgement.quote.as_str(), judgement.points.len()), ("", 0));
        assert_eq!(codes(&checked), [""; 0]);
    }

    #[test]
    fn the_first_of_two_verdicts_counts() {
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"not"},{"passage":"ID","verdict":"abstain"}]}"#,
        );
        assert_eq!(checked.judgements.values().next().unwrap().verdict, "not");
        assert_eq!(codes(&checked), ["judge-repeated"]);
    }

    #[test]
    fn a_reason_that_passes_a_verdict_is_dropped_whole() {
        let checked =
            check(r#"{"findings":[{"passage":"ID","verdict":"not","reason":"Fully compliant."}]}"#);
        assert_eq!(checked.judgements.values().next().unwrap().reason, "");
        assert_eq!(codes(&checked), ["judge-wording"]);
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"not","reason":"No\n\u0007 record."}]}"#,
        );
        assert_eq!(checked.judgements.values().next().unwrap().reason, "No record.");
    }

    #[test]
    fn a_subject_is_no_verdict() {
        assert!(passes_verdict("A nonconformity.", "Internal audit"));
        assert!(!passes_verdict("It logs a nonconformity.", "Nonconformity and corrective action"));
        assert!(!passes_verdict("It names a compliance officer.", "Roles"));
    }

    #[test]
    fn an_unknown_verdict_is_no_answer() {
        let answer = r#"{"findings":[{"passage":"x","verdict":"accept"}]}"#;
        assert!(matches!(Answer::parse(answer), Err(JudgeError::BadJson(_))));
    }
}
