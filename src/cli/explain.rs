//! `evimap explain`: why a proposal was made.

use std::process::ExitCode;

use super::{
    Outcome,
    args::{ExplainArgs, Output},
    render,
};
use crate::{
    domain::{Proposal, squash_whitespace},
    matching::{FIELDS, Part, Rival, Step},
    pipeline::{self, Explained, PipelineError},
};

pub(super) fn explain(args: ExplainArgs, output: Output) -> Outcome {
    let explained = pipeline::explain(&args.workspace, &args.proposal)?;
    let text = if output.json { as_json(&explained)? } else { as_text(&explained) };
    render::stdout(&text);
    Ok(ExitCode::SUCCESS)
}

/// As written: numbers keep the form that they have in proposals.jsonl.
#[derive(serde::Serialize)]
struct Page<'e> {
    schema_version: u32,
    proposal: &'e Proposal,
    features: &'e [Part],
    bias: f32,
    probability: f32,
    rules: &'e [Step],
    confidence: f32,
    score: f32,
    words: &'e [(String, f32)],
    fields: Vec<(&'static str, f32)>,
    citation: Option<String>,
    other_targets: &'e [Rival],
    other_passages: &'e [Proposal],
}

fn as_json(e: &Explained) -> Result<String, PipelineError> {
    let t = &e.trace;
    let page = Page {
        schema_version: 1,
        proposal: &e.proposal,
        features: &t.parts,
        bias: t.bias,
        probability: t.probability,
        rules: &t.steps,
        confidence: t.confidence,
        score: t.score,
        words: &t.words,
        fields: FIELDS.into_iter().zip(t.fields).collect(),
        citation: t.citation.as_ref().map(|c| squash_whitespace(&c.cited)),
        other_targets: &t.rivals,
        other_passages: &e.rivals,
    };
    serde_json::to_string(&page).map_err(|error| PipelineError::Internal(error.to_string()))
}

fn as_text(e: &Explained) -> String {
    let (p, t) = (&e.proposal, &e.trace);
    let system = p.system.as_ref().map_or(String::new(), |system| format!(" for {system}"));
    let mut lines = vec![
        format!("{}  {} {}{system}", p.id, p.target, e.target.title),
        format!("{}, {}", p.document, p.locator),
        format!("  “{}”", squash_whitespace(&p.quote)),
        String::new(),
        format!(
            "confidence {:.3}, {}; place {} for the target by score {:.2}",
            p.confidence,
            p.band.as_str(),
            p.rank,
            t.score
        ),
        format!("  {}", p.reasons.join("; ")),
        String::new(),
        "Points it may support:".to_owned(),
    ];
    for id in &p.points {
        let text = e.target.points.iter().find(|point| point.id == *id).map(|point| &point.text);
        lines.push(format!("  {id}: {}", text.map_or("", String::as_str)));
    }
    lines.push(String::new());
    lines.push(format!("{:<34}{:>8}{:>12}{:>12}", "What counts", "value", "to score", "to odds"));
    for part in &t.parts {
        lines.push(format!(
            "  {:<32}{:>8.2}{:>12}{:>12}",
            part.name,
            part.value,
            signed(part.ranking),
            signed(part.log_odds)
        ));
    }
    let ranking: f32 = t.parts.iter().map(|part| part.ranking).sum();
    let odds: f32 = t.bias + t.parts.iter().map(|part| part.log_odds).sum::<f32>();
    lines.push(format!("  {:<32}{:>8}{:>12}{:>12}", "start", "", "", signed(t.bias)));
    lines.push(format!("  {:<32}{:>8}{:>12}{:>12}", "sum", "", signed(ranking), signed(odds)));
    let rules = t.score - ranking;
    if rules.abs() >= 0.005 {
        let name = "rules (below)";
        lines.push(format!("  {name:<32}{:>8}{:>12}", "", signed(rules)));
    }
    lines.push(String::new());
    lines.push(format!("Confidence: log-odds {} give {:.3}", signed(odds), t.probability));
    for step in &t.steps {
        lines.push(format!("  {} → {:.3}", step.rule, step.confidence));
    }
    if let Some(citation) = &t.citation {
        lines.push(format!("  cites {}", squash_whitespace(&citation.cited)));
    }
    if let Some(talk) = t.talk {
        lines.push(format!("  it is {}", talk.explain()));
    }
    lines.push(String::new());
    let words: Vec<String> =
        t.words.iter().map(|(word, weight)| format!("{word} {weight:.2}")).collect();
    let none = || "none".to_owned();
    lines.push(format!(
        "Words it shares with the target: {}",
        if words.is_empty() { none() } else { words.join(", ") }
    ));
    let fields: Vec<String> = FIELDS
        .iter()
        .zip(t.fields)
        .filter(|(_, share)| *share >= 0.005)
        .map(|(field, share)| format!("{field} {:.0} %", share * 100.0))
        .collect();
    lines.push(format!(
        "They stand in its: {}",
        if fields.is_empty() { none() } else { fields.join(", ") }
    ));
    lines.push(String::new());
    lines.push("The same passage for other targets:".to_owned());
    for rival in &t.rivals {
        let (score, confidence) = (rival.score, rival.confidence);
        lines.push(format!("  {}  confidence {confidence:.3}, score {score:.2}", rival.target));
    }
    if t.rivals.is_empty() {
        lines.push("  none".to_owned());
    }
    lines.push("Other passages for the same target:".to_owned());
    for rival in &e.rivals {
        lines.push(format!(
            "  {} in place {}: {}, {}; confidence {:.3}, score {:.2}",
            rival.id, rival.rank, rival.document, rival.locator, rival.confidence, rival.score
        ));
    }
    if e.rivals.is_empty() {
        lines.push("  none".to_owned());
    }
    render::clean(&lines.join("\n"))
}

fn signed(value: f32) -> String {
    if value == 0.0 { "–".to_owned() } else { format!("{value:+.2}") }
}
