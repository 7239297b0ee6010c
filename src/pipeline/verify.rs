//! Re-opens the documents behind accepted evidence and looks whether each quote still stands where
//! it was accepted. Reads the files themselves, not the cache; only text that came from OCR is taken
//! from the last run while the file is byte for byte the same, and recognised anew when it is not.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::Serialize;

use super::{
    Event, Key, PipelineError, ReadOptions, Stage, Watcher, Workspace, ingest::named, remembered,
};
use crate::{
    domain::{
        Decision, ExtractStatus, Extracted, Locator, Position, ProposalId, TargetId, Verdict,
        squash_whitespace,
    },
    extract::{self, Job, Options},
};

/// What became of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// At its place.
    Stands,
    /// In the document, at another place.
    Moved,
    /// Not in the document any more.
    Lost,
    /// The document is gone or can't be read.
    Unreadable,
    /// An external reference, which nobody can re-open.
    NotVerifiable,
}

impl Standing {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::Moved => "moved",
            Self::Lost => "lost",
            Self::Unreadable => "unreadable",
            Self::NotVerifiable => "not-verifiable",
        }
    }
}

/// One accepted piece of evidence, looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    pub proposal_id: ProposalId,
    pub target: TargetId,
    pub document: String,
    pub locator: Option<Locator>,
    pub quote: String,
    pub standing: Standing,
    /// The file is byte for byte the one that was decided on.
    pub unchanged: bool,
}

/// Looks at all accepted evidence, by proposal and target.
///
/// # Errors
/// The workspace has no sources, or no worker can be started. A file that can't be read is a result.
pub fn verify(
    workspace: &Workspace,
    options: &ReadOptions,
    watch: &mut Watcher<'_>,
) -> Result<Vec<Verified>, PipelineError> {
    let decisions: Vec<Decision> =
        workspace.store.decisions()?.into_iter().map(|(_, d)| d).collect();
    let positions: Vec<Position> =
        workspace.store.positions()?.into_iter().map(|(_, p)| p).collect();
    let mut accepted = crate::assess::in_force(&decisions, &positions, &workspace.config);
    accepted.retain(|d| d.verdict == Verdict::Accept);
    accepted.sort_by_key(|d| (&d.proposal_id, &d.target));
    let wanted: BTreeSet<&str> =
        accepted.iter().filter(|d| d.verifiable).map(|d| d.document.as_str()).collect();
    let texts = read(workspace, options, &wanted, watch)?;
    Ok(accepted
        .iter()
        .map(|decision| {
            let text = texts.get(decision.document.as_str());
            let standing = if decision.verifiable {
                text.map_or(Standing::Unreadable, |text| standing(decision, text))
            } else {
                Standing::NotVerifiable
            };
            Verified {
                proposal_id: decision.proposal_id.clone(),
                target: decision.target.clone(),
                document: decision.document.clone(),
                locator: decision.locator.clone(),
                quote: decision.quote.clone(),
                standing,
                unchanged: text.is_some_and(|text| text.hash == decision.document_hash),
            }
        })
        .collect())
}

fn read(
    workspace: &Workspace,
    options: &ReadOptions,
    wanted: &BTreeSet<&str>,
    watch: &mut Watcher<'_>,
) -> Result<BTreeMap<String, Extracted>, PipelineError> {
    let roots = named(&workspace.roots()?);
    let several = roots.len() > 1;
    let jobs: Vec<Job> = wanted
        .iter()
        .filter_map(|document| {
            let (root, rest) = if several {
                let (name, rest) = document.split_once('/')?;
                (roots.iter().find(|root| root.name == name)?, rest)
            } else {
                (roots.first()?, *document)
            };
            let path = if root.path.is_file() {
                root.path.clone()
            } else {
                root.path.join(Path::new(rest))
            };
            Some(Job { path, name: (*document).to_owned() })
        })
        .collect();
    watch(Event::Begin { stage: Stage::Extract, total: Some(jobs.len() as u64) });
    let mut pool = Options {
        workers: options.workers,
        limits: workspace.config.limits.clone(),
        ocr: None,
        worker_exe: options.worker_exe.clone(),
        stop: options.stop.clone(),
    };
    let mut texts = BTreeMap::new();
    let mut pictures = Vec::new();
    let key = remembered(&workspace.store)?.map(|last| Key::restore(last.key)).unwrap_or_default();
    let extract = |jobs: &[Job], pool: &Options, on_done: &mut dyn FnMut(usize, Extracted)| {
        extract::extract_all(jobs, pool, on_done).map_err(|error| {
            PipelineError::Internal(format!("no worker process can be started: {error}"))
        })
    };
    let mut failure = None;
    extract(&jobs, &pool, &mut |job, extracted| {
        let name = jobs[job].name.clone();
        let seen = match extract::ocr_matters(&extracted) && key.languages().is_some() {
            true => key.lookup(&workspace.store, &extracted.hash),
            false => Ok(None),
        };
        match seen {
            Ok(Some(seen)) => {
                texts.insert(name, seen);
            }
            Ok(None) => {
                if extract::ocr_matters(&extracted) {
                    pictures.push(jobs[job].clone());
                }
                texts.insert(name, extracted);
            }
            Err(error) => failure = Some(error),
        }
        watch(Event::Step);
    })?;
    if let Some(error) = failure {
        return Err(error.into());
    }
    // Files with pictures that have changed since: recognised anew, if the last run did so.
    if let Some(languages) = key.languages().filter(|_| !pictures.is_empty()) {
        let languages: Vec<String> = languages.split('+').map(str::to_owned).collect();
        pool.ocr = extract::find_ocr(&languages).0;
        if pool.ocr.is_some() {
            extract(&pictures, &pool, &mut |job, extracted| {
                texts.insert(pictures[job].name.clone(), extracted);
            })?;
        }
    }
    watch(Event::End);
    if let Some(signal) = options.stop.signal() {
        return Err(PipelineError::Stopped(signal));
    }
    texts.retain(|_, text| text.status == ExtractStatus::Ok);
    Ok(texts)
}

/// A quote stands if the blocks within its locator hold it, up to white space.
fn standing(decision: &Decision, document: &Extracted) -> Standing {
    let quote = squash_whitespace(&decision.quote);
    let holds = |within: &dyn Fn(&Locator) -> bool| {
        let texts = document.blocks.iter().filter(|b| within(&b.locator)).map(|b| b.text.as_str());
        let joined: Vec<&str> = texts.collect();
        squash_whitespace(&joined.join("\n")).contains(&quote)
    };
    let place = decision.locator.as_ref();
    if place.is_some_and(|place| holds(&|at| place.join(at).as_ref() == Some(place))) {
        Standing::Stands
    } else if holds(&|_| true) {
        Standing::Moved
    } else if document.diagnostics.iter().any(|d| d.code == "ocr-text")
        || !extract::ocr_matters(document)
    {
        Standing::Lost
    } else {
        // It may stand on a page that nobody recognised this time.
        Standing::Unreadable
    }
}
