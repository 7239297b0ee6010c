//! Decisions of the ledger as the matcher takes them, and which of them the last run saw.

use std::collections::BTreeMap;

use super::PipelineError;
use crate::{
    domain::{Decision, ProposalId, Verdict},
    matching::Example,
    store::Store,
};

const LEARNED: &str = "learned";

/// The number of the last decision in the ledger; `None` if nothing is decided.
pub(super) fn current(store: &Store) -> Result<Option<u64>, PipelineError> {
    Ok(store.decisions()?.last().map(|(seq, _)| *seq))
}

/// Keeps up to which decision the last proposals were ranked by, so that they can be explained
/// after more have been decided.
pub(super) fn remember(store: &mut Store, upto: Option<u64>) -> Result<(), PipelineError> {
    let text = upto.map_or_else(String::new, |seq| seq.to_string());
    Ok(store.set_meta(LEARNED, &text)?)
}

/// What [`remember`] kept; `None` if the last run didn't learn.
pub(super) fn remembered(store: &Store) -> Result<Option<u64>, PipelineError> {
    Ok(store.meta(LEARNED)?.and_then(|text| text.parse().ok()))
}

/// The decisions in force after entry `upto` of the ledger; none for `None`.
pub(super) fn examples(store: &Store, upto: Option<u64>) -> Result<Vec<Example>, PipelineError> {
    let Some(upto) = upto else { return Ok(Vec::new()) };
    let latest: BTreeMap<ProposalId, Decision> = store
        .decisions()?
        .into_iter()
        .filter(|(seq, _)| *seq <= upto)
        .map(|(_, d)| (d.proposal_id.clone(), d))
        .collect();
    // An external reference has no text to be like.
    let quoted = latest.into_values().filter(|d| d.verifiable && !d.quote.trim().is_empty());
    Ok(quoted
        .map(|d| Example {
            target: d.target,
            evidence: match d.verdict {
                Verdict::Accept => Some(true),
                Verdict::Reject => Some(false),
                Verdict::Defer => None,
            },
            quote: d.quote,
            document_type: d.evidence_type,
            by: d.reviewer,
            on: d.decided_on,
        })
        .collect())
}
