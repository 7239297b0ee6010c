//! `evimap eval`: figures of the matcher over labelled sets, what its features are worth, its worst
//! faults, and the calibration fit.

mod decisions;

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
    eval::{self, BandFigures, Gold, Panel, Set, SetFigures, TextFigures, Texts},
    index::Index,
    matching::{Inputs, Matcher},
    pipeline::{self, PipelineError, ReadOptions},
};

pub(super) fn eval(args: EvalArgs, output: Output) -> Outcome {
    if let (true, Some(workspace)) = (args.decisions, &args.workspace) {
        return decisions::decisions(&args, workspace, output);
    }
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
            "give --gold with --source, --passages, or --decisions with -w",
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
    let texts: Vec<Texts> = args
        .passages
        .iter()
        .map(|file| Ok((name_of(file), lines(file)?)))
        .collect::<Result<_, PipelineError>>()?;
    let mut sets = Vec::new();
    for (name, gold, collection) in &loaded {
        let index = Index::build(None, &collection.passages)?;
        sets.push((name, gold, collection, index, pipeline::document_inputs(collection)));
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
        fit(&sets, &texts, output)
    } else if args.ablation {
        let build = |features| Matcher::with_features(Catalog::builtin(), features);
        let rows = eval::ablation(&build, &sets, &texts)?;
        let all = json!({ "schema_version": 1, "ablation": rows });
        print(output, &all, || eval::ablation_markdown(&rows))
    } else if args.learning {
        let matcher = Matcher::new(Catalog::builtin());
        let figures =
            sets.iter().map(|set| eval::learning(&matcher, set)).collect::<Result<Vec<_>, _>>()?;
        let all = json!({ "schema_version": 1, "learning": figures });
        print(output, &all, || eval::learning_text(&figures))
    } else if let Some(most) = args.errors {
        let matcher = Matcher::new(Catalog::builtin());
        let faults = sets
            .iter()
            .map(|set| eval::faults(&matcher, set, most))
            .collect::<Result<Vec<_>, _>>()?;
        let all = json!({ "schema_version": 1, "sets": faults });
        print(output, &all, || render::clean(&eval::faults_markdown(&faults)))
    } else {
        measure(&args, &sets, &texts, output)
    }
}

/// JSON if it was asked for, else the text.
fn print(output: Output, all: &serde_json::Value, text: impl FnOnce() -> String) -> Outcome {
    render::stdout(&if output.json { all.to_string() } else { text() });
    Ok(ExitCode::SUCCESS)
}

fn measure(args: &EvalArgs, sets: &[Set<'_>], texts: &[Texts], output: Output) -> Outcome {
    let matcher = Matcher::new(Catalog::builtin());
    let figures =
        sets.iter().map(|set| eval::measure(&matcher, set)).collect::<Result<Vec<_>, _>>()?;
    let texts: Vec<TextFigures> =
        texts.iter().map(|(name, rows)| eval::measure_texts(&matcher, name, rows)).collect();
    if let Some(file) = &args.plot {
        plot(file, &figures, &texts)?;
    }
    let all = json!({ "schema_version": 1, "sets": figures, "texts": texts });
    print(output, &all, || match args.markdown {
        true => eval::markdown(&figures, &texts),
        false => summary(&figures, &texts),
    })
}

fn plot(file: &Path, sets: &[SetFigures], texts: &[TextFigures]) -> Result<(), PipelineError> {
    let sets = sets.iter().map(|f| Panel {
        title: &f.name,
        error: f.calibration_error,
        bins: &f.reliability,
    });
    let texts = texts.iter().map(|f| Panel {
        title: &f.name,
        error: f.calibration_error,
        bins: &f.reliability,
    });
    let panels: Vec<Panel<'_>> = sets.chain(texts).collect();
    draw(file, &panels)
}

fn draw(file: &Path, panels: &[Panel<'_>]) -> Result<(), PipelineError> {
    fs::write(file, eval::reliability_svg(panels)).map_err(|error| {
        PipelineError::Input(vec![
            Diagnostic::error("plot", format!("can't be written: {error}"))
                .in_file(file.display().to_string())
                .help("name a file in a folder that exists"),
        ])
    })
}

/// A figure that there may be none of.
fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"))
}

fn by_band(bands: &[BandFigures]) -> String {
    let of = |b: &BandFigures| {
        format!("{} {} ({}/{})", b.band.as_str(), share(b.precision), b.right, b.proposals)
    };
    bands.iter().map(of).collect::<Vec<_>>().join("  ")
}

fn summary(sets: &[SetFigures], texts: &[TextFigures]) -> String {
    let mut lines = Vec::new();
    for f in sets {
        let r = &f.target_to_document;
        lines.push(format!("{} ({} documents, {} passages)", f.name, f.documents, f.passages));
        lines.push(format!(
            "  target → document   hit@1 {:.3}  hit@5 {:.3}  MRR {:.3}  ({} targets)",
            r.hit_at_1, r.hit_at_5, r.mrr, r.queries
        ));
        let r = &f.passage_to_target;
        lines.push(format!(
            "  section → target    hit@1 {:.3}  hit@5 {:.3}  MRR {:.3}  ({} sections)",
            r.hit_at_1, r.hit_at_5, r.mrr, r.queries
        ));
        lines.push(format!(
            "  proposals           precision at ≥ .9 {:.3} on {:.3} of {}  ECE {:.3}",
            f.precision_at_9, f.share_at_9, f.proposals, f.calibration_error
        ));
        lines.push(format!("  precision by band   {}", by_band(&f.bands)));
        lines.push(format!(
            "  gaps                AUC {:.3}  F1 {:.3}  removed yet likely-evidence {:.3}",
            f.gap_auc, f.gap_f1, f.hidden_gaps
        ));
        lines.push(format!(
            "                      κ {}  without unsure {} on {:.3}  ({} repeats)",
            share(f.gaps.kappa),
            share(f.gaps.kappa_decided),
            f.gaps.decided,
            f.repeats
        ));
    }
    for f in texts {
        let r = &f.ranking;
        lines.push(format!(
            "{}: text → control  hit@1 {:.3}  hit@5 {:.3}  MRR {:.3}  ECE {:.3}  ({} texts)",
            f.name, r.hit_at_1, r.hit_at_5, r.mrr, f.calibration_error, r.queries
        ));
    }
    lines.join("\n")
}

fn fit(sets: &[Set<'_>], texts: &[Texts], output: Output) -> Outcome {
    let build = |calibration| Matcher::new(Catalog::builtin()).with_calibration(calibration);
    let sets: Vec<&Set<'_>> = sets.iter().collect();
    let texts: Vec<&Texts> = texts.iter().collect();
    let calibration = eval::calibrate(&build, &sets, &texts)?;
    let left_out = eval::leave_one_out(&build, &sets, &texts, &calibration)?;
    let internal = |e: toml::ser::Error| PipelineError::Internal(e.to_string());
    let text = toml::to_string(&calibration).map_err(internal)?;
    let all = json!({ "schema_version": 1, "calibration": calibration, "left_out": left_out });
    print(output, &all, || {
        let mut lines = Vec::new();
        if !left_out.is_empty() {
            lines.push(
                "# ECE fitted on the other sets, and (in brackets) on all of them:".to_owned(),
            );
        }
        lines.extend(left_out.iter().map(|l| {
            format!("# {} of {}: {:.3} ({:.3})", l.of, l.name, l.calibration_error, l.in_sample)
        }));
        lines.push(text.trim_end().to_owned());
        lines.join("\n")
    })
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
