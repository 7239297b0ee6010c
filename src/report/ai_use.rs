//! `ai-use.md`: what a language model was used for, with what data, and how far people agreed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    text::{DISCLAIMER, line},
    view::View,
};

pub(super) const FILE: &str = "ai-use.md";

/// The record of a run that asked the judge.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AiUse {
    pub run: u64,
    /// RFC 3339.
    pub started: String,
    /// Base address; empty where a recording was replayed.
    pub endpoint: String,
    pub model: String,
    /// Name and version of the prompt, and the SHA-256 of its text.
    pub prompt: String,
    pub prompt_sha256: String,
    /// Whether it is the workspace's own.
    pub prompt_overridden: bool,
    /// SHA-256 of the recording that the answers came from, if any: nothing was sent then.
    pub replayed: Option<String>,
    /// Questions, and how many of them an earlier run had answered or got no answer.
    pub questions: usize,
    pub answered_before: usize,
    pub failed: usize,
    /// Requests of this run, their size, and tokens as the endpoint counted them.
    pub calls: usize,
    pub bytes: u64,
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
    /// Passages and documents that the requests held.
    pub passages: usize,
    pub documents: Vec<String>,
    /// Whether addresses, numbers and keys are taken out; how many names are on the list; what was
    /// taken out, by kind.
    pub redacting: bool,
    pub names: usize,
    pub redacted: BTreeMap<String, usize>,
    pub held_back: Vec<HeldBack>,
    /// Proposals and targets by what the model said of them.
    pub verdicts: BTreeMap<String, usize>,
    pub targets: BTreeMap<String, usize>,
    /// Against the decisions in force.
    #[serde(default)]
    pub rates: Vec<Rate>,
}

/// A document whose passages were not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    pub document: String,
    pub why: String,
    pub passages: usize,
}

/// How many of the proposals with one verdict people accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    pub verdict: String,
    /// Accepted or rejected; deferred ones say neither.
    pub decided: usize,
    pub accepted: usize,
    /// Wilson's 95 % interval of the share of accepted ones; `None` while too few are decided.
    pub interval: Option<(f64, f64)>,
}

impl Rate {
    /// The verdict, and the share in words; `None` while too few are decided.
    pub fn words(&self) -> Option<(String, String)> {
        let (low, high) = self.interval?;
        let text = format!(
            "people accepted {} of {} with this verdict ({low:.2}–{high:.2})",
            self.accepted, self.decided
        );
        Some((self.verdict.clone(), text))
    }
}

/// Documents named; the log has them all.
const NAMED: usize = 200;

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let Some(used) = &view.report.ai_use else { return Err("no judge was asked".to_owned()) };
    let mut out = "# Use of a language model\n\n".to_owned();
    for (label, value) in view.particulars() {
        out.push_str(&format!("- {label}: {}\n", line(&value)));
    }
    out.push_str(&format!(
        "\nAs of {}. Written for run {} ({}), the last that asked the model. \
         {DISCLAIMER}\n\n## Purpose\n\nA second opinion on passages that Evimap proposed as evidence: \
         which points of a target a passage shows, with a quote. The model was asked for nothing else.\n",
        view.report.as_of,
        used.run,
        line(&used.started)
    ));
    let own = if used.prompt_overridden { ", the workspace's own" } else { ", as shipped" };
    let endpoint = match &used.replayed {
        Some(hash) => format!("none: a recording was replayed (SHA-256 {hash})"),
        None => line(&used.endpoint),
    };
    table(
        &mut out,
        "Model and prompt",
        &["", ""],
        &[
            vec!["Model".into(), line(&used.model)],
            vec!["Endpoint".into(), endpoint],
            vec!["Prompt".into(), format!("{}{own}", line(&used.prompt))],
            vec!["SHA-256 of the prompt".into(), used.prompt_sha256.clone()],
        ],
    );
    data(used, &mut out);
    said(used, &mut out);
    out.push_str(
        "\n## Oversight\n\n- People decide. The model's verdict is a column beside each suggestion; it \
         makes no decision, excludes nothing, and changes no confidence, no band and no status that a \
         person gave.\n- It changes the order of suggestions within a target: supported first, then \
         partly, then those without an opinion, then not.\n- A verdict that something is evidence stands \
         on a quote that was found in the passage; a quote that was not is dropped with its verdict.\n- \
         What the model says of its own confidence is not asked for.\n",
    );
    Ok(out.into_bytes())
}

fn data(used: &AiUse, out: &mut String) {
    let kinds: Vec<String> =
        used.redacted.iter().map(|(kind, n)| format!("{n} {}", line(kind))).collect();
    let forms = if used.redacting {
        "e-mail addresses, telephone numbers, IBANs and keys"
    } else {
        "nothing by its form (judge.redact is off)"
    };
    let kinds = if kinds.is_empty() { "none found".to_owned() } else { kinds.join(", ") };
    let held: usize = used.held_back.iter().map(|held| held.passages).sum();
    table(
        out,
        "Data sent in this run",
        &["", ""],
        &[
            vec![
                "Questions".into(),
                format!(
                    "{}, of which {} were answered by an earlier run and {} got no answer",
                    used.questions, used.answered_before, used.failed
                ),
            ],
            vec!["Requests".into(), format!("{} ({} bytes)", used.calls, used.bytes)],
            vec![
                "Tokens, as the endpoint counted them".into(),
                format!("{} in, {} out", used.prompt_tokens, used.completion_tokens),
            ],
            vec![
                "Passages".into(),
                format!("{} of {} documents", used.passages, used.documents.len()),
            ],
            vec![
                "Taken out before sending".into(),
                format!("{forms}; {} listed names: {kinds}", used.names),
            ],
            vec![
                "Held back".into(),
                format!("{held} passages of {} documents", used.held_back.len()),
            ],
        ],
    );
    out.push_str(
        "\nNames that are not on the list, and what has no fixed form, are sent as they stand. Each \
         request is in .evimap/judge-sent.jsonl with hash, size and documents.\n",
    );
    if !used.documents.is_empty() {
        out.push_str("\n### Documents with passages that were sent\n\n");
        for document in used.documents.iter().take(NAMED) {
            out.push_str(&format!("- {}\n", line(document)));
        }
        if used.documents.len() > NAMED {
            out.push_str(&format!("- … and {} more in the log\n", used.documents.len() - NAMED));
        }
    }
    if !used.held_back.is_empty() {
        let rows: Vec<Vec<String>> = used
            .held_back
            .iter()
            .map(|held| vec![line(&held.document), held.passages.to_string(), line(&held.why)])
            .collect();
        out.push_str("\n### Held back\n");
        rows_of(out, &["Document", "Passages", "Why"], &rows);
    }
}

fn said(used: &AiUse, out: &mut String) {
    let count = |map: &BTreeMap<String, usize>, order: &[&str]| {
        let words = order.iter().map(|word| format!("{} {word}", map.get(*word).unwrap_or(&0)));
        words.collect::<Vec<_>>().join(", ")
    };
    table(
        out,
        "What it said",
        &["", ""],
        &[
            vec![
                "Proposals".into(),
                count(&used.verdicts, &["supported", "partly", "abstain", "not"]),
            ],
            vec![
                "Targets".into(),
                count(&used.targets, &["evidence", "partial", "abstain", "none"]),
            ],
        ],
    );
    let rows: Vec<Vec<String>> = used
        .rates
        .iter()
        .map(|rate| {
            let share = rate.interval.map_or_else(
                || "too few decided".to_owned(),
                |(low, high)| {
                    let share = rate.accepted as f64 / rate.decided.max(1) as f64;
                    format!("{share:.2} ({low:.2}–{high:.2})")
                },
            );
            let rejected = rate.decided - rate.accepted.min(rate.decided);
            vec![
                rate.verdict.clone(),
                rate.decided.to_string(),
                rate.accepted.to_string(),
                rejected.to_string(),
                share,
            ]
        })
        .collect();
    table(
        out,
        "Against people's decisions",
        &[
            "Verdict",
            "Decided",
            "Accepted",
            "Rejected",
            "Share accepted (Wilson's interval, z = 1.96)",
        ],
        &rows,
    );
    out.push_str(
        "\nA rejected proposal that the model called supported is an error of the one kind, an accepted \
         one that it called not of the other. People may have seen the verdict before they decided, and \
         decided what they were shown, so the shares say how far people agreed and not how good the \
         model is elsewhere.\n",
    );
}

fn table(out: &mut String, title: &str, header: &[&str], rows: &[Vec<String>]) {
    out.push_str(&format!("\n## {title}\n"));
    rows_of(out, header, rows);
}

fn rows_of(out: &mut String, header: &[&str], rows: &[Vec<String>]) {
    let rule: Vec<&str> = header.iter().map(|_| "---").collect();
    out.push_str(&format!("\n| {} |\n|{}|\n", header.join(" | "), rule.join("|")));
    for row in rows {
        out.push_str(&format!("| {} |\n", row.join(" | ")));
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{fixture, view},
        *,
    };

    fn used() -> AiUse {
        let rate = |verdict: &str, decided, accepted, interval| Rate {
            verdict: verdict.into(),
            decided,
            accepted,
            interval,
        };
        AiUse {
            run: 3,
            started: "2026-11-24T08:00:00Z".into(),
            endpoint: "http://127.0.0.1:8080/v1".into(),
            model: "m|odel".into(),
            prompt: "judge-target.v2".into(),
            calls: 2,
            bytes: 4000,
            documents: vec!["a\n# b.md".into()],
            held_back: vec![HeldBack {
                document: "hr/x.md".into(),
                why: "it is labelled Confidential".into(),
                passages: 2,
            }],
            redacting: true,
            redacted: BTreeMap::from([("email".to_owned(), 3)]),
            verdicts: BTreeMap::from([("supported".to_owned(), 5)]),
            rates: vec![rate("supported", 24, 18, Some((0.551, 0.88))), rate("not", 3, 1, None)],
            ..AiUse::default()
        }
    }

    #[test]
    fn the_record_names_model_prompt_data_and_agreement() {
        let mut report = fixture::report(true);
        report.ai_use = Some(used());
        let view = view::View::new(&report);
        let text = String::from_utf8(render(&view).unwrap()).unwrap();
        for part in [
            "| Model | m\\|odel |",
            "judge-target.v2, as shipped",
            "2 (4000 bytes)",
            "3 email",
            "2 passages of 1 documents",
            "| hr/x.md | 2 | it is labelled Confidential |",
            "5 supported, 0 partly",
            "| supported | 24 | 18 | 6 | 0.75 (0.55–0.88) |",
            "| not | 3 | 1 | 2 | too few decided |",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("\n# b.md"), "a name can't make a heading:\n{text}");
        let (verdict, words) = used().rates[0].words().unwrap();
        assert_eq!(verdict, "supported");
        assert_eq!(words, "people accepted 18 of 24 with this verdict (0.55–0.88)");
        assert_eq!(used().rates[1].words(), None);
    }

    #[test]
    fn without_a_judge_there_is_no_record() {
        let dir = tempfile::tempdir().unwrap();
        let mut report = fixture::report(true);
        report.ai_use = None;
        assert_eq!(super::super::write_only(&report, dir.path(), &[FILE]).unwrap().len(), 0);
        report.ai_use = Some(used());
        assert_eq!(super::super::write_only(&report, dir.path(), &[FILE]).unwrap().len(), 1);
    }
}
