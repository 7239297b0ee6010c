//! Closes a run: its record, what changed since the last, `reports/run.json` and `run.md`.

use std::{collections::BTreeMap, time::Duration};

use serde_json::json;

use super::{
    Event, Imported, Outputs, PROGRAM_VERSION, PipelineError, RunOptions, Stage, Summed, Workspace,
    files::replace,
    runs::{self, Base},
    unchanged,
};
use crate::{
    catalog::CATALOG_VERSION,
    diag::Severity,
    domain::Date,
    history::{self, Counts, Endpoint, Policy, Record},
};

/// Adds up how long each stage takes.
pub(super) struct Times {
    elapsed: fn() -> Duration,
    begun: Option<(Stage, Duration)>,
    spent: BTreeMap<String, Duration>,
}

impl Times {
    pub(super) fn new(elapsed: fn() -> Duration) -> Self {
        Self { elapsed, begun: None, spent: BTreeMap::new() }
    }

    pub(super) fn note(&mut self, event: &Event<'_>) {
        match event {
            Event::Begin { stage, .. } => self.begun = Some((*stage, (self.elapsed)())),
            Event::End => {
                if let Some((stage, begun)) = self.begun.take() {
                    let spent = (self.elapsed)().saturating_sub(begun);
                    *self.spent.entry(stage.as_str().to_owned()).or_default() += spent;
                }
            }
            Event::Step | Event::Detail(_) | Event::Notice(_) => {}
        }
    }

    /// Milliseconds by stage, and of the whole program so far.
    pub(super) fn milliseconds(&self) -> BTreeMap<String, u64> {
        let total = ("total".to_owned(), (self.elapsed)());
        let all = self.spent.clone().into_iter().chain([total]);
        all.map(|(stage, spent)| (stage, spent.as_millis() as u64)).collect()
    }
}

/// The record of a run that begins.
pub(super) fn begin(
    workspace: &Workspace,
    kind: &str,
    started: &str,
    as_of: Option<Date>,
) -> Result<Record, PipelineError> {
    Ok(Record {
        schema_version: 2,
        kind: kind.to_owned(),
        started: started.to_owned(),
        as_of: as_of.map(|day| day.to_string()).unwrap_or_default(),
        program: PROGRAM_VERSION.to_owned(),
        catalog: CATALOG_VERSION.to_owned(),
        config: unchanged::config_hash(workspace),
        ledger_head: workspace.store.ledger_head()?,
        ..Record::default()
    })
}

/// Opens a run's record in the store; gives its number.
pub(super) fn start(workspace: &mut Workspace, record: &Record) -> Result<u64, PipelineError> {
    Ok(workspace.store.start_run(&json!(record))?)
}

/// Closes a run's record with what it saw.
pub(super) fn close(
    workspace: &mut Workspace,
    run: u64,
    record: &mut Record,
    outputs: &Outputs,
    times: &Times,
) -> Result<(), PipelineError> {
    let summed = &outputs.summed;
    record.counts = Counts {
        documents: summed.files.values().sum(),
        unread: summed.unread.len(),
        read: summed.read,
        skipped: summed.skipped,
        passages: summed.passages,
        proposals: summed.proposals.values().sum(),
        waiting: outputs.waiting,
        decisions: summed.decisions,
        positions: 0,
    };
    record.ledger_head = workspace.store.ledger_head()?;
    if record.unchanged_since.is_none() {
        let packed = history::pack(&outputs.snapshot).map_err(PipelineError::Internal)?;
        workspace.store.keep_parts(&packed.parts)?;
        record.snapshot = Some(packed.name);
    }
    record.durations_ms = times.milliseconds();
    workspace.store.finish_run(run, &json!(record))?;
    runs::retain(&mut workspace.store, workspace.config.keep_runs)
}

/// Compares a run with an earlier one, closes its record and writes `reports/run.json` and `run.md`.
pub(super) fn finish(
    workspace: &mut Workspace,
    run: u64,
    mut record: Record,
    options: &RunOptions,
    base: Option<Base>,
    outputs: &mut Outputs,
    times: &Times,
) -> Result<Record, PipelineError> {
    let summed = &outputs.summed;
    // A replay asks no endpoint.
    if options.judge.is_some()
        && options.judging.replay.is_none()
        && summed.judge_calls + summed.judge_failed > 0
        && let Some(judge) = &workspace.config.judge
    {
        record.endpoint = Some(Endpoint {
            base_url: judge.base_url.clone(),
            model: judge.model.clone(),
            calls: summed.judge_calls,
            failed: summed.judge_failed,
            unasked: summed.judge_unasked,
            tokens: summed.judge_tokens,
            cost: summed.judge_cost.clone(),
        });
    }
    let ledger = match options.fail_on.contains(&Policy::Ledger) {
        true => workspace.store.verify_ledger().err().map(|error| error.to_string()),
        false => None,
    };
    let last = base.as_ref().map(|base| (base.run, &base.snapshot));
    let found = [(Policy::Ledger, ledger), (Policy::Judge, unanswered(summed))];
    outputs.hits = history::hits(&options.fail_on, last, &outputs.snapshot, &found);
    record.failed_on = outputs.hits.iter().map(|hit| hit.policy.as_str().to_owned()).collect();
    close(workspace, run, &mut record, outputs, times)?;
    outputs.run = run;
    outputs.changes = base.map(|base| runs::difference(&base, run, &record, &outputs.snapshot));
    write(workspace, run, &record, outputs)?;
    Ok(record)
}

/// Says that the endpoint left something open.
fn unanswered(summed: &Summed) -> Option<String> {
    let (failed, unasked) = (summed.judge_failed, summed.judge_unasked);
    let what = "questions to the endpoint without a whole answer";
    (failed > 0).then(|| format!("{what} ({failed}), of them not put to it: {unasked}"))
}

fn write(
    workspace: &Workspace,
    run: u64,
    record: &Record,
    outputs: &Outputs,
) -> Result<(), PipelineError> {
    let count = |severity| outputs.diagnostics.iter().filter(|d| d.severity == severity).count();
    let names: Vec<String> = outputs
        .files
        .iter()
        .map(|f| f.strip_prefix(&workspace.dir).unwrap_or(f).to_string_lossy().into_owned())
        .collect();
    let page = json!({
        "schema_version": 1,
        "run": run,
        "kind": record.kind,
        "workspace": workspace.store.workspace_id(),
        "program": record.program,
        "catalog": record.catalog,
        "config": record.config,
        "started": record.started,
        "as_of": outputs.as_of,
        "ocr": record.ocr,
        "inputs": record.inputs,
        "ledger_head": record.ledger_head,
        "unchanged_since": record.unchanged_since,
        "failed_on": outputs.hits,
        "counts": record.counts,
        "durations_ms": record.durations_ms,
        "endpoint": record.endpoint,
        "ai_use": outputs.ai_use,
        "summary": outputs.summed,
        "changes": outputs.changes,
        "diagnostics": {
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "notes": count(Severity::Note),
        },
        "skipped": outputs.skipped.iter().map(|(path, why)| json!({ "path": path, "why": why })).collect::<Vec<_>>(),
        "files": names,
    });
    let text = serde_json::to_string_pretty(&page)
        .map_err(|error| PipelineError::Internal(error.to_string()))?;
    let folder = workspace.dir.join("reports");
    replace(&folder.join("run.json"), (text + "\n").as_bytes())?;
    let kept = outputs.diagnostics.iter().filter(|d| d.code == "edited-file-kept");
    let kept = kept.chain(outputs.on_register());
    let mut kept: Vec<String> = kept.map(|d| d.message.clone()).collect();
    kept.extend(unanswered(&outputs.summed));
    let page = history::summary(&history::Summary {
        run,
        as_of: &record.as_of,
        counts: record.counts,
        snapshot: &outputs.snapshot,
        changes: outputs.changes.as_ref(),
        unchanged_since: record.unchanged_since,
        hits: &outputs.hits,
        unread: &outputs.summed.unread,
        suspected: &outputs.suspected,
        kept: &kept,
        ledger_head: &record.ledger_head,
    });
    replace(&folder.join("run.md"), page.as_bytes())
}

/// Records an import that was applied. `started` is RFC 3339.
///
/// # Errors
/// The state can't be written.
pub fn record_import(
    workspace: &mut Workspace,
    imported: &[Imported],
    started: &str,
) -> Result<(), PipelineError> {
    let mut record = begin(workspace, "import", started, None)?;
    record.counts.decisions = imported.iter().map(|i| i.decisions).sum();
    record.counts.positions = imported.iter().map(|i| i.positions).sum();
    let run = start(workspace, &record)?;
    workspace.store.finish_run(run, &json!(record))?;
    runs::retain(&mut workspace.store, workspace.config.keep_runs)
}
