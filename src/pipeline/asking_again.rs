//! Rows that ask again about words that no run proposed: their ids are issued with the export.

use std::collections::BTreeMap;

use super::PipelineError;
use crate::{
    domain::{Band, Proposal, ProposalId, Question},
    matching::Matched,
    store::Store,
};

/// Remembers what the ids of such rows stand for, so that they can be imported.
pub(super) fn issue(
    store: &mut Store,
    questions: &BTreeMap<ProposalId, Question>,
    matched: &Matched,
) -> Result<(), PipelineError> {
    let proposed = |id: &ProposalId| matched.proposals.iter().any(|p| p.id == *id);
    let new: Vec<Proposal> = questions
        .iter()
        .filter(|(id, question)| !question.replaces.is_empty() && !proposed(id))
        .filter_map(|(id, question)| {
            let (d, now) = (&question.decision, &question.now);
            Some(Proposal {
                id: id.clone(),
                target: d.target.clone(),
                system: d.system.clone(),
                points: d.points.clone(),
                document: now.document.clone(),
                document_hash: now.document_hash.clone(),
                document_status: now.document_status,
                locator: now.locator.clone()?,
                heading: Vec::new(),
                quote: now.quote.clone(),
                confidence: 0.0,
                score: 0.0,
                band: Band::Possible,
                evidence_kind: d.evidence_kind,
                evidence_type: d.evidence_type,
                evidence_date: d.evidence_date,
                reasons: Vec::new(),
                rank: 0,
                talk: None,
                also_in: Vec::new(),
                also_for: Vec::new(),
            })
        })
        .collect();
    let run = store.runs()?.last().map_or(0, |run| run.id);
    Ok(store.record_issued(&new, run)?)
}
