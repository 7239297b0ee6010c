//! The model's answer, and what of it holds.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;
use serde::{Deserialize, Deserializer};

use super::{Answered, Candidate, Case, JudgeError, completion::bad_json, quote};
use crate::{
    diag::Diagnostic,
    domain::{
        PointId, PointOpinion, ProposalId, Stance, TargetJudgement, TargetStance, squash_whitespace,
    },
};

/// Longest reason, and longest note on what is missing, in characters.
const MAX_REASON: usize = 300;

/// Words that only people may use about an organisation.
static VERDICT_WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(non-?)?(compliant|conform(s|ing|ant)|conformit(y|ies))\b|\bcertified\b|\baudit-ready\b").ok()
});

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Answer {
    findings: Vec<Finding>,
    #[serde(default)]
    target: Option<Whole>,
    #[serde(default)]
    instructions_found: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Finding {
    passage: String,
    verdict: Stance,
    #[serde(default)]
    point: Option<String>,
    #[serde(default)]
    sentences: Vec<u64>,
    #[serde(default, deserialize_with = "or_empty")]
    quote: String,
    #[serde(default, deserialize_with = "or_empty")]
    reason: String,
    #[serde(default, deserialize_with = "or_empty")]
    missing: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Whole {
    verdict: TargetStance,
    #[serde(default, deserialize_with = "or_empty")]
    missing: String,
}

/// A server that doesn't hold the schema may say `null` where there is nothing to say.
fn or_empty<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(input)?.unwrap_or_default())
}

/// What of one or two answers holds.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// What was said about each candidate, in the order said.
    pub(super) findings: BTreeMap<ProposalId, Vec<PointOpinion>>,
    /// Candidates with a quote that is not in them.
    pub(super) unquoted: Vec<ProposalId>,
    /// What was said about the target, as said.
    target: Option<(TargetStance, String)>,
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
            point: finding.point.clone().unwrap_or_default(),
            sentences: finding.sentences.clone(),
        };
        self.findings.iter().map(bare).collect()
    }

    /// Checks each finding against its case. Only what was asked about counts: all candidates at
    /// first, those without a sound quote the second time.
    pub(super) fn check(self, case: &Case, asked: &[ProposalId]) -> Checked {
        let mut checked = Checked::default();
        for id in &self.instructions_found {
            match candidate(case, id) {
                Some(candidate) => checked.tell(suspicion(candidate)),
                None => checked.unknown(case, "a passage"),
            }
        }
        for finding in self.findings {
            match candidate(case, &finding.passage) {
                None => checked.unknown(case, "a passage"),
                Some(candidate) if asked.contains(&candidate.proposal_id) => {
                    checked.take(case, candidate, finding);
                }
                Some(_) => {}
            }
        }
        checked.target = self.target.map(|whole| {
            let missing = checked.own_words(case, None, &whole.missing);
            (whole.verdict, missing)
        });
        checked
    }
}

impl Checked {
    fn take(&mut self, case: &Case, candidate: &Candidate, finding: Finding) {
        let id = &candidate.proposal_id;
        let named = finding.point.as_deref().map(str::trim).filter(|named| !named.is_empty());
        let point = match named.map(|named| point(case, named)) {
            Some(None) => {
                self.unknown(case, "a point");
                return;
            }
            Some(found) => found,
            None => None,
        };
        let said = self.findings.get(id).is_some_and(|all| all.iter().any(|o| o.point == point));
        if said {
            let message = "the model judged this passage twice for the same point";
            let repeated = about("judge-repeated", message, candidate);
            self.tell(repeated.help("the first verdict counts"));
            return;
        }
        let (mut quoted, mut sentences) = (String::new(), Vec::new());
        if finding.verdict.needs_quote() {
            let sent = &candidate.sent.quote;
            let place = quote::find(&sent.text, &finding.quote).map(|place| sent.source(&place));
            match place.and_then(|place| candidate.quote.get(place)) {
                Some(text) => text.clone_into(&mut quoted),
                None => {
                    if !self.unquoted.contains(id) {
                        self.unquoted.push(id.clone());
                    }
                    return;
                }
            }
            let last = candidate.sent.sentences.len() as u64;
            for n in finding.sentences {
                match u32::try_from(n).ok().filter(|_| (1..=last).contains(&n)) {
                    Some(n) if sentences.contains(&n) => {}
                    Some(n) => sentences.push(n),
                    None => self.unknown(case, "a sentence"),
                }
            }
        }
        let opinion = PointOpinion {
            point,
            verdict: finding.verdict,
            sentences,
            quote: quoted,
            reason: self.own_words(case, Some(candidate), &finding.reason),
            missing: self.own_words(case, Some(candidate), &finding.missing),
        };
        self.findings.entry(id.clone()).or_default().push(opinion);
    }

    /// What a model wrote itself, as one plain line; nothing where it passes a verdict that is
    /// people's.
    fn own_words(&mut self, case: &Case, passage: Option<&Candidate>, text: &str) -> String {
        let line = plain_line(text);
        if !passes_verdict(&line, &case.target.title) {
            return case.placeholders.restore(&line);
        }
        let message =
            "the model's words were dropped: they pass a verdict that only people may pass";
        self.tell(match passage {
            Some(candidate) => about("judge-wording", message, candidate),
            None => Diagnostic::warning("judge-wording", format!("{}: {message}", case.target.id)),
        });
        String::new()
    }

    /// Adds what a second answer mended. What was not asked again stays as it was.
    pub(super) fn mend(&mut self, second: Self) {
        for (id, opinions) in second.findings {
            let known = self.findings.entry(id).or_default();
            for opinion in opinions {
                if known.iter().all(|k| k.point != opinion.point) {
                    known.push(opinion);
                }
            }
        }
        self.diagnostics.extend(second.diagnostics);
    }

    /// What was said about the target, as far as findings with a sound quote carry it: `evidence`
    /// needs a point that is supported, `partial` needs one that is at least partly so, and `none`
    /// needs that there is none. What is not carried becomes `abstain`, or `partial` for `evidence`.
    pub(super) fn whole(&mut self, case: &Case, model: &str) -> Option<TargetJudgement> {
        use TargetStance::{Abstain, Evidence, None as Nothing, Partial};
        let (said, missing) = self.target.take()?;
        let held = |stance| self.findings.values().flatten().any(|o| o.verdict == stance);
        let (full, part) = (held(Stance::Supported), held(Stance::Partly));
        let verdict = match said {
            Evidence if full => Evidence,
            Evidence | Partial if full || part => Partial,
            Nothing if !full && !part => Nothing,
            _ => Abstain,
        };
        if verdict != said {
            let message = format!(
                "{}: the model's verdict on the target was `{}`; its findings carry `{}`",
                case.target.id,
                said.as_str(),
                verdict.as_str()
            );
            self.diagnostics.push(Diagnostic::note("judge-target", message));
        }
        Some(TargetJudgement {
            target: case.target.id.clone(),
            system: case.system.clone(),
            verdict,
            missing,
            model: model.to_owned(),
            prompt_version: case.prompt.version.clone(),
        })
    }

    fn unknown(&mut self, case: &Case, what: &str) {
        let message = format!("{}: the answer names {what} that was not sent", case.target.id);
        self.tell(
            Diagnostic::warning("judge-unknown-id", message).help("that part of it was dropped"),
        );
    }

    /// Says a thing once, however often the answer gives cause: one may hold a million of them.
    fn tell(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
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

/// Whether a text uses words that are people's. Those of the target's own title are its subject.
fn passes_verdict(text: &str, title: &str) -> bool {
    let Some(words) = VERDICT_WORDS.as_ref() else { return true };
    let title = title.to_lowercase();
    words.find_iter(text).any(|word| !title.contains(&word.as_str().to_lowercase()))
}

fn plain_line(text: &str) -> String {
    let plain: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    squash_whitespace(&plain).chars().take(MAX_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{cases, testing};

    const TEXT: &str =
        "Access rights are reviewed every quarter by ada@example.org. The owner signs.";

    fn case() -> Case {
        cases(&[testing::target()], &[testing::proposal(TEXT)]).remove(0)
    }

    fn check(answer: &str) -> Checked {
        let case = case();
        let id = case.candidates[0].proposal_id.clone();
        let answer = Answer::parse(&answer.replace("ID", id.as_str())).unwrap();
        answer.check(&case, &[id])
    }

    fn codes(checked: &Checked) -> Vec<&str> {
        checked.diagnostics.iter().map(|d| d.code.as_str()).collect()
    }

    fn only(checked: &Checked) -> &[PointOpinion] {
        checked.findings.values().next().unwrap()
    }

    #[test]
    fn a_flood_of_faults_is_told_once() {
        let sentences = vec!["99"; 100_000].join(",");
        let found = vec![r#""ID""#; 50_000].join(",");
        let checked = check(&format!(
            r#"{{"findings":[{{"passage":"ID","point":"d1","sentences":[{sentences}],"quote":"The owner signs.",
            "reason":"r","missing":"","verdict":"supported"}}],"target":{{"missing":"","verdict":"evidence"}},
            "instructions_found":[{found}]}}"#
        ));
        assert_eq!(codes(&checked), ["suspected-injection", "judge-unknown-id"]);
        assert_eq!(only(&checked).len(), 1);
    }

    #[test]
    fn ids_that_were_not_sent_are_dropped_and_told() {
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"partly","point":"d1","sentences":[1,3,1],
               "quote":"reviewed  every quarter","reason":"r","missing":"who"},
               {"passage":"ID","verdict":"supported","point":"d9","quote":"The owner signs."},
               {"passage":"p-y","verdict":"not"}],"instructions_found":["p-x"]}"#,
        );
        assert_eq!(codes(&checked), ["judge-unknown-id"; 3]);
        let [opinion] = only(&checked) else { panic!("{checked:?}") };
        assert_eq!(opinion.point, Some("ISO27001:A.5.18#d1".parse().unwrap()));
        assert_eq!(
            (opinion.quote.as_str(), &opinion.sentences[..]),
            ("reviewed every quarter", &[1][..])
        );
        assert_eq!(opinion.missing, "who");
    }

    #[test]
    fn a_quote_with_a_placeholder_becomes_the_verbatim_text() {
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"supported","point":"d1",
               "quote":"every quarter by [EMAIL-1]","reason":"[EMAIL-1] reviews."}]}"#,
        );
        let [opinion] = only(&checked) else { panic!("{checked:?}") };
        assert_eq!(opinion.quote, "every quarter by ada@example.org");
        assert_eq!(opinion.reason, "ada@example.org reviews.");
        // What was taken out can't be guessed into a quote.
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"supported","quote":"by ada@example.org"}]}"#,
        );
        assert_eq!((checked.unquoted.len(), checked.findings.len()), (1, 0));
    }

    #[test]
    fn without_support_there_is_no_quote() {
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"not","point":"d1","sentences":[1],
               "quote":"invented text","missing":"a record"}]}"#,
        );
        let [opinion] = only(&checked) else { panic!("{checked:?}") };
        assert_eq!((opinion.quote.as_str(), opinion.sentences.len()), ("", 0));
        assert_eq!(opinion.missing, "a record");
        assert_eq!(codes(&checked), [""; 0]);
    }

    #[test]
    fn of_two_findings_on_one_point_the_first_counts() {
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"not"},{"passage":"ID","verdict":"abstain","point":""},
               {"passage":"ID","verdict":"abstain","point":"d1"}]}"#,
        );
        let stances: Vec<_> = only(&checked).iter().map(|o| o.verdict).collect();
        assert_eq!(stances, [Stance::Not, Stance::Abstain]);
        assert_eq!(codes(&checked), ["judge-repeated"]);
    }

    #[test]
    fn words_that_pass_a_verdict_are_dropped_whole() {
        let checked =
            check(r#"{"findings":[{"passage":"ID","verdict":"not","reason":"Fully compliant."}]}"#);
        assert_eq!(only(&checked)[0].reason, "");
        assert_eq!(codes(&checked), ["judge-wording"]);
        let checked = check(
            r#"{"findings":[{"passage":"ID","verdict":"not","reason":"No\n\u0007 record."}],
               "target":{"verdict":"none","missing":"Not certified."}}"#,
        );
        assert_eq!(only(&checked)[0].reason, "No record.");
        assert_eq!(codes(&checked), ["judge-wording"]);
    }

    #[test]
    fn a_subject_is_no_verdict() {
        assert!(passes_verdict("A nonconformity.", "Internal audit"));
        assert!(!passes_verdict("It logs a nonconformity.", "Nonconformity and corrective action"));
        assert!(!passes_verdict("It names a compliance officer.", "Roles"));
    }

    #[test]
    fn a_verdict_on_the_target_is_no_stronger_than_its_findings() {
        let said = |finding: &str, target: &str| {
            let quote = if finding == "not" { "" } else { "The owner signs." };
            let mut checked = check(&format!(
                r#"{{"findings":[{{"passage":"ID","verdict":"{finding}","point":"d1","quote":"{quote}"}}],
                   "target":{{"verdict":"{target}","missing":""}}}}"#
            ));
            let whole = checked.whole(&case(), "m").unwrap();
            (whole.verdict.as_str(), checked.diagnostics.len())
        };
        assert_eq!(said("supported", "evidence"), ("evidence", 0));
        assert_eq!(said("supported", "partial"), ("partial", 0));
        assert_eq!(said("partly", "evidence"), ("partial", 1));
        assert_eq!(said("not", "evidence"), ("abstain", 1));
        assert_eq!(said("not", "partial"), ("abstain", 1));
        assert_eq!(said("not", "none"), ("none", 0));
        assert_eq!(said("supported", "none"), ("abstain", 1));
        assert!(check(r#"{"findings":[]}"#).whole(&case(), "m").is_none());
    }

    #[test]
    fn an_unknown_verdict_is_no_answer() {
        for answer in [
            r#"{"findings":[{"passage":"x","verdict":"accept"}]}"#,
            r#"{"findings":[],"target":{"verdict":"full"}}"#,
        ] {
            assert!(matches!(Answer::parse(answer), Err(JudgeError::BadJson(_))));
        }
    }
}
