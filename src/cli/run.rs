//! `evimap run`, `propose`, `init`, `assess`, `report`.

use std::{fs, process::ExitCode};

use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    Outcome,
    args::{InitArgs, Output, ReportArgs, RunArgs, WorkspaceArgs},
    progress::Progress,
    render,
};
use crate::{
    diag::Severity,
    domain::Date,
    pipeline::{self, Outputs, RunOptions, Workspace},
};

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Everything,
    Propose,
}

/// Diagnostics shown in a summary; the reports have them all.
const SHOWN: usize = 8;

/// The only place where the program looks at the calendar.
pub(super) fn today(given: Option<Date>) -> Date {
    given.unwrap_or_else(|| OffsetDateTime::now_utc().date().into())
}

pub(super) fn run(args: RunArgs, output: Output, extent: Extent) -> Outcome {
    let mut workspace = Workspace::open_or_create(&args.at.workspace, &args.sources)?;
    let now = OffsetDateTime::now_utc();
    let options = RunOptions {
        as_of: today(args.at.as_of),
        workers: args.workers,
        rehash: args.rehash,
        extraction: args.seeing.over(workspace.config.extraction.clone()),
        now_ns: i64::try_from(now.unix_timestamp_nanos()).unwrap_or(i64::MAX),
        judge: args.judge,
        learn: workspace.config.learn && !args.no_learning,
        propose_only: extent == Extent::Propose,
        quotes: args.quotes,
        started: now.format(&Rfc3339).unwrap_or_default(),
        worker_exe: None,
    };
    let mut progress = Progress::new(output);
    let outputs = match pipeline::run(&mut workspace, &options, &mut |e| progress.take(e)) {
        Ok(outputs) => outputs,
        Err(error) => {
            workspace.discard();
            return Err(error);
        }
    };
    tell(&workspace, &outputs, output);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn init(args: InitArgs, output: Output) -> Outcome {
    let mut workspace = Workspace::create(&args.workspace, &args.sources)?;
    workspace.commit()?;
    let file = args.workspace.join("evimap.toml");
    if output.json {
        let roots = &workspace.config.roots;
        render::stdout(
            &json!({ "schema_version": 1, "workspace": args.workspace, "config": file, "roots": roots })
                .to_string(),
        );
    } else if !output.quiet {
        workspace.notices.iter().for_each(render::diagnostic);
        eprintln!(
            "created {}; next: edit {}, then `evimap run -w {}`",
            args.workspace.display(),
            file.display(),
            args.workspace.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn assess(args: WorkspaceArgs, output: Output) -> Outcome {
    let extent = pipeline::Extent { reports: false, review: false, all: false, quotes: None };
    again(args, output, extent)
}

pub(super) fn report(args: ReportArgs, output: Output) -> Outcome {
    let quotes = args.quotes;
    let extent = pipeline::Extent { reports: true, review: true, all: false, quotes };
    again(args.at, output, extent)
}

/// Assesses what is stored, without reading the sources.
pub(super) fn again(args: WorkspaceArgs, output: Output, extent: pipeline::Extent) -> Outcome {
    let mut workspace = Workspace::open(&args.workspace, &[])?;
    let mut progress = Progress::new(output);
    let as_of = today(args.as_of);
    let outputs =
        pipeline::reassess(&mut workspace, as_of, extent, &mut |event| progress.take(event))?;
    tell(&workspace, &outputs, output);
    Ok(ExitCode::SUCCESS)
}

fn tell(workspace: &Workspace, outputs: &Outputs, output: Output) {
    if output.json {
        let summary = json!({
            "schema_version": 1,
            "workspace": workspace.dir,
            "as_of": outputs.as_of,
            "summary": outputs.summed,
            "waiting": outputs.waiting,
            "files": outputs.files,
            "diagnostics": outputs.diagnostics,
        });
        render::stdout(&summary.to_string());
    }
    if !output.quiet {
        summary(workspace, outputs);
    }
}

fn summary(workspace: &Workspace, outputs: &Outputs) {
    let s = &outputs.summed;
    let total: usize = s.files.values().sum();
    let count = |status: &str| s.files.get(status).copied().unwrap_or(0);
    eprintln!();
    eprintln!(
        "Documents   {total} files, {} with text ({} read now), {} without, {} passages; {} paths skipped",
        count("ok"),
        s.read,
        total - count("ok"),
        s.passages,
        s.skipped
    );
    for (path, status, why) in s.unread.iter().take(SHOWN) {
        eprintln!("            {status}: {}: {}", render::clean(path), render::clean(why));
    }
    if s.unread.len() > SHOWN {
        eprintln!("            and {} more; see reports/documents.csv", s.unread.len() - SHOWN);
    }
    let band = |name: &str| s.proposals.get(name).copied().unwrap_or(0);
    eprintln!(
        "Proposals   {} strong, {} likely, {} possible (machine opinion, not findings)",
        band("strong"),
        band("likely"),
        band("possible")
    );
    if s.judge_calls + s.judge_failed > 0 {
        eprintln!("Endpoint    {} calls, {} failed", s.judge_calls, s.judge_failed);
    }
    for f in &s.assessed.frameworks {
        let c = &f.total;
        eprintln!(
            "{:<11} {} targets: {} likely evidence, {} unsure, {} likely gap",
            f.framework, c.targets, c.likely_evidence, c.unsure, c.likely_gap
        );
        eprintln!(
            "{:<11} reviewed {} of {}: {} full, {} partial, {} none",
            "", c.reviewed, c.targets, c.full, c.partial, c.none
        );
    }
    let important: Vec<_> = outputs
        .diagnostics
        .iter()
        .filter(|d| d.severity != Severity::Note && d.file.is_none())
        .collect();
    important.iter().take(SHOWN).for_each(|d| render::diagnostic(d));
    let kept = outputs.diagnostics.iter().filter(|d| d.code == "edited-file-kept");
    kept.for_each(render::diagnostic);
    if !outputs.files.is_empty() {
        eprintln!("Written     {} files under {}", outputs.files.len(), workspace.dir.display());
        for name in ["reports/gap-analysis.html", "review/suggestions.csv", "review/positions.csv"]
        {
            let path = workspace.dir.join(name);
            if outputs.files.contains(&path) || fs::exists(&path).unwrap_or(false) {
                eprintln!("            {}", path.display());
            }
        }
    }
    let dir = workspace.dir.display();
    eprintln!(
        "Next        {} suggestions wait: fill in decision and reviewer in {dir}/review/suggestions.csv, then\n            evimap review import {dir}/review/suggestions.csv -w {dir} && evimap report -w {dir}",
        outputs.waiting
    );
}
