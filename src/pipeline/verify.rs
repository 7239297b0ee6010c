//! Re-opens the documents behind accepted evidence and looks whether each quote still stands where
//! it was accepted. Reads the files themselves, not the cache.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::Serialize;

use super::{Event, PipelineError, ReadOptions, Stage, Watcher, Workspace, ingest::named};
use crate::{
    domain::{
        Decision, ExtractStatus, Extracted, Locator, ProposalId, TargetId, Verdict,
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
            Self::NotVerifiable => "not verifiable",
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

/// Looks at all accepted evidence, in the order of the ledger.
///
/// # Errors
/// The workspace has no sources, or no worker can be started. A file that can't be read is a result.
pub fn verify(
    workspace: &Workspace,
    options: &ReadOptions,
    watch: &mut Watcher<'_>,
) -> Result<Vec<Verified>, PipelineError> {
    let mut latest: BTreeMap<(ProposalId, TargetId), Decision> = BTreeMap::new();
    for (_, decision) in workspace.store.decisions()? {
        latest.insert((decision.proposal_id.clone(), decision.target.clone()), decision);
    }
    let accepted: Vec<Decision> =
        latest.into_values().filter(|d| d.verdict == Verdict::Accept).collect();
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
    let pool = Options {
        workers: options.workers,
        limits: workspace.config.limits.clone(),
        worker_exe: options.worker_exe.clone(),
    };
    let mut texts = BTreeMap::new();
    extract::extract_all(&jobs, &pool, &mut |job, extracted| {
        if extracted.status == ExtractStatus::Ok {
            texts.insert(jobs[job].name.clone(), extracted);
        }
        watch(Event::Step);
    })
    .map_err(|error| {
        PipelineError::Internal(format!("no worker process can be started: {error}"))
    })?;
    watch(Event::End);
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
    } else {
        Standing::Lost
    }
}
