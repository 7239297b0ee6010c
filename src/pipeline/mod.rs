//! The order of the stages. Nothing else knows it; nothing here talks to a terminal.
//!
//! ```text
//! ingest (walk, extract, segment) → index → match → judge → record → assess → review files, reports
//! ```

mod asking;
mod asking_again;
mod backup;
mod decisions;
mod desk;
mod doctor;
mod error;
mod events;
mod explain;
mod files;
mod handout;
mod held_back;
mod import;
mod import_tables;
mod ingest;
mod judged;
mod judging;
mod key;
mod learning;
mod ledger;
mod links;
mod outputs;
mod record;
mod registers;
mod rehearsal;
mod runs;
mod snapshot;
mod suspicion;
mod synthetic;
mod unchanged;
mod verify;
mod workspace;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::json;

pub use asking::Asking;
pub use backup::{BackedUp, backup, restore};
pub use decisions::{Decisions, adopt, decisions};
pub use doctor::{Check, Condition, doctor};
pub use error::PipelineError;
pub use events::{Event, Stage, Watcher};
pub use explain::{Explained, explain};
pub use import::{Imported, import};
pub use import_tables::{
    AssetsTaken, ImpactsTaken, RisksTaken, SoaTaken, take_assets, take_impacts, take_risks,
    take_soa,
};
pub use ingest::{Collection, Document, Looked, ReadOptions, assemble, ingest, inputs_hash};
pub use judged::{judged_ranks, judged_run};
pub use judging::Judging;
pub use key::Key;
pub use ledger::{LEDGER_COLUMNS, LedgerFormat, Whole, export_ledger, history, verify_ledger};
pub use outputs::{Outputs, Summed};
pub use record::record_import;
pub use rehearsal::rehearse;
pub use runs::{Past, diff, runs};
pub use synthetic::Synthetic;
pub use verify::{Standing, Verified, verify};
pub use workspace::Workspace;

use crate::{
    catalog::Catalog,
    config::{Extraction, Quotes},
    diag::Diagnostic,
    domain::{Date, Language, Passage},
    extract::{self, Stop},
    history::{Policy, Record},
    index::Index,
    matching::{DocumentInput, Inputs, Matched, Matcher},
    store::Store,
};

/// Version of this program, as stored and printed.
pub const PROGRAM_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Worker processes unless told otherwise: one for each processor, at most 8.
pub fn default_workers() -> usize {
    std::thread::available_parallelism().map_or(2, |n| n.get().min(8))
}

/// How to run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// "Today" for freshness.
    pub as_of: Date,
    pub workers: Option<usize>,
    pub rehash: bool,
    /// Of the configuration and the command line.
    pub extraction: Extraction,
    /// When the run began: nanoseconds since 1970.
    pub now_ns: i64,
    /// Ask the configured endpoint, and how.
    pub judge: Option<Asking>,
    /// How that is recorded or replayed.
    pub judging: Judging,
    /// Let decisions move the ranking of suggestions like them.
    pub learn: bool,
    /// Stop after proposals and review files.
    pub propose_only: bool,
    /// Which quotes the reports show; `None` leaves it to the configuration.
    pub quotes: Option<Quotes>,
    /// What reports and review files are written in; `None` leaves it to the configuration.
    pub language: Option<Language>,
    /// When the run began, for the run record only: RFC 3339.
    pub started: String,
    pub worker_exe: Option<PathBuf>,
    /// Ends the run early, at the next good place.
    pub stop: Stop,
    /// The run to compare with; `None` is the last.
    pub since: Option<u64>,
    pub fail_on: Vec<Policy>,
    /// Time since the program began, for the run record only.
    pub elapsed: fn() -> Duration,
}

/// Between two stages: whether to go on.
fn go_on(stop: &Stop) -> Result<(), PipelineError> {
    stop.signal().map_or(Ok(()), |signal| Err(PipelineError::Stopped(signal)))
}

/// The whole pipeline over a workspace. Where nothing changed that the outputs stand on, they are left
/// as they are and only the run is recorded.
///
/// # Errors
/// Bad input, or a workspace that can't be written. Trouble with single files is reported in the
/// outputs and never ends a run.
pub fn run(
    workspace: &mut Workspace,
    options: &RunOptions,
    watch: &mut Watcher<'_>,
) -> Result<Outputs, PipelineError> {
    let base = runs::base(&workspace.store, options.since)?;
    let mut times = record::Times::new(options.elapsed);
    let Done { run, record, mut outputs, key } = stages(workspace, options, &mut |event| {
        times.note(&event);
        watch(event);
    })?;
    let record = record::finish(workspace, run, record, options, base, &mut outputs, &times)?;
    if let Some(key) = key {
        unchanged::keep(workspace, &key, run, &record, &outputs)?;
    }
    Ok(outputs)
}

/// A run whose record is still open.
struct Done {
    run: u64,
    record: Record,
    outputs: Outputs,
    /// What the outputs hang on, if they were written.
    key: Option<String>,
}

fn stages(
    workspace: &mut Workspace,
    options: &RunOptions,
    watch: &mut Watcher<'_>,
) -> Result<Done, PipelineError> {
    let catalog = workspace.catalog.clone();
    let catalog: &Catalog = &catalog;
    let ready = ready(workspace, options)?;
    let roots = workspace.roots()?;
    asking::keep_key_out(workspace, &roots)?;
    for notice in std::mem::take(&mut workspace.notices) {
        watch(Event::Notice(&notice));
    }

    // Look: has anything changed?
    let (reading, missing) = reading(workspace, options);
    let kind = if options.propose_only { "propose" } else { "run" };
    let looked = ingest::look(&roots, &workspace.config, &reading, Some(&workspace.store), watch)?;
    // What is missing for OCR is said by every run that asks for it.
    if missing.is_none()
        && !options.rehash
        && options.judging.record.is_none()
        && !workspace.is_pending()
        && let Some(done) = still(workspace, kind, &looked, options)?
    {
        return Ok(done);
    }

    // Read: only what has changed.
    let store = Some(&mut workspace.store);
    let ingested = ingest::read(looked, &roots, &workspace.config, &reading, store, watch);
    if matches!(ingested, Err(PipelineError::Stopped(_))) {
        // The sources are readable and part of them is in the cache: the workspace is worth keeping.
        workspace.commit()?;
    }
    let mut collection = ingested?;
    collection.diagnostics.splice(0..0, missing);
    let last = remembered(&workspace.store)?.and_then(|last| Key::restore(last.key).languages);
    if let Some(languages) = last.filter(|_| !options.extraction.ocr) {
        let message = format!("the last run read pictures by OCR ({languages}), this one does not");
        collection.diagnostics.insert(
            0,
            Diagnostic::warning("ocr-off", message)
                .help("pass --ocr again, or set `ocr = true` under [extract] in evimap.toml"),
        );
    }
    workspace.commit()?;
    let mut record = record::begin(workspace, kind, &options.started, Some(options.as_of))?;
    record.ocr = collection.key.languages().map(str::to_owned);
    record.inputs = inputs_hash(&collection);
    record.counts.documents = collection.documents.len();
    let run = record::start(workspace, &record)?;
    unchanged::forget(&mut workspace.store)?;
    remember(&mut workspace.store, &collection, roots.len() > 1)?;
    let read = collection.documents.iter().map(|d| d.extracted.hash.clone()).collect();
    workspace.store.forget_unused(&read)?;

    // Index and match: machine opinion.
    if let Some(file) = &workspace.config.calibration {
        let message = format!("confidences are calibrated by {file}");
        watch(Event::Notice(&Diagnostic::note("calibration", message)));
    }
    let learned = if options.learn { learning::current(&workspace.store)? } else { None };
    learning::remember(&mut workspace.store, learned)?;
    let matched = propose(catalog, workspace, &collection, learned, watch)?;
    go_on(&options.stop)?;
    let judged = if ready.is_some() || options.judging.replay.is_some() {
        let (found, how) = ((&collection, &matched), (options, run));
        asking::ask(catalog, workspace, ready.as_ref(), found, how, watch)?
    } else {
        asking::Judged::default()
    };
    judging::show(&mut workspace.store, &judged)?;
    go_on(&options.stop)?;
    workspace.store.record_issued(&matched.proposals, run)?;
    workspace.store.replace_proposals(&matched.proposals, &matched.views)?;

    // Decisions and positions: what people said, applied to what the documents say now.
    let outputs = outputs::produce(
        catalog,
        workspace,
        &collection,
        &matched,
        &judged,
        options.as_of,
        outputs::Extent {
            reports: !options.propose_only,
            ranking: true,
            review: Some(&Handout::default()),
            all: false,
            quotes: options.quotes,
            language: options.language,
        },
        watch,
    )?;
    let key = unchanged::key(workspace, &collection.fingerprint, &collection.key, options)?;
    Ok(Done { run, record, outputs, key: Some(key) })
}

/// The endpoint, if it is to be asked.
fn ready(
    workspace: &Workspace,
    options: &RunOptions,
) -> Result<Option<asking::Ready>, PipelineError> {
    let ready = |asking| asking::prepare(workspace, asking, &options.stop);
    options.judge.as_ref().map(ready).transpose()
}

/// How files are read, and what is missing for OCR.
fn reading(workspace: &Workspace, options: &RunOptions) -> (ReadOptions, Option<Diagnostic>) {
    let workers = options.workers.or(workspace.config.workers.map(|n| n as usize));
    let (ocr, missing) = match options.extraction.ocr {
        true => extract::find_ocr(&options.extraction.ocr_languages),
        false => (None, None),
    };
    let reading = ReadOptions {
        workers: workers.unwrap_or_else(default_workers),
        rehash: options.rehash,
        ocr,
        follow_links: options.extraction.follow_links,
        now_ns: options.now_ns,
        worker_exe: options.worker_exe.clone(),
        stop: options.stop.clone(),
    };
    (reading, missing)
}

/// A run over what has not changed; `None` if something has.
fn still(
    workspace: &mut Workspace,
    kind: &str,
    looked: &Looked,
    options: &RunOptions,
) -> Result<Option<Done>, PipelineError> {
    let key = unchanged::key(workspace, &looked.fingerprint(), &looked.key, options)?;
    let Some(kept) = unchanged::recall(workspace, &key)? else { return Ok(None) };
    let Ok(snapshot) = runs::snapshot(&workspace.store, &kept.record)? else { return Ok(None) };
    workspace.commit()?;
    let record = Record {
        inputs: kept.record.inputs,
        ocr: kept.record.ocr,
        snapshot: kept.record.snapshot,
        unchanged_since: Some(kept.run),
        ..record::begin(workspace, kind, &options.started, Some(options.as_of))?
    };
    let run = record::start(workspace, &record)?;
    unchanged::trust(workspace, looked, options.now_ns)?;
    let outputs = Outputs {
        summed: kept.summed,
        files: Vec::new(),
        diagnostics: kept.diagnostics,
        as_of: options.as_of,
        waiting: kept.waiting,
        skipped: skipped(&workspace.store)?,
        snapshot,
        run,
        unchanged_since: record.unchanged_since,
        changes: None,
        hits: Vec::new(),
        ai_use: kept.ai_use,
        suspected: kept.suspected,
    };
    Ok(Some(Done { run, record, outputs, key: None }))
}

fn propose(
    catalog: &Catalog,
    workspace: &Workspace,
    collection: &Collection,
    learned: Option<u64>,
    watch: &mut Watcher<'_>,
) -> Result<Matched, PipelineError> {
    watch(Event::Begin { stage: Stage::Index, total: None });
    let folder = workspace.dir.join(".evimap/index");
    let index = Index::build(Some(&folder), &collection.passages).map_err(|error| {
        let path = folder.display();
        PipelineError::Internal(format!("{path}: {error}; check space and permissions"))
    })?;
    watch(Event::End);
    watch(Event::Begin { stage: Stage::Match, total: None });
    let documents = document_inputs(collection);
    let systems = &workspace.config.systems;
    let inputs =
        Inputs { documents: &documents, passages: &collection.passages, index: &index, systems };
    let matcher = Matcher::new(catalog)
        .with_calibration(workspace.calibration.clone())
        .with_examples(learning::examples(&workspace.store, learned)?)
        .with_links(links::recall(&workspace.store)?);
    let matched = matcher.propose(&inputs)?;
    watch(Event::End);
    Ok(matched)
}

/// The documents of a collection as the matcher takes them.
pub fn document_inputs(collection: &Collection) -> Vec<DocumentInput<'_>> {
    collection
        .documents
        .iter()
        .map(|document| DocumentInput {
            path: &document.extracted.path,
            hash: &document.extracted.hash,
            profile: &document.profile,
            passages: &document.passages,
        })
        .collect()
}

/// Assesses what is stored and decided, without reading the sources again.
///
/// # Errors
/// The workspace has never been run, or can't be written.
pub fn reassess(
    workspace: &mut Workspace,
    as_of: Date,
    extent: outputs::Extent<'_>,
    moment: &Moment,
    watch: &mut Watcher<'_>,
) -> Result<Outputs, PipelineError> {
    let mut times = record::Times::new(moment.elapsed);
    let mut timed = |event: Event<'_>| {
        times.note(&event);
        watch(event);
    };
    let collection = recall(&workspace.store, &workspace.config)?;
    let matched =
        Matched { proposals: workspace.store.proposals()?, views: workspace.store.views()? };
    let judged = judging::shown(&workspace.store)?;
    let catalog = workspace.catalog.clone();
    let kind = match extent {
        Extent { reports: true, .. } => "report",
        Extent { review: Some(_), .. } => "export",
        _ => "assess",
    };
    let mut record = record::begin(workspace, kind, &moment.started, Some(as_of))?;
    record.ocr = collection.key.languages().map(str::to_owned);
    record.inputs = inputs_hash(&collection);
    let run = record::start(workspace, &record)?;
    let mut outputs = outputs::produce(
        &catalog,
        workspace,
        &collection,
        &matched,
        &judged,
        as_of,
        extent,
        &mut timed,
    )?;
    record::close(workspace, run, &mut record, &outputs, &times)?;
    outputs.run = run;
    Ok(outputs)
}

/// When something began: RFC 3339, and the time since; for its record only.
#[derive(Debug, Clone)]
pub struct Moment {
    pub started: String,
    pub elapsed: fn() -> Duration,
}

pub use handout::{Form, Handout};
pub use outputs::Extent;

const DOCUMENTS: &str = "documents";
const SKIPPED: &str = "skipped";

/// Keeps which documents the last run saw, so that reports can be written without the sources.
fn remember(
    store: &mut Store,
    collection: &Collection,
    several_roots: bool,
) -> Result<(), PipelineError> {
    let documents: Vec<_> = collection
        .documents
        .iter()
        .map(|d| {
            (
                &d.extracted.path,
                &d.extracted.hash,
                d.extracted.hash.is_empty().then_some(&d.extracted),
            )
        })
        .collect();
    let text = json!({
        "several_roots": several_roots,
        "key": collection.key.stored(),
        "documents": documents,
    })
    .to_string();
    store.set_meta(DOCUMENTS, &text)?;
    store.set_meta(SKIPPED, &json!(collection.skipped).to_string())?;
    Ok(())
}

#[derive(serde::Deserialize)]
struct Remembered {
    several_roots: bool,
    #[serde(default)]
    key: (String, Option<String>),
    documents: Vec<(String, String, Option<crate::domain::Extracted>)>,
}

fn remembered(store: &Store) -> Result<Option<Remembered>, PipelineError> {
    let parse = |text: String| {
        serde_json::from_str(&text).map_err(|e| PipelineError::Internal(e.to_string()))
    };
    store.meta(DOCUMENTS)?.map(parse).transpose()
}

/// The documents of the last run, from the cache.
fn recall(store: &Store, config: &crate::config::Config) -> Result<Collection, PipelineError> {
    let never = || {
        PipelineError::input(
            "workspace",
            "this workspace has not been run yet",
            "run `evimap run SOURCE -w WORKSPACE` first",
        )
    };
    let remembered = remembered(store)?.ok_or_else(never)?;
    let key = Key::restore(remembered.key);
    let mut documents = Vec::new();
    for (path, hash, unread) in remembered.documents {
        let cached = match unread {
            Some(extracted) => Some(extracted),
            None => key.lookup(store, &hash)?,
        };
        let mut extracted = cached.ok_or_else(|| {
            PipelineError::input(
                "workspace",
                "the stored documents were read by another version of evimap",
                "run `evimap run -w WORKSPACE` to read them again",
            )
        })?;
        extracted.path = path;
        documents.push(extracted);
    }
    let mut collection = assemble(documents.into_iter(), config, remembered.several_roots)?;
    collection.key = key;
    collection.skipped = skipped(store)?;
    Ok(collection)
}

/// Paths that the last run left out, and why.
fn skipped(store: &Store) -> Result<Vec<(String, String)>, PipelineError> {
    let Some(text) = store.meta(SKIPPED)? else { return Ok(Vec::new()) };
    serde_json::from_str(&text).map_err(|e| PipelineError::Internal(e.to_string()))
}

/// A passage found by words.
#[derive(Debug, Clone)]
pub struct FoundPassage {
    pub passage: Passage,
    pub score: f32,
}

/// Finds passages of the last run's documents.
///
/// # Errors
/// The workspace is none or has not been run.
pub fn search(dir: &Path, words: &str, top: usize) -> Result<Vec<FoundPassage>, PipelineError> {
    let (config, store) = Workspace::open_read(dir)?;
    let collection = recall(&store, &config)?;
    let index = Index::build(None, &collection.passages)?;
    Ok(index
        .search_text(words, top)?
        .into_iter()
        .map(|hit| FoundPassage {
            passage: collection.passages[hit.passage].clone(),
            score: hit.score,
        })
        .collect())
}
