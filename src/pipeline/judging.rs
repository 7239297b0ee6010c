//! What the judge is asked and what may leave, before anything is sent; what is kept of it afterwards.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    Collection, PipelineError, RunOptions, Workspace, asking::Judged, files, held_back::Guard,
};
use crate::{
    config::JudgeContent,
    diag::Diagnostic,
    domain::{
        Judgement, Proposal, ProposalId, Stance, Target, TargetId, TargetJudgement, TargetStance,
        Verdict,
    },
    eval::wilson,
    judge::{self, Asking, CallRecord, Case, PROMPT_FILE, Prompt, Recording, Redactor},
    matching::Matched,
    report::{AiUse, HeldBack, Rate},
    store::Store,
};

/// How a judged run is recorded or replayed; from the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judging {
    /// Write every exchange to this file. Everything is asked anew then, so that it is whole.
    pub record: Option<PathBuf>,
    /// Take the answers from this recording; nothing is sent.
    pub replay: Option<PathBuf>,
    /// Ask about these targets only; about all if there are none.
    pub targets: Vec<TargetId>,
    /// Keep what was sent in the log as text.
    pub log_sent: bool,
}

/// Folder of a workspace with prompts of its own.
const PROMPTS: &str = "prompts";
/// What left, a line a request; under `.evimap/`.
const SENT_LOG: &str = "judge-sent.jsonl";
/// Every exchange, if `[judge] record` says so; under `.evimap/`.
const EXCHANGES: &str = "judge-exchanges.jsonl";
/// What the last run shows, its record of use, and what earlier judged runs said.
const SHOWN: &str = "judge-shown";
const USE: &str = "judge-use";
const RUNS: &str = "judge-runs";
/// Judged runs that are kept for comparison.
const KEPT_RUNS: usize = 10;
/// Fewest decided proposals with a verdict whose share of accepted ones is shown.
const FEWEST_DECIDED: usize = 20;

/// What will be asked.
pub(super) struct Plan {
    pub(super) cases: Vec<Case>,
    pub(super) replay: Option<Recording>,
    /// What is not asked, and why.
    pub(super) told: Vec<Diagnostic>,
    prompt: Arc<Prompt>,
    content: JudgeContent,
    held_back: Vec<HeldBack>,
    /// SHA-256 of the recording that is replayed.
    replayed: Option<String>,
    record: Option<PathBuf>,
    log_text: bool,
    run: u64,
    started: String,
    /// Target and system of every proposal that is asked about.
    places: BTreeMap<ProposalId, (TargetId, Option<String>)>,
}

/// Plans the questions about proposals. Nothing is sent yet.
///
/// # Errors
/// All faults at once: a prompt of the workspace, the recording, the file to record to.
pub(super) fn plan<'p>(
    workspace: &Workspace,
    collection: &Collection,
    targets: &[Target],
    proposals: impl Iterator<Item = &'p Proposal>,
    options: &RunOptions,
    run: u64,
) -> Result<Plan, PipelineError> {
    let mut faults = unknown(&options.judging.targets, targets);
    let content = workspace.config.judge.as_ref().map(|j| j.content.clone()).unwrap_or_default();
    let prompt = prompt(&workspace.dir, &mut faults);
    let redactor = Redactor::new(content.redact, &content.redact_names).unwrap_or_else(|why| {
        faults.push(
            Diagnostic::error("config", format!("`judge.redact_names`: {why}"))
                .in_file("evimap.toml")
                .help("shorten the list"),
        );
        Redactor::default()
    });
    let mut replayed = None;
    let replay = options.judging.replay.as_ref().and_then(|file| {
        let text = read(file, &mut faults)?;
        replayed = Some(hex(text.as_bytes()));
        Recording::parse(&file.display().to_string(), &text)
            .map_err(|found| faults.extend(found))
            .ok()
    });
    let record = options.judging.record.clone();
    if let Some(file) = &record {
        faults.extend(unfit(file));
    }
    if !faults.is_empty() {
        return Err(PipelineError::Input(faults));
    }
    let mut guard = Guard::new(&content, collection);
    let mut held: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut allowed = Vec::new();
    let wanted = &options.judging.targets;
    for proposal in proposals.filter(|p| wanted.is_empty() || wanted.contains(&p.target)) {
        match guard.holds_back(proposal) {
            Some(found) => *held.entry(found).or_default() += 1,
            None => allowed.push(proposal),
        }
    }
    let places =
        allowed.iter().map(|p| (p.id.clone(), (p.target.clone(), p.system.clone()))).collect();
    let asking = Asking {
        prompt: Arc::clone(&prompt),
        redactor,
        passages: content.passages_per_call,
        tokens: content.tokens_per_call,
    };
    let (cases, mut told) = asking.cases(targets, allowed);
    let held_back: Vec<HeldBack> = held
        .into_iter()
        .map(|((document, why), passages)| HeldBack { document, why, passages })
        .collect();
    for held in &held_back {
        let message = format!("{} passages were not sent: {}", held.passages, held.why);
        let note = Diagnostic::note("judge-held-back", message).in_file(&held.document);
        told.push(note.help("they keep what matching gave them; see docs/judging.md"));
    }
    Ok(Plan {
        cases,
        replay,
        told,
        prompt,
        log_text: options.judging.log_sent || content.log_sent,
        content,
        held_back,
        replayed,
        record,
        run,
        started: options.started.clone(),
        places,
    })
}

/// Targets that are to be asked about and are not in the catalogue.
fn unknown(wanted: &[TargetId], targets: &[Target]) -> Vec<Diagnostic> {
    let missing = wanted.iter().filter(|id| targets.iter().all(|target| target.id != **id));
    missing
        .map(|id| {
            Diagnostic::error("judge", format!("--judge-targets: {id} is not in the catalogue"))
                .help("`evimap catalog list` shows the ids; nothing was sent")
        })
        .collect()
}

/// The workspace's own prompt, or the shipped one.
fn prompt(dir: &Path, faults: &mut Vec<Diagnostic>) -> Arc<Prompt> {
    let folder = dir.join(PROMPTS);
    let stem = PROMPT_FILE.split('.').next().unwrap_or_default();
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != PROMPT_FILE && name.starts_with(stem) {
            faults.push(
                Diagnostic::error("prompt", "this version of evimap has no prompt of this name")
                    .in_file(entry.path().display().to_string())
                    .help(format!("bring it up to date as {PROMPT_FILE}, or remove it")),
            );
        }
    }
    let file = folder.join(PROMPT_FILE);
    if !file.exists() {
        return Prompt::shipped();
    }
    let own = read(&file, faults).and_then(|text| {
        Prompt::overridden(&file.display().to_string(), &text)
            .map_err(|found| faults.extend(found))
            .ok()
    });
    own.map_or_else(Prompt::shipped, Arc::new)
}

/// Why a recording can't be written to a file: another file stands there, or its folder takes none.
fn unfit(file: &Path) -> Option<Diagnostic> {
    let why = match fs::read(file) {
        Ok(bytes) if std::str::from_utf8(&bytes).is_ok_and(Recording::is_one) => None,
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Ok(_) => Some("this is no recording, so it is not replaced".to_owned()),
        Err(error) => Some(format!("can't be read, so it is not replaced: {error}")),
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let why = why.or_else(|| {
        let error = tempfile::tempfile_in(folder).err()?;
        Some(format!("no file can be written to {}: {error}", folder.display()))
    })?;
    let fault = Diagnostic::error("judge-recording", why).in_file(file.display().to_string());
    Some(fault.help("name a new file in a folder that you may write to; nothing was sent"))
}

fn read(file: &Path, faults: &mut Vec<Diagnostic>) -> Option<String> {
    fs::read_to_string(file)
        .map_err(|error| {
            faults.push(
                Diagnostic::error("judge", format!("can't be read: {error}"))
                    .in_file(file.display().to_string())
                    .help("check the path; nothing was sent"),
            );
        })
        .ok()
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Writes down what leaves, request by request.
pub(super) struct SentLog<'p> {
    plan: &'p Plan,
    file: PathBuf,
    by_key: BTreeMap<String, &'p Case>,
}

impl<'p> SentLog<'p> {
    pub(super) fn new(plan: &'p Plan, dir: &Path, model: &str) -> Self {
        let by_key = plan.cases.iter().map(|case| (judge::case_key(model, case), case)).collect();
        Self { plan, file: dir.join(".evimap").join(SENT_LOG), by_key }
    }

    /// Notes the calls about one case.
    ///
    /// # Errors
    /// The log can't be written.
    pub(super) fn note(&self, records: &[CallRecord]) -> Result<(), PipelineError> {
        let mut lines = String::new();
        for record in records {
            let case = self.by_key.get(&record.case_key);
            let documents: BTreeSet<&str> = case
                .into_iter()
                .flat_map(|case| &case.candidates)
                .map(|candidate| candidate.document.as_str())
                .collect();
            let text = record.exchange.as_ref().filter(|_| self.plan.log_text);
            let line = json!({
                "run": self.plan.run,
                "started": self.plan.started,
                "target": record.target,
                "model": record.model,
                "prompt": record.prompt_version,
                "attempt": record.attempt,
                "again": record.again,
                "status": record.status,
                "result": record.result,
                "tokens": record.tokens,
                "verdicts": record.verdicts,
                "request_sha256": record.request_sha256,
                "response_sha256": record.response_sha256,
                "bytes": record.request_bytes,
                "documents": documents,
                "passages": case.map_or(0, |case| case.candidates.len()),
                "redacted": case.map(|case| case.redacted()),
                "messages": text.map(|exchange| &exchange.messages),
                "rejected": record.rejected.as_ref().filter(|_| self.plan.log_text),
            });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        append(&self.file, &lines)
    }
}

/// Adds lines to a file that on Unix only its owner can read.
fn append(file: &Path, lines: &str) -> Result<(), PipelineError> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut open| open.write_all(lines.as_bytes()));
    written.map_err(|error| {
        PipelineError::Internal(format!(
            "{} can't be written: {error}; check space and permissions, then run again",
            file.display()
        ))
    })
}

/// What a judged run came to, beside what is shown.
pub(super) struct Came<'a> {
    pub(super) base_url: &'a str,
    pub(super) model: &'a str,
    pub(super) outcome: &'a judge::Outcome,
}

/// Keeps what a judged run said: for the reports, for comparison, in the recording that was asked for.
///
/// # Errors
/// The state or the recording can't be written.
pub(super) fn keep(
    plan: &Plan,
    came: &Came<'_>,
    workspace: &mut Workspace,
) -> Result<(), PipelineError> {
    let outcome = came.outcome;
    let recording = Recording::of(
        came.model,
        &plan.prompt.version,
        &outcome.judgements,
        &outcome.targets,
        &outcome.records,
        |id| plan.places.get(id).cloned(),
    );
    if plan.content.record && plan.replay.is_none() {
        let file = workspace.dir.join(".evimap").join(EXCHANGES);
        append(&file, &recording.to_lines())?;
    }
    // A run without an answer says nothing that is worth an earlier recording.
    let answered = outcome
        .records
        .iter()
        .any(|r| r.exchange.as_ref().is_some_and(|exchange| exchange.answer.is_some()));
    if let Some(file) = plan.record.as_ref().filter(|file| answered || !file.exists()) {
        files::replace(file, recording.to_lines().as_bytes())?;
    }
    let mut runs = judged_runs(&workspace.store)?;
    runs.insert(plan.run, recording);
    while runs.len() > KEPT_RUNS {
        runs.pop_first();
    }
    put(&mut workspace.store, RUNS, &runs)?;
    put(&mut workspace.store, USE, &ai_use(plan, came))
}

fn ai_use(plan: &Plan, came: &Came<'_>) -> AiUse {
    let outcome = came.outcome;
    let called: BTreeSet<&str> = outcome.records.iter().map(|r| r.case_key.as_str()).collect();
    let sent = |case: &&Case| called.contains(judge::case_key(came.model, case).as_str());
    let sent: Vec<&Case> = plan.cases.iter().filter(sent).collect();
    let documents: BTreeSet<String> =
        sent.iter().flat_map(|c| &c.candidates).map(|c| c.document.clone()).collect();
    let mut redacted: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, n) in sent.iter().flat_map(|case| case.redacted()) {
        *redacted.entry(kind).or_default() += n;
    }
    let stance = |s: Stance| {
        let n = outcome.judgements.iter().filter(|j| j.verdict == s).count();
        (s.as_str().to_owned(), n)
    };
    let whole = |s: TargetStance| {
        let n = outcome.targets.iter().filter(|t| t.verdict == s).count();
        (s.as_str().to_owned(), n)
    };
    AiUse {
        run: plan.run,
        started: plan.started.clone(),
        endpoint: came.base_url.to_owned(),
        model: came.model.to_owned(),
        prompt: plan.prompt.version.clone(),
        prompt_sha256: plan.prompt.sha256.clone(),
        prompt_overridden: plan.prompt.overridden,
        replayed: plan.replayed.clone(),
        questions: plan.cases.len(),
        answered_before: outcome.cached,
        failed: outcome.failed,
        calls: outcome.calls,
        bytes: outcome.records.iter().map(|r| r.request_bytes).sum(),
        prompt_tokens: outcome.tokens.prompt,
        completion_tokens: outcome.tokens.completion,
        passages: sent.iter().map(|case| case.candidates.len()).sum(),
        documents: documents.into_iter().collect(),
        redacting: plan.content.redact,
        names: plan.content.redact_names.len(),
        redacted,
        held_back: plan.held_back.clone(),
        verdicts: Stance::ALL.map(stance).into_iter().collect(),
        targets: TargetStance::ALL.map(whole).into_iter().collect(),
        rates: Vec::new(),
    }
}

fn put(store: &mut Store, key: &str, value: &impl Serialize) -> Result<(), PipelineError> {
    let text = serde_json::to_string(value).map_err(|e| PipelineError::Internal(e.to_string()))?;
    Ok(store.set_meta(key, &text)?)
}

/// What is kept of earlier judged runs, by number, without words of documents. What another version
/// kept counts as nothing.
///
/// # Errors
/// The state can't be read.
pub(super) fn judged_runs(store: &Store) -> Result<BTreeMap<u64, Recording>, PipelineError> {
    Ok(store.meta(RUNS)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

#[derive(Default, Serialize, Deserialize)]
struct Shown {
    judgements: Vec<Judgement>,
    targets: Vec<TargetJudgement>,
}

/// Keeps what a run shows of the judge, so that reports show the same; nothing after a run that did
/// not ask.
pub(super) fn show(store: &mut Store, judged: &Judged) -> Result<(), PipelineError> {
    let (judgements, targets) = (judged.judgements.clone(), judged.targets.clone());
    put(store, SHOWN, &Shown { judgements, targets })
}

/// What the last run showed.
pub(super) fn shown(store: &Store) -> Result<Judged, PipelineError> {
    let shown: Shown =
        store.meta(SHOWN)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(Judged { judgements: shown.judgements, targets: shown.targets, ..Judged::default() })
}

/// The record of the last judged run, its rates against the decisions in force; `None` if no run ever
/// asked.
pub(super) fn last_use(
    store: &Store,
    judged: &Judged,
    verdicts: &BTreeMap<ProposalId, Verdict>,
) -> Result<Option<AiUse>, PipelineError> {
    let stored: Option<AiUse> = store.meta(USE)?.and_then(|text| serde_json::from_str(&text).ok());
    Ok(stored.map(|stored| AiUse { rates: rates(judged, verdicts), ..stored }))
}

/// How many of the decided proposals with each verdict of the judge were accepted.
fn rates(judged: &Judged, verdicts: &BTreeMap<ProposalId, Verdict>) -> Vec<Rate> {
    Stance::ALL
        .into_iter()
        .map(|stance| {
            let decided: Vec<bool> = judged
                .judgements
                .iter()
                .filter(|j| j.verdict == stance)
                .filter_map(|j| match verdicts.get(&j.proposal_id)? {
                    Verdict::Accept => Some(true),
                    Verdict::Reject => Some(false),
                    Verdict::Defer => None,
                })
                .collect();
            let accepted = decided.iter().filter(|accepted| **accepted).count();
            let enough = decided.len() >= FEWEST_DECIDED;
            Rate {
                verdict: stance.as_str().to_owned(),
                decided: decided.len(),
                accepted,
                interval: enough.then(|| wilson(accepted, decided.len())).flatten(),
            }
        })
        .collect()
}

/// A hash over the files that a judged run hangs on beside the configuration: prompts and recording.
pub(super) fn inputs(workspace: &Workspace, options: &RunOptions) -> String {
    let prompts = fs::read(workspace.dir.join(PROMPTS).join(PROMPT_FILE)).unwrap_or_default();
    let replay = options.judging.replay.as_ref().map(|file| fs::read(file).unwrap_or_default());
    let targets = &options.judging.targets;
    json!([hex(&prompts), replay.map(|bytes| hex(&bytes)), targets]).to_string()
}

/// Proposals that a person will be shown.
pub(super) fn asked_about(matched: &Matched) -> impl Iterator<Item = &Proposal> {
    matched.proposals.iter().filter(|p| p.band != crate::domain::Band::Possible)
}
