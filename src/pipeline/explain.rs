//! One proposal of the last run, taken apart.

use std::path::Path;

use super::{
    PipelineError, Workspace, document_inputs, learning, links, recall, workspace::calibration,
};
use crate::{
    catalog::Catalog,
    domain::{Proposal, ProposalId, Target},
    index::Index,
    matching::{Inputs, Matcher, Trace},
};

/// So many proposals of the same target are named.
const RIVALS: usize = 3;

/// A proposal and all that speaks for and against it.
#[derive(Debug, Clone)]
pub struct Explained {
    pub proposal: Proposal,
    pub target: Target,
    pub trace: Trace,
    /// Other proposals for the target (and system), those next to it first.
    pub rivals: Vec<Proposal>,
}

/// Explains a proposal of the last run, from the stored documents.
///
/// # Errors
/// The id is none of this workspace's last run, or the workspace has changed since.
pub fn explain(dir: &Path, id: &str) -> Result<Explained, PipelineError> {
    let (config, store) = Workspace::open_read(dir)?;
    let catalog = Catalog::load_with(dir, &config).map_err(PipelineError::Input)?;
    let calibration = calibration(dir, &config)?;
    let collection = recall(&store, &config)?;
    let id: ProposalId = id.trim().parse().map_err(|_| {
        PipelineError::input(
            "proposal",
            format!("`{id}` is no proposal id"),
            "an id reads p- and 16 letters and digits; it stands in review/suggestions.csv",
        )
    })?;
    let all = store.proposals()?;
    let Some(proposal) = all.iter().find(|p| p.id == id) else {
        let known = store.issued(&id)?;
        let message = match &known {
            Some(issued) => format!(
                "{id} ({} in {}) is not among the proposals of the last run",
                issued.target, issued.document
            ),
            None => format!("{id} was never proposed in this workspace"),
        };
        let help = match known {
            Some(_) => "its quote or document has changed; look for the target in proposals.jsonl",
            None => "take an id from review/suggestions.csv or reports/proposals.jsonl",
        };
        return Err(PipelineError::input("proposal", message, help));
    };
    let stale = || {
        PipelineError::input(
            "proposal",
            format!("{id} can't be worked out again: something has changed since the last run"),
            "run `evimap run -w WORKSPACE` again",
        )
    };
    let index = Index::build(None, &collection.passages)?;
    let documents = document_inputs(&collection);
    let inputs = Inputs {
        documents: &documents,
        passages: &collection.passages,
        index: &index,
        systems: &config.systems,
    };
    let learned = learning::remembered(&store)?;
    let matcher = Matcher::new(&catalog)
        .with_calibration(calibration)
        .with_examples(learning::examples(&store, learned)?)
        .with_links(links::recall(&store)?);
    let traces = matcher.traces(&inputs, &[proposal])?;
    let trace = traces.into_iter().next().flatten().ok_or_else(stale)?;
    if (trace.confidence - proposal.confidence).abs() > 1e-3 {
        return Err(stale());
    }
    let mut rivals: Vec<&Proposal> =
        all.iter().filter(|p| p.target == proposal.target && p.system == proposal.system).collect();
    rivals.retain(|p| p.id != proposal.id);
    rivals.sort_by_key(|p| (p.rank.abs_diff(proposal.rank), p.rank));
    Ok(Explained {
        target: catalog.get(&proposal.target).ok_or_else(stale)?.clone(),
        rivals: rivals.into_iter().take(RIVALS).cloned().collect(),
        proposal: proposal.clone(),
        trace,
    })
}
