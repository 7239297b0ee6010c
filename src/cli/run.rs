//! `evimap run`, `propose`, `init`, `assess`, `report`.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::OnceLock,
    time::{Duration, Instant},
};

use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    Outcome,
    args::{InitArgs, Output, ReportArgs, RunArgs, WorkspaceArgs},
    dry_run,
    progress::Progress,
    render,
};
use crate::{
    diag::Severity,
    domain::{Date, RegisterState},
    history::{Difference, Policy},
    pipeline::{self, Handout, Moment, Outputs, PipelineError, RunOptions, Workspace},
    store::StoreError,
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

/// Time since this was first called.
pub(super) fn elapsed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// The moment as RFC 3339, for records only.
pub(super) fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}

pub(super) fn run(args: RunArgs, output: Output, extent: Extent) -> Outcome {
    let mut workspace = match Workspace::open_or_create(&args.at.workspace, &args.sources) {
        Err(error @ PipelineError::Store(StoreError::Ledger { .. }))
            if args.fail_on.contains(&Policy::Ledger) =>
        {
            eprintln!("failed on ledger: {}", render::clean(&error.to_string()));
            return Ok(ExitCode::from(1));
        }
        opened => opened?,
    };
    let now = OffsetDateTime::now_utc();
    let rehearsed = args.judging.dry_run;
    let options = RunOptions {
        as_of: today(args.at.as_of),
        workers: args.workers,
        rehash: args.rehash,
        extraction: args.seeing.over(workspace.config.extraction.clone()),
        now_ns: i64::try_from(now.unix_timestamp_nanos()).unwrap_or(i64::MAX),
        judge: args.judging.asking(),
        judging: args.judging.judging(),
        learn: workspace.config.learn && !args.no_learning,
        propose_only: extent == Extent::Propose,
        quotes: args.quotes,
        language: args.lang,
        started: now.format(&Rfc3339).unwrap_or_default(),
        worker_exe: None,
        stop: super::signals::stop(),
        since: args.since,
        fail_on: args.judging.policies(args.fail_on),
        elapsed,
    };
    let mut progress = Progress::new(output);
    if rehearsed {
        let plan = pipeline::rehearse(&mut workspace, &options, &mut |e| progress.take(e));
        let limits = workspace.config.judge.clone();
        workspace.discard();
        dry_run::print(&plan?, limits.as_ref(), options.judge.as_ref(), output);
        return Ok(ExitCode::SUCCESS);
    }
    let outputs = match pipeline::run(&mut workspace, &options, &mut |e| progress.take(e)) {
        Ok(outputs) => outputs,
        Err(error) => {
            workspace.discard();
            return Err(error);
        }
    };
    tell(&workspace, &outputs, output);
    for hit in &outputs.hits {
        eprintln!("failed on {}: {}", hit.policy.as_str(), render::clean(&hit.reason));
    }
    Ok(if outputs.hits.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
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
    let extent = pipeline::Extent::default();
    again(args, output, extent)
}

pub(super) fn report(args: ReportArgs, output: Output) -> Outcome {
    let extent = pipeline::Extent {
        reports: true,
        ranking: true,
        review: Some(&Handout::default()),
        quotes: args.quotes,
        language: args.lang,
        ..Default::default()
    };
    again(args.at, output, extent)
}

/// Assesses what is stored, without reading the sources.
pub(super) fn again(args: WorkspaceArgs, output: Output, extent: pipeline::Extent<'_>) -> Outcome {
    let workspace = Workspace::open(&args.workspace, &[])?;
    again_in(workspace, args.as_of, output, extent)
}

/// The same in a workspace that is open.
pub(super) fn again_in(
    mut workspace: Workspace,
    as_of: Option<Date>,
    output: Output,
    extent: pipeline::Extent<'_>,
) -> Outcome {
    let mut progress = Progress::new(output);
    let as_of = today(as_of);
    let moment = Moment { started: now(), elapsed };
    let mut watch = |event: pipeline::Event<'_>| progress.take(event);
    let outputs = pipeline::reassess(&mut workspace, as_of, extent, &moment, &mut watch)?;
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
            "run": outputs.run,
            "unchanged_since": outputs.unchanged_since,
            "changes": outputs.changes,
            "failed_on": outputs.hits,
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
    if let Some(run) = outputs.unchanged_since {
        let kept = outputs.diagnostics.iter().filter(|d| d.code == "edited-file-kept");
        kept.for_each(render::diagnostic);
        eprintln!(
            "Nothing changed since run {run}: its reports hold. {} suggestions wait.",
            outputs.waiting
        );
        return;
    }
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
        let cost = if s.judge_cost.is_empty() { "" } else { ", " };
        eprintln!(
            "Endpoint    {} calls, {} tokens{cost}{}; {} questions without an answer, {} of them not asked",
            s.judge_calls, s.judge_tokens, s.judge_cost, s.judge_failed, s.judge_unasked
        );
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
    risks(outputs);
    let important: Vec<_> = outputs
        .diagnostics
        .iter()
        .filter(|d| d.severity != Severity::Note && d.file.is_none())
        .collect();
    important.iter().take(SHOWN).for_each(|d| render::diagnostic(d));
    let kept = outputs.diagnostics.iter().filter(|d| d.code.starts_with("review-"));
    kept.for_each(render::diagnostic);
    if let Some(d) = &outputs.changes {
        eprintln!("Changed     {}", changed(d));
    }
    if !outputs.files.is_empty() {
        eprintln!("Written     {} files under {}", outputs.files.len(), workspace.dir.display());
        let review = workspace.dir.join("review");
        let ours = outputs.files.iter().filter(|file| file.starts_with(&review));
        let report = workspace.dir.join("reports/gap-analysis.html");
        let shown = Some(&report).filter(|path| path.exists()).into_iter().chain(ours);
        let shown: Vec<&PathBuf> = shown.collect();
        shown.iter().take(SHOWN).for_each(|path| eprintln!("            {}", path.display()));
        if shown.len() > SHOWN {
            eprintln!("            and {} more in {}", shown.len() - SHOWN, review.display());
        }
    }
    let dir = workspace.dir.display();
    let named = |path: &&PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("suggestions."))
    };
    let written: Vec<&PathBuf> = outputs.files.iter().filter(named).collect();
    let (place, file) = match written[..] {
        [one] => (one.display().to_string(), one.display().to_string()),
        [_, _, ..] => (format!("{dir}/review"), "FILE…".to_owned()),
        [] => (format!("{dir}/review/suggestions.csv"), format!("{dir}/review/suggestions.csv")),
    };
    eprintln!(
        "Next        {} suggestions wait: fill in decision and reviewer in {place}, then\n            evimap review import {file} -w {dir} && evimap report -w {dir}",
        outputs.waiting
    );
}

/// The risk register in a line, and what it leaves open. Nothing where there is none.
fn risks(outputs: &Outputs) {
    let c = &outputs.summed.risks;
    match c.register {
        RegisterState::Missing => return,
        RegisterState::Unreadable => eprintln!("Risks       review/risks.csv can't be read"),
        RegisterState::Read => {
            eprintln!(
                "Risks       {} in the register, {} closed, {} to be modified; {} controls that don't fit \
                 it; see reports/risk-register.xlsx",
                c.risks,
                c.closed,
                c.to_modify,
                c.excluded_controls + c.controls_without_risk + c.unknown_ids + c.not_linked
            );
        }
    }
    outputs.on_register().take(SHOWN).for_each(render::diagnostic);
}

/// One line on what is different from another run.
fn changed(d: &Difference) -> String {
    let documents = &d.documents;
    let counts = [
        (documents.new.len(), "new documents"),
        (documents.changed.len(), "changed"),
        (documents.renamed.len(), "renamed"),
        (documents.lost.len(), "lost"),
        (d.evidence.lost.len(), "pieces of evidence lost"),
        (d.evidence.stale.len(), "out of date"),
        (d.undone.len(), "decisions undone by edits"),
        (d.coverage.len(), "changes of coverage"),
        (d.views.len(), "of the machine's view"),
        (d.suggestions.len(), "new suggestions"),
    ];
    let words: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let words = if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
    format!("since run {}: {words}; see reports/run.md", d.from.run)
}
