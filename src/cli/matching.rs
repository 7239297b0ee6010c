//! `evimap match`: JSON lines in, ranked targets out.

use std::{collections::BTreeSet, io::BufRead, process::ExitCode};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Outcome, args::MatchArgs, render};
use crate::{catalog::Catalog, diag::Diagnostic, matching::Matcher, pipeline::PipelineError};

#[derive(Deserialize)]
struct Line {
    id: Value,
    text: String,
}

pub(super) fn matching(args: MatchArgs) -> Outcome {
    let catalog = Catalog::builtin();
    let frameworks: BTreeSet<String> = args.framework.iter().map(|f| f.to_uppercase()).collect();
    let known = catalog.frameworks();
    if let Some(unknown) = frameworks.iter().find(|f| !known.contains(&f.as_str())) {
        return Err(PipelineError::input(
            "framework",
            format!("`{unknown}` is not a framework of the catalogue"),
            &format!("known: {}", known.join(", ")),
        ));
    }
    let matcher = Matcher::new(catalog);
    let mut faults = Vec::new();
    for (n, line) in std::io::stdin().lock().split(b'\n').enumerate() {
        let fault = |message: String| {
            Diagnostic::error("input", message)
                .in_file("stdin")
                .on_line(n as u32 + 1)
                .help("write one JSON object {\"id\":…,\"text\":\"…\"} a line")
        };
        let line =
            line.map_err(|e| PipelineError::Input(vec![fault(format!("can't be read: {e}"))]))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Line>(&line) {
            Err(error) => faults.push(fault(format!("not a line of input: {error}"))),
            Ok(Line { id, text }) => {
                let matches: Vec<Value> = matcher
                    .fits(&text, &frameworks, args.top)
                    .into_iter()
                    .map(|f| json!({ "target": f.target, "score": short(f.score), "confidence": short(f.confidence) }))
                    .collect();
                render::stdout(&json!({ "id": id, "matches": matches }).to_string());
            }
        }
    }
    if faults.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(PipelineError::Input(faults)) }
}

/// Four decimals: more would only show how a float is stored.
fn short(value: f32) -> f64 {
    (f64::from(value) * 1e4).round() / 1e4
}
