//! `evimap runs`: the recorded runs.

use std::process::ExitCode;

use serde_json::json;

use super::{
    Outcome,
    args::{Output, RunsArgs},
    render,
};
use crate::pipeline::{self, Past};

pub(super) fn runs(args: RunsArgs, output: Output) -> Outcome {
    let all = pipeline::runs(&args.workspace)?;
    if output.json {
        let runs: Vec<_> = all
            .iter()
            .map(|p| json!({ "run": p.run, "finished": p.finished, "record": p.record }))
            .collect();
        render::stdout(&json!({ "schema_version": 1, "runs": runs }).to_string());
    } else {
        all.iter().for_each(|past| render::stdout(&render::clean(&line(past))));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(past: &Past) -> String {
    let (r, c) = (&past.record, past.record.counts);
    let kind = if r.kind.is_empty() { "run" } else { &r.kind };
    let started = r.started.get(..19).unwrap_or(&r.started);
    let what = match kind {
        _ if !past.finished => "not finished".to_owned(),
        "import" => format!("{} decisions, {} positions", c.decisions, c.positions),
        _ => {
            let mut what = format!("as of {}, {} documents", r.as_of, c.documents);
            if let Some(run) = r.unchanged_since {
                what.push_str(&format!(", as run {run}"));
            } else if r.is_run() {
                what.push_str(&format!(", {} read", c.read));
            }
            if !r.failed_on.is_empty() {
                what.push_str(&format!(", failed on {}", r.failed_on.join(", ")));
            }
            what
        }
    };
    format!("{:>5}  {started:<19}  {kind:<7}  {what}", past.run)
}
