//! Whether everything that the outputs stand on is as it was: then a run has nothing to do.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    Looked, Outputs, PROGRAM_VERSION, PipelineError, RunOptions, Summed, Workspace,
    learning::current, registers::REGISTERS,
};
use crate::{catalog::CATALOG_VERSION, diag::Diagnostic, history::Record, store::Store};

const KEPT: &str = "outputs";

/// What the last run wrote, and what that hangs on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    key: String,
    pub(super) run: u64,
    pub(super) record: Record,
    pub(super) summed: Summed,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) waiting: usize,
    pub(super) ai_use: Option<crate::report::AiUse>,
    pub(super) suspected: Vec<(String, String)>,
    files: Files,
}

/// Files below the workspace: size, and the hash of those that people edit.
type Files = BTreeMap<String, (u64, Option<String>)>;

/// A hash over everything that the outputs of a run hang on.
///
/// # Errors
/// The configuration or the state can't be read.
pub(super) fn key(
    workspace: &Workspace,
    fingerprint: &str,
    reading: &super::Key,
    options: &RunOptions,
) -> Result<String, PipelineError> {
    let below =
        |name: &Option<String>| name.as_ref().map(|name| content(&workspace.dir.join(name)));
    let learned = if options.learn { current(&workspace.store)? } else { None };
    let all = json!([
        [PROGRAM_VERSION, build(), CATALOG_VERSION],
        [config_hash(workspace), below(&workspace.config.overlay)],
        [below(&workspace.config.calibration)],
        REGISTERS.map(|file| content(&workspace.dir.join("review").join(file))),
        [reading.stored(), options.extraction.follow_links],
        [
            options.judge.is_some(),
            super::judging::inputs(workspace, options),
            options.propose_only,
            learned,
            options.as_of,
            format!("{:?} {:?}", options.quotes, options.language)
        ],
        [&workspace.store.ledger_head()?, &workspace.store.statements_mark()?, fingerprint],
        super::links::recall(&workspace.store)?,
    ]);
    Ok(hex(all.to_string().as_bytes()))
}

/// SHA-256 of evimap.toml; empty if it can't be read.
pub(super) fn config_hash(workspace: &Workspace) -> String {
    fs::read(workspace.dir.join("evimap.toml")).map_or_else(|_| String::new(), |b| hex(&b))
}

/// Tells builds of one version apart: by the size of the program, and while it is being developed by
/// its time as well.
fn build() -> String {
    let Ok(meta) = std::env::current_exe().and_then(fs::metadata) else { return String::new() };
    let time = meta.modified().ok().filter(|_| cfg!(debug_assertions));
    format!("{} {time:?}", meta.len())
}

/// A hash over a file, or over all files of a folder and their names.
fn content(path: &Path) -> String {
    let Ok(entries) = fs::read_dir(path) else {
        return fs::read(path).map_or_else(|_| String::new(), |bytes| hex(&bytes));
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let lines = paths.iter().map(|path| format!("{} {}\n", path.display(), content(path)));
    hex(lines.collect::<String>().as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// What the last run left, if it had the same key and all that it wrote is still there.
pub(super) fn recall(workspace: &Workspace, key: &str) -> Result<Option<Kept>, PipelineError> {
    // What another version kept can't be read, and counts as nothing.
    let kept =
        workspace.store.meta(KEPT)?.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
    Ok(kept.filter(|kept| kept.key == key && kept.files == files(workspace, kept.files.keys())))
}

/// Keeps what a run left.
///
/// # Errors
/// The state can't be written.
pub(super) fn keep(
    workspace: &mut Workspace,
    key: &str,
    run: u64,
    record: &Record,
    outputs: &Outputs,
) -> Result<(), PipelineError> {
    // A failed call is tried again, and that OCR was switched off is said once.
    let passing = outputs.diagnostics.iter().any(|d| d.code == "ocr-off");
    if outputs.summed.judge_failed > 0 || passing {
        return Ok(());
    }
    let written = outputs.files.iter().filter_map(|file| file.strip_prefix(&workspace.dir).ok());
    let mut names: Vec<String> =
        written.map(|file| file.to_string_lossy().replace('\\', "/")).collect();
    // A file with edits is kept, so it is not among those that were written.
    for entry in fs::read_dir(workspace.dir.join("review")).into_iter().flatten().flatten() {
        names.push(format!("review/{}", entry.file_name().to_string_lossy()));
    }
    let mut summed = outputs.summed.clone();
    (summed.read, summed.judge_calls) = (0, 0);
    (summed.judge_tokens, summed.judge_cost) = (0, String::new());
    let kept = Kept {
        key: key.to_owned(),
        run,
        record: record.clone(),
        summed,
        diagnostics: outputs.diagnostics.clone(),
        waiting: outputs.waiting,
        ai_use: outputs.ai_use.clone(),
        suspected: outputs.suspected.clone(),
        files: files(workspace, names.iter()),
    };
    let text = serde_json::to_string(&kept).map_err(|e| PipelineError::Internal(e.to_string()))?;
    Ok(workspace.store.set_meta(KEPT, &text)?)
}

/// To be called before an output is written.
///
/// # Errors
/// The state can't be written.
pub(super) fn forget(store: &mut Store) -> Result<(), PipelineError> {
    Ok(store.set_meta(KEPT, "")?)
}

fn files<'a>(workspace: &Workspace, names: impl Iterator<Item = &'a String>) -> Files {
    let state = |name: &String| {
        let path = workspace.dir.join(name);
        let size = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?.len();
        let hash =
            if name.starts_with("review/") { Some(hex(&fs::read(&path).ok()?)) } else { None };
        Some((name.clone(), (size, hash)))
    };
    names.filter_map(state).collect()
}

/// Keeps what looking at the files found out of their hashes, so that they need not be read next
/// time.
pub(super) fn trust(
    workspace: &mut Workspace,
    looked: &Looked,
    now_ns: i64,
) -> Result<(), PipelineError> {
    if looked.hashed {
        workspace.store.set_file_stats(&looked.stats(now_ns))?;
    }
    Ok(())
}
