//! `proposals.jsonl`: the full ranking, one line a proposal and document.

use serde::Serialize;

use super::view::View;
use crate::domain::{
    Band, Date, DocumentStatus, DocumentType, EvidenceKind, Locator, PointId, Proposal, ProposalId,
    Talk, TargetId,
};

/// The keys up to `rank` are the contract, in this order; what follows is detail.
#[derive(Serialize)]
struct Line<'a> {
    proposal_id: &'a ProposalId,
    target: &'a TargetId,
    system: Option<&'a str>,
    points: &'a [PointId],
    document: &'a str,
    locator: &'a Locator,
    quote: &'a str,
    confidence: f32,
    score: f32,
    band: Band,
    evidence_kind: EvidenceKind,
    reasons: &'a [String],
    rank: u32,
    /// `None` on a duplicate's line: its content may differ outside the quote.
    document_hash: Option<&'a str>,
    document_status: DocumentStatus,
    evidence_type: DocumentType,
    evidence_date: Option<Date>,
    heading: &'a [String],
    talk: Option<Talk>,
    also_in: &'a [String],
    also_for: &'a [TargetId],
    /// On a duplicate's line: the document that the locator was taken from.
    duplicate_of: Option<&'a str>,
    /// The label of its document; empty if it bears none.
    classification: &'a str,
    /// The label that all reports bear; empty if none is stated.
    report_classification: &'a str,
}

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut proposals: Vec<&Proposal> = view.report.proposals.iter().collect();
    proposals.sort_by(|a, b| {
        let key = |p: &'_ Proposal| (p.target.clone(), p.system.clone(), p.rank, p.id.clone());
        key(a).cmp(&key(b)).then_with(|| a.document.cmp(&b.document))
    });
    let mut out = Vec::new();
    for proposal in proposals {
        push(&mut out, &line(view, proposal, &proposal.document))?;
        for duplicate in &proposal.also_in {
            push(&mut out, &line(view, proposal, duplicate))?;
        }
    }
    Ok(out)
}

fn push(out: &mut Vec<u8>, line: &Line<'_>) -> Result<(), String> {
    serde_json::to_writer(&mut *out, line).map_err(|error| error.to_string())?;
    out.push(b'\n');
    Ok(())
}

fn line<'a>(view: &'a View<'_>, proposal: &'a Proposal, document: &'a str) -> Line<'a> {
    let original = proposal.document == document;
    Line {
        proposal_id: &proposal.id,
        target: &proposal.target,
        system: proposal.system.as_deref(),
        points: &proposal.points,
        document,
        locator: &proposal.locator,
        quote: &proposal.quote,
        confidence: proposal.confidence,
        score: proposal.score,
        band: proposal.band,
        evidence_kind: proposal.evidence_kind,
        reasons: &proposal.reasons,
        rank: proposal.rank,
        document_hash: original.then_some(&proposal.document_hash),
        document_status: proposal.document_status,
        evidence_type: proposal.evidence_type,
        evidence_date: proposal.evidence_date,
        heading: &proposal.heading,
        talk: proposal.talk,
        also_in: &proposal.also_in,
        also_for: &proposal.also_for,
        duplicate_of: (!original).then_some(&proposal.document),
        classification: view.label_of(document),
        report_classification: &view.report.classification,
    }
}
