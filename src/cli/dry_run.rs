//! `evimap run --judge --dry-run`: what would be sent, how much, and where.

use serde_json::{Value, json};

use super::{args::Output, render};
use crate::{
    config::{JudgeConfig, KeySource},
    judge::{Plan, Planned},
    pipeline::Asking,
};

/// A token is about so many bytes of English text in JSON. For orientation; what counts is the worst
/// case.
const USUAL_BYTES: u64 = 4;

pub(super) fn print(
    plan: &Plan,
    config: Option<&JudgeConfig>,
    asking: Option<&Asking>,
    output: Output,
) {
    let most = Most::new(config, asking);
    if output.json {
        return render::stdout(&machine(plan, &most).to_string());
    }
    let line = |text: String| render::stdout(&render::clean(&text));
    line(format!("Nothing was sent. A run with --judge would send to\n  {}", plan.url));
    line(format!("  model {}, answers as {}", plan.model, plan.format.as_str()));
    if let Some(config) = config {
        line(format!("  {}; {}", key(config), plan.way));
    }
    for question in &plan.questions {
        let system = question.system.as_ref().map_or(String::new(), |s| format!(" ({s})"));
        let (target, bytes) = (&question.target, question.body.len());
        line(format!("{target}{system}: {bytes} bytes"));
        for (document, place) in &question.passages {
            line(format!("  {document}, {place}"));
        }
    }
    let bytes: u64 = plan.questions.iter().map(|q| q.body.len() as u64).sum();
    line(format!("{} questions, {} more are answered already", plan.questions.len(), plan.cached));
    line(format!(
        "{bytes} bytes, about {} tokens, and answers; at most {} tokens in all",
        bytes / USUAL_BYTES,
        plan.worst.sum()
    ));
    if let Some((cost, currency)) = &plan.cost {
        line(format!("at most {cost} {currency}"));
    }
    line("a question is put once more where a quote is not in its passage".to_owned());
    for limit in most.words() {
        line(format!("limit: {limit}"));
    }
    line("--json prints the requests word for word".to_owned());
}

/// What a run may spend at most.
struct Most {
    tokens: Option<u64>,
    cost: Option<String>,
}

impl Most {
    fn new(config: Option<&JudgeConfig>, asking: Option<&Asking>) -> Self {
        let cost = asking.and_then(|a| a.max_cost).or(config.and_then(|c| c.max_cost));
        Self {
            tokens: config.and_then(|c| c.max_run_tokens),
            cost: cost.map(|cost| cost.to_string()),
        }
    }

    fn words(&self) -> Vec<String> {
        let tokens = self.tokens.map(|tokens| format!("{tokens} tokens"));
        let words: Vec<String> = tokens.into_iter().chain(self.cost.clone()).collect();
        if words.is_empty() { vec!["none is set".to_owned()] } else { words }
    }
}

fn key(config: &JudgeConfig) -> String {
    match &config.api_key {
        KeySource::None => "without a key".to_owned(),
        KeySource::Env(name) => format!("with the key from the environment variable {name}"),
        KeySource::File(name) => format!("with the key from the file {name}"),
    }
}

fn machine(plan: &Plan, most: &Most) -> Value {
    let question = |question: &Planned| {
        let passages = question.passages.iter();
        let passages: Vec<Value> = passages
            .map(|(document, place)| json!({ "document": document, "locator": place }))
            .collect();
        json!({
            "target": question.target,
            "system": question.system,
            "passages": passages,
            "most_tokens": question.worst.sum(),
            "body": question.body,
        })
    };
    json!({
        "schema_version": 1,
        "sent": 0,
        "url": plan.url,
        "way": plan.way,
        "model": plan.model,
        "structured_output": plan.format.as_str(),
        "questions": plan.questions.iter().map(question).collect::<Vec<_>>(),
        "cached": plan.cached,
        "most_tokens": plan.worst.sum(),
        "most_cost": plan.cost.as_ref().map(|(cost, _)| cost.to_string()),
        "currency": plan.cost.as_ref().map(|(_, currency)| currency),
        "limits": { "tokens": most.tokens, "cost": most.cost },
    })
}
