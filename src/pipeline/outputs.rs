//! From stored opinion and decisions to review files, reports and the summary of a run.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use serde::Serialize;
use serde_json::json;

use super::{
    Collection, Event, PROGRAM_VERSION, PipelineError, Stage, Watcher, Workspace,
    asking::Judged,
    files::replace,
    handout::{Handed, Handout, hand_out},
    inputs_hash,
};
use crate::{
    assess::{self, DocumentState, Summary},
    catalog::{CATALOG_VERSION, Catalog},
    diag::{Diagnostic, Severity},
    domain::{
        Block, Date, Decision, ExtractStatus, ISO27001, ISO42001, Marks, Position, ProposalId,
        Verdict, letters_and_digits,
    },
    matching::Matched,
    report::{self, DocumentRow, Report},
    review,
};

/// What to write.
#[derive(Debug, Clone, Copy)]
pub struct Extent<'a> {
    pub reports: bool,
    /// How review files are written, if they are.
    pub review: Option<&'a Handout>,
    /// Every proposal into suggestions.csv.
    pub all: bool,
}

/// The figures of a run, as its summary and `--json` show them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summed {
    /// Files by outcome of reading.
    pub files: BTreeMap<&'static str, usize>,
    /// Files that gave nothing: path, outcome and reason.
    pub unread: Vec<(String, &'static str, String)>,
    pub skipped: usize,
    /// Files whose content was read in this run; the others came from the cache.
    pub read: usize,
    pub passages: usize,
    /// Current proposals by band.
    pub proposals: BTreeMap<&'static str, usize>,
    pub decisions: usize,
    pub assessed: Summary,
    pub judge_calls: usize,
    pub judge_failed: usize,
}

/// What a run gives.
#[derive(Debug, Clone)]
pub struct Outputs {
    pub summed: Summed,
    /// Every file written, in order.
    pub files: Vec<PathBuf>,
    /// Review files that were kept because somebody edited them, and other things to look at.
    pub diagnostics: Vec<Diagnostic>,
    pub as_of: Date,
    /// Rows of suggestions.csv that wait for a person.
    pub waiting: usize,
}

#[expect(clippy::too_many_arguments, reason = "the last stage sees everything before it")]
pub(super) fn produce(
    catalog: &Catalog,
    workspace: &mut Workspace,
    collection: &Collection,
    matched: &Matched,
    judged: &Judged,
    as_of: Date,
    extent: Extent<'_>,
    watch: &mut Watcher<'_>,
) -> Result<Outputs, PipelineError> {
    watch(Event::Begin { stage: Stage::Assess, total: None });
    let decisions: Vec<Decision> =
        workspace.store.decisions()?.into_iter().map(|(_, d)| d).collect();
    let positions: Vec<Position> =
        workspace.store.positions()?.into_iter().map(|(_, p)| p).collect();
    let documents = states(collection);
    let inputs = assess::Inputs {
        catalog,
        config: &workspace.config,
        decisions: &decisions,
        positions: &positions,
        proposals: &matched.proposals,
        views: &matched.views,
        documents: &documents,
        as_of,
    };
    let assessed = assess::assess(&inputs);
    let mut summary = assess::summary(&assessed, &inputs);
    let soa = catalog
        .frameworks()
        .into_iter()
        .map(|f| (f.to_owned(), assess::soa(f, &assessed, &inputs)))
        .collect();
    let raised = assess::actions(&assessed, &inputs);
    let statements = workspace.store.statements()?;
    let actions = assess::stated(raised.clone(), &statements, &workspace.store.raised()?);
    summary.actions = assess::action_counts(&actions, as_of);
    let programme = assess::programme(&assessed, &inputs);
    let readiness = assess::readiness(&assessed, &inputs);
    let pack = assess::review_pack(&assessed, &inputs, &actions, &programme);
    let reuse = assess::reuse_rate(ISO27001, ISO42001, &assessed, &inputs);
    watch(Event::End);

    let latest: BTreeMap<ProposalId, Decision> =
        decisions.iter().map(|d| (d.proposal_id.clone(), d.clone())).collect();
    let verdicts: BTreeMap<ProposalId, Verdict> =
        latest.iter().map(|(id, d)| (id.clone(), d.verdict)).collect();
    let mut diagnostics: Vec<Diagnostic> = collection.diagnostics.clone();
    diagnostics.extend(judged.diagnostics.iter().cloned());
    diagnostics.extend(assessed.diagnostics.iter().cloned());
    let notes = programme.notes.iter();
    diagnostics.extend(notes.map(|note| Diagnostic::note("audit-programme", note)));

    watch(Event::Begin { stage: Stage::Report, total: None });
    let head = workspace.store.ledger_head()?;
    let report = Report {
        organisation: workspace.config.organisation.clone(),
        scope: workspace.config.scope.clone(),
        systems: workspace.config.systems.clone(),
        as_of,
        program_version: PROGRAM_VERSION.to_owned(),
        catalog_version: CATALOG_VERSION.to_owned(),
        ledger_head: (!decisions.is_empty() || !positions.is_empty()).then_some(head),
        catalog,
        soa,
        actions,
        programme,
        readiness,
        pack,
        reuse,
        proposals: matched.proposals.clone(),
        verdicts,
        documents: rows(collection, matched, &latest),
        diagnostics: diagnostics.clone(),
        assessments: assessed.assessments.clone(),
    };
    let dir = workspace.dir.join("reports");
    let mut files = if extent.reports {
        report::write_all(&report, &dir)?
    } else {
        report::write_only(&report, &dir, &["proposals.jsonl"])?
    };
    let suggestions = review::export_suggestions(
        &matched.proposals,
        &latest,
        &judged.judgements,
        catalog,
        extent.all,
    );
    let waiting = suggestions.rows.len();
    let mut handed = Handed::default();
    if let Some(handout) = extent.review {
        workspace.store.put_raised(&raised)?;
        let actions = review::export_actions(&report.actions, as_of);
        let tables = vec![suggestions, review::export_positions(&assessed.assessments), actions];
        let assessments = &assessed.assessments;
        handed = hand_out(workspace, catalog, tables, assessments, as_of, handout)?;
        files.append(&mut handed.files);
    }
    watch(Event::End);

    let mut summed = Summed {
        passages: collection.passages.len(),
        skipped: collection.skipped.len(),
        read: collection.read,
        decisions: decisions.len(),
        assessed: summary,
        judge_calls: judged.calls,
        judge_failed: judged.failed,
        ..Summed::default()
    };
    for document in &report.documents {
        *summed.files.entry(document.status.as_str()).or_default() += 1;
        if document.status != ExtractStatus::Ok {
            let why = document.why.clone();
            summed.unread.push((document.path.clone(), document.status.as_str(), why));
        }
    }
    for proposal in &matched.proposals {
        *summed.proposals.entry(proposal.band.as_str()).or_default() += 1;
    }
    let mut shown = handed.diagnostics;
    shown.extend(diagnostics);
    Ok(Outputs { summed, files, diagnostics: shown, as_of, waiting })
}

/// What `assess` needs to know of each document.
fn states(collection: &Collection) -> BTreeMap<String, DocumentState> {
    collection
        .documents
        .iter()
        .map(|document| {
            let mut text_key = String::new();
            for block in &document.extracted.blocks {
                text_key.push_str(&letters_and_digits(&block.text));
            }
            let state = DocumentState {
                hash: document.extracted.hash.clone(),
                profile: document.profile.clone(),
                text_key,
            };
            (document.extracted.path.clone(), state)
        })
        .collect()
}

fn rows(
    collection: &Collection,
    matched: &Matched,
    latest: &BTreeMap<ProposalId, Decision>,
) -> Vec<DocumentRow> {
    let mut proposed: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for proposal in &matched.proposals {
        let open =
            !latest.contains_key(&proposal.id) && proposal.band != crate::domain::Band::Possible;
        for path in std::iter::once(&proposal.document).chain(&proposal.also_in).filter(|_| open) {
            proposed.entry(path).or_default().insert(proposal.target.clone());
        }
    }
    let mut accepted: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for decision in latest.values().filter(|d| d.verdict == Verdict::Accept) {
        accepted.entry(&decision.document).or_default().insert(decision.target.clone());
    }
    let mut same: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for document in collection.documents.iter().filter(|d| !d.extracted.hash.is_empty()) {
        same.entry(&document.extracted.hash).or_default().push(&document.extracted.path);
    }
    collection
        .documents
        .iter()
        .map(|document| {
            let path = document.extracted.path.as_str();
            let read = document.extracted.status == ExtractStatus::Ok;
            let why = document.extracted.diagnostics.iter().min_by_key(|d| d.severity).map_or_else(
                String::new,
                |d| match &d.help {
                    Some(help) => format!("{}; {help}", d.message),
                    None => d.message.clone(),
                },
            );
            let targets = |map: &BTreeMap<&str, BTreeSet<_>>| {
                map.get(path).map(|set| set.iter().cloned().collect()).unwrap_or_default()
            };
            DocumentRow {
                path: path.to_owned(),
                hash: document.extracted.hash.clone(),
                status: document.extracted.status,
                why: if read { String::new() } else { why },
                profile: read.then(|| document.profile.clone()),
                passages: document.passages.len() as u32,
                marks: marks(&document.extracted.blocks),
                accepted_for: targets(&accepted),
                proposed_for: targets(&proposed),
                duplicates: same
                    .get(document.extracted.hash.as_str())
                    .map(|paths| {
                        paths.iter().filter(|p| **p != path).map(|p| (*p).to_owned()).collect()
                    })
                    .unwrap_or_default(),
            }
        })
        .collect()
}

/// How many blocks a reviewer should know something about.
fn marks(blocks: &[Block]) -> String {
    let count = |word: &str, is: &dyn Fn(&Marks) -> bool| {
        let count = blocks.iter().filter(|b| is(&b.marks)).count();
        (count > 0).then(|| format!("{word} {count}/{}", blocks.len()))
    };
    let words: Vec<String> =
        [count("ocr", &|m| m.ocr), count("hidden", &|m| m.hidden)].into_iter().flatten().collect();
    words.join("; ")
}

/// Closes the run record and writes `reports/run.json`.
pub(super) fn finish(
    workspace: &mut Workspace,
    run: u64,
    started: &str,
    collection: &Collection,
    outputs: &Outputs,
) -> Result<(), PipelineError> {
    let count = |severity| outputs.diagnostics.iter().filter(|d| d.severity == severity).count();
    let names: Vec<String> = outputs
        .files
        .iter()
        .map(|f| f.strip_prefix(&workspace.dir).unwrap_or(f).to_string_lossy().into_owned())
        .collect();
    let record = json!({
        "schema_version": 1,
        "run": run,
        "workspace": workspace.store.workspace_id(),
        "program": PROGRAM_VERSION,
        "catalog": CATALOG_VERSION,
        "started": started,
        "as_of": outputs.as_of,
        "ocr": collection.key.languages(),
        "inputs": inputs_hash(collection),
        "ledger_head": workspace.store.ledger_head()?,
        "summary": outputs.summed,
        "diagnostics": {
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "notes": count(Severity::Note),
        },
        "skipped": collection.skipped.iter().map(|(path, why)| json!({ "path": path, "why": why })).collect::<Vec<_>>(),
        "files": names,
    });
    workspace.store.finish_run(run, &record)?;
    let text = serde_json::to_string_pretty(&record)
        .map_err(|error| PipelineError::Internal(error.to_string()))?;
    replace(&workspace.dir.join("reports/run.json"), (text + "\n").as_bytes())
}
