//! What reviewers decided on the proposals of the last run, ready to be measured; and a calibration
//! of a workspace's own.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{Collection, PipelineError, Workspace, document_inputs, files, recall, workspace};
use crate::{
    catalog::Catalog,
    config::Config,
    domain::{Decision, Origin, Proposal, Verdict},
    eval::{Decided, Plain},
    index::Index,
    matching::{Calibration, Inputs, Matcher},
};

/// With fewer known authors than this, decisions are grouped by document.
const FEWEST_AUTHORS: usize = 5;

/// Decisions of a workspace that can be measured, and how many can't.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decisions {
    #[serde(skip)]
    pub decided: Vec<Decided>,
    /// Deferred: says neither.
    pub deferred: usize,
    /// Decided on proposals that the last run did not make any more.
    pub gone: usize,
    /// Evidence that people added by hand or carried over, and how much of it the last run
    /// proposed by itself.
    pub added: usize,
    pub added_and_proposed: usize,
}

/// Takes the decisions in force on the proposals of the last run.
///
/// # Errors
/// The workspace has not been run, or can't be read.
pub fn decisions(dir: &Path) -> Result<Decisions, PipelineError> {
    let (config, store) = Workspace::open_read(dir)?;
    let catalog = Catalog::load_with(dir, &config).map_err(PipelineError::Input)?;
    let collection = recall(&store, &config)?;
    let proposals: BTreeMap<_, Proposal> =
        store.proposals()?.into_iter().map(|p| (p.id.clone(), p)).collect();
    let latest: Vec<Decision> = store.latest_decisions()?.into_values().collect();

    let proposed = |d: &&Decision| proposals.contains_key(&d.proposal_id);
    let own = latest.iter().filter(|d| d.origin == Origin::Proposal);
    let added = latest
        .iter()
        .filter(|d| d.origin != Origin::Proposal && d.verdict == Verdict::Accept && d.verifiable);
    let clear = own.clone().filter(|d| d.verdict != Verdict::Defer);
    let pairs: Vec<(&Decision, &Proposal)> =
        clear.clone().filter_map(|d| Some((d, proposals.get(&d.proposal_id)?))).collect();

    let index = Index::build(None, &collection.passages)?;
    let documents = document_inputs(&collection);
    let inputs = Inputs {
        documents: &documents,
        passages: &collection.passages,
        index: &index,
        systems: &config.systems,
    };
    let matcher = Matcher::new(&catalog)
        .with_calibration(workspace::calibration(dir, &config)?)
        .with_links(super::links::recall(&store)?);
    let wanted: Vec<&Proposal> = pairs.iter().map(|(_, proposal)| *proposal).collect();
    let traces = matcher.traces(&inputs, &wanted)?;
    let groups = groups(&collection, &wanted);
    let decided = pairs
        .iter()
        .zip(traces)
        .map(|((decision, proposal), trace)| Decided {
            proposal: proposal.id.clone(),
            accepted: decision.verdict == Verdict::Accept,
            confidence: proposal.confidence,
            rank: proposal.rank,
            row: format!("{} {}", proposal.target, proposal.system.as_deref().unwrap_or_default()),
            group: groups.get(&proposal.document).unwrap_or(&proposal.document).clone(),
            plain: trace
                .filter(crate::matching::Trace::is_plain)
                .map(|trace| Plain { features: trace.features, factor: trace.factor() }),
        })
        .collect();
    Ok(Decisions {
        decided,
        deferred: own.filter(|d| d.verdict == Verdict::Defer).count(),
        gone: clear.count() - pairs.len(),
        added: added.clone().count(),
        added_and_proposed: added.filter(proposed).count(),
    })
}

/// The group of each document: its author (owner as stated), or itself where too few are known.
fn groups(collection: &Collection, wanted: &[&Proposal]) -> BTreeMap<String, String> {
    let used: BTreeSet<&str> = wanted.iter().map(|p| p.document.as_str()).collect();
    let owners: BTreeMap<String, String> = collection
        .documents
        .iter()
        .filter(|d| used.contains(d.extracted.path.as_str()))
        .filter_map(|d| {
            let owner = d.profile.owner.as_ref()?.trim().to_lowercase();
            (!owner.is_empty()).then(|| (d.extracted.path.clone(), format!("by {owner}")))
        })
        .collect();
    let authors: BTreeSet<&String> = owners.values().collect();
    if authors.len() < FEWEST_AUTHORS { BTreeMap::new() } else { owners }
}

/// Writes a calibration to where the workspace's configuration reads it, naming it there if it
/// names none yet; gives the file.
///
/// # Errors
/// The workspace is in use or can't be written.
pub fn adopt(dir: &Path, calibration: &Calibration) -> Result<PathBuf, PipelineError> {
    let workspace = Workspace::open(dir, &[])?;
    let text = toml::to_string(calibration).map_err(|e| PipelineError::Internal(e.to_string()))?;
    let name = workspace.config.calibration.as_deref().unwrap_or("calibration.toml");
    let file = dir.join(name);
    let config = dir.join("evimap.toml");
    let named = match workspace.config.calibration {
        Some(_) => None,
        None => {
            let old = std::fs::read_to_string(&config).map_err(|error| {
                PipelineError::Internal(format!("{} can't be read: {error}", config.display()))
            })?;
            let new = Config::with_calibration(&old, name);
            // A table can be written in more ways than one.
            let takes =
                Config::parse("evimap.toml", &new).is_ok_and(|parsed| parsed.calibration.is_some());
            if !takes {
                return Err(PipelineError::input(
                    "calibration",
                    format!("{} has [matching] in a form that can't be added to", config.display()),
                    &format!("add `calibration = \"{name}\"` under [matching] and run again"),
                ));
            }
            Some(new)
        }
    };
    files::replace(&file, text.as_bytes())?;
    if let Some(new) = named {
        files::replace(&config, new.as_bytes())?;
    }
    Ok(file)
}
