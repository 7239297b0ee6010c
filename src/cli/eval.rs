//! `evimap eval`: figures of the matcher over labelled sets, and the calibration fit.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde::de::DeserializeOwned;
use serde_json::json;

use super::{Outcome, args::EvalArgs, args::Output, progress::Progress, render};
use crate::{
    catalog::Catalog,
    config::Config,
    diag::Diagnostic,
    eval::{self, Gold, LabelledText, Set},
    index::Index,
    matching::{Calibration, DocumentInput, Inputs, Logistic, Matcher},
    pipeline::{self, Collection, PipelineError, ReadOptions},
};

pub(super) fn eval(args: EvalArgs, output: Output) -> Outcome {
    if args.gold.len() != args.source.len() {
        return Err(PipelineError::input(
            "usage",
            "each --gold needs a --source",
            "name the folder of the labelled documents",
        ));
    }
    if args.gold.is_empty() && args.passages.is_empty() {
        return Err(PipelineError::input(
            "usage",
            "nothing to measure",
            "give --gold with --source, or --passages",
        ));
    }
    let mut progress = Progress::new(output);
    let config = Config::default();
    let options = ReadOptions { workers: 2, ..ReadOptions::default() };
    let mut loaded = Vec::new();
    for (gold, source) in args.gold.iter().zip(&args.source) {
        let labels: Vec<Gold> = lines(gold)?;
        let collection =
            pipeline::ingest(std::slice::from_ref(source), &config, &options, None, &mut |e| {
                progress.take(e)
            })?;
        loaded.push((name_of(gold), labels, collection));
    }
    let texts: Vec<(String, Vec<LabelledText>)> = args
        .passages
        .iter()
        .map(|file| Ok((name_of(file), lines(file)?)))
        .collect::<Result<_, PipelineError>>()?;

    let matcher = Matcher::new(Catalog::builtin());
    let mut sets = Vec::new();
    for (name, gold, collection) in &loaded {
        let index = Index::build(None, &collection.passages)?;
        sets.push((name, gold, collection, index, inputs(collection)));
    }
    let sets: Vec<Set<'_>> = sets
        .iter()
        .map(|(name, gold, collection, index, documents)| Set {
            name: (*name).clone(),
            gold: (*gold).clone(),
            inputs: Inputs { documents, passages: &collection.passages, index, systems: &[] },
        })
        .collect();

    if args.fit {
        return fit(&matcher, &sets, &texts);
    }
    let mut figures = Vec::new();
    for set in &sets {
        figures.push(eval::measure(&matcher, set)?);
    }
    let text_figures: Vec<_> =
        texts.iter().map(|(name, rows)| (name, eval::measure_texts(&matcher, rows))).collect();
    if output.json {
        let texts: Vec<_> = text_figures
            .iter()
            .map(|(name, (ranking, ece))| json!({ "name": name, "ranking": ranking, "calibration_error": ece }))
            .collect();
        render::stdout(
            &json!({ "schema_version": 1, "sets": figures, "texts": texts }).to_string(),
        );
        return Ok(ExitCode::SUCCESS);
    }
    for f in &figures {
        let r = &f.target_to_document;
        render::stdout(&format!("{} ({} documents, {} passages)", f.name, f.documents, f.passages));
        render::stdout(&format!(
            "  target → document   hit@1 {:.3}  hit@5 {:.3}  MRR {:.3}  ({} targets)",
            r.hit_at_1, r.hit_at_5, r.mrr, r.queries
        ));
        let r = &f.passage_to_target;
        render::stdout(&format!(
            "  section → target    hit@1 {:.3}  hit@5 {:.3}  MRR {:.3}  ({} sections)",
            r.hit_at_1, r.hit_at_5, r.mrr, r.queries
        ));
        render::stdout(&format!(
            "  proposals           precision at ≥ .9 {:.3} on {:.3} of {}  ECE {:.3}",
            f.precision_at_9, f.share_at_9, f.proposals, f.calibration_error
        ));
        render::stdout(&format!(
            "  gaps                AUC {:.3}  F1 {:.3}  removed yet likely-evidence {:.3}",
            f.gap_auc, f.gap_f1, f.hidden_gaps
        ));
    }
    for (name, (r, ece)) in &text_figures {
        render::stdout(&format!(
            "{name}: text → control  hit@1 {:.3}  hit@5 {:.3}  MRR {:.3}  ECE {ece:.3}  ({} texts)",
            r.hit_at_1, r.hit_at_5, r.mrr, r.queries
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn fit(matcher: &Matcher<'_>, sets: &[Set<'_>], texts: &[(String, Vec<LabelledText>)]) -> Outcome {
    let (mut within, mut alone, mut passages) = (Vec::new(), Vec::new(), Vec::new());
    for set in sets {
        let (w, a) = eval::proposal_samples(matcher, set)?;
        within.extend(w);
        alone.extend(a);
    }
    for (_, rows) in texts {
        passages.extend(eval::text_samples(matcher, rows));
    }
    let or = |samples: &[eval::Sample], old: &Logistic| {
        if samples.is_empty() { old.clone() } else { eval::fit(samples) }
    };
    let names: Vec<&str> =
        sets.iter().map(|s| s.name.as_str()).chain(texts.iter().map(|(n, _)| n.as_str())).collect();
    let shipped = matcher.calibration();
    let mut calibration = Calibration {
        provenance: format!(
            "evimap eval --fit over {}; each set weighs the same",
            names.join(", ")
        ),
        passage: or(&passages, &shipped.passage),
        proposal: or(&within, &shipped.proposal),
        alone: or(&alone, &shipped.alone),
        target: shipped.target.clone(),
    };
    let refitted = Matcher::new(Catalog::builtin()).with_calibration(calibration.clone());
    let mut targets = Vec::new();
    for set in sets {
        targets.extend(eval::target_samples(&refitted, set)?);
    }
    calibration.target = or(&targets, &shipped.target);
    let text = toml::to_string(&calibration).map_err(|e| PipelineError::Internal(e.to_string()))?;
    render::stdout(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn inputs(collection: &Collection) -> Vec<DocumentInput<'_>> {
    collection
        .documents
        .iter()
        .map(|d| DocumentInput {
            path: &d.extracted.path,
            hash: &d.extracted.hash,
            profile: &d.profile,
            passages: &d.passages,
        })
        .collect()
}

fn name_of(file: &Path) -> String {
    let stem = file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    if stem == "gold" {
        let folder = file.parent().and_then(Path::file_name);
        return folder.map_or(stem, |f| f.to_string_lossy().into_owned());
    }
    stem
}

/// Reads JSON lines, reporting every bad one.
fn lines<T: DeserializeOwned>(file: &PathBuf) -> Result<Vec<T>, PipelineError> {
    let text = fs::read_to_string(file).map_err(|error| {
        PipelineError::Input(vec![
            Diagnostic::error("gold", format!("can't be read: {error}"))
                .in_file(file.display().to_string())
                .help("check the path"),
        ])
    })?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(row) => rows.push(row),
            Err(error) => faults.push(
                Diagnostic::error("gold", error.to_string())
                    .in_file(file.display().to_string())
                    .on_line(n as u32 + 1)
                    .help("one JSON object a line; see `evimap eval --help`"),
            ),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(PipelineError::Input(faults)) }
}
