//! `evimap bench`: how fast this machine indexes and matches.

use std::{
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{Outcome, args::BenchArgs, args::Output, render};
use crate::{
    catalog::Catalog,
    index::Index,
    matching::{Inputs, Matcher},
    pipeline::{PipelineError, Synthetic},
};

pub(super) fn bench(args: BenchArgs, output: Output) -> Outcome {
    let catalog = Catalog::builtin();
    let collection = Synthetic::new(catalog, args.passages.max(1));
    let documents = collection.documents();
    let passages = collection.passages.len();
    let before = peak_memory();
    let folder = tempfile::tempdir()
        .map_err(|error| PipelineError::Internal(format!("no temporary folder: {error}")))?;

    let started = Instant::now();
    let index = Index::build(Some(&folder.path().join("index")), &collection.passages)?;
    let indexed = started.elapsed();
    let matcher = Matcher::new(catalog);
    let inputs = Inputs {
        documents: &documents,
        passages: &collection.passages,
        index: &index,
        systems: &[],
    };
    let matched = matcher.propose(&inputs)?;
    let total = started.elapsed();

    let rate = |time: Duration| (passages as f64 / time.as_secs_f64().max(1e-9)).round();
    let size = folder_size(folder.path());
    let words = collection.words as f64 / passages as f64;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let stages = [("index", indexed), ("match", total.saturating_sub(indexed)), ("total", total)];
    if output.json {
        let stage = |time: Duration| {
            let seconds = (time.as_secs_f64() * 1e3).round() / 1e3;
            json!({ "seconds": seconds, "passages_per_second": rate(time) })
        };
        let all = json!({
            "schema_version": 1,
            "passages": passages,
            "documents": documents.len(),
            "words_per_passage": (words * 10.0).round() / 10.0,
            "targets": matcher.target_ids().count(),
            "processors": processors,
            "proposals": matched.proposals.len(),
            "index": stage(stages[0].1),
            "match": stage(stages[1].1),
            "total": stage(stages[2].1),
            "collection_peak_bytes": before,
            "peak_bytes": peak_memory(),
            "index_bytes": size,
        });
        render::stdout(&all.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    render::stdout(&format!(
        "{passages} passages of {words:.0} words in {} documents, {} targets, {processors} processors",
        documents.len(),
        matcher.target_ids().count(),
    ));
    for (name, time) in stages {
        render::stdout(&format!(
            "  {name}  {:>8.2} s  {:>8} passages/s",
            time.as_secs_f64(),
            rate(time)
        ));
    }
    let mib = |bytes: u64| format!("{:.0} MiB", bytes as f64 / 1_048_576.0);
    let peak = peak_memory().map_or("not known here".to_owned(), mib);
    let held = before.map_or("not known here".to_owned(), mib);
    render::stdout(&format!("  peak memory {peak}, of which the collection itself {held}"));
    render::stdout(&format!("  index {}, {} proposals", mib(size), matched.proposals.len()));
    Ok(ExitCode::SUCCESS)
}

/// The most memory that this process ever held, in bytes; known on Linux only.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024)
}

fn folder_size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => folder_size(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}
