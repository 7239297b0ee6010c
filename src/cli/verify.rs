//! `evimap verify`: does every accepted quote still stand at its place?

use std::{collections::BTreeMap, process::ExitCode};

use serde_json::json;

use super::{
    Outcome,
    args::{Output, VerifyArgs},
    progress::Progress,
    render,
};
use crate::{
    domain::squash_whitespace,
    pipeline::{self, ReadOptions, Standing, Workspace, default_workers},
};

pub(super) fn verify(args: VerifyArgs, output: Output) -> Outcome {
    let workspace = Workspace::open(&args.workspace, &[])?;
    let options = ReadOptions {
        workers: default_workers(),
        stop: super::signals::stop(),
        ..ReadOptions::default()
    };
    let mut progress = Progress::new(output);
    let verified = pipeline::verify(&workspace, &options, &mut |event| progress.take(event))?;
    let mut counts: BTreeMap<Standing, usize> = BTreeMap::new();
    for v in &verified {
        *counts.entry(v.standing).or_default() += 1;
    }
    let broken = |s: Standing| matches!(s, Standing::Lost | Standing::Unreadable);
    if output.json {
        let counts: BTreeMap<&str, usize> = counts.iter().map(|(s, n)| (s.as_str(), *n)).collect();
        let all = json!({ "schema_version": 1, "counts": counts, "evidence": verified });
        render::stdout(&all.to_string());
    } else if !output.quiet {
        for v in verified.iter().filter(|v| v.standing != Standing::Stands) {
            let place = v.locator.as_ref().map_or(String::new(), |l| format!(", {l}"));
            eprintln!(
                "{}: {} {} {}{}: {}",
                v.standing.as_str(),
                v.proposal_id,
                v.target,
                render::clean(&v.document),
                render::clean(&place),
                render::clean(&squash_whitespace(&v.quote))
            );
        }
        let line: Vec<String> = counts.iter().map(|(s, n)| format!("{n} {}", s.as_str())).collect();
        let line =
            if line.is_empty() { "nothing is accepted yet".to_owned() } else { line.join(", ") };
        eprintln!("{} quotes looked up in their files: {line}", verified.len());
    }
    let failed = verified.iter().any(|v| broken(v.standing));
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
