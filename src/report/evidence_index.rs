//! `evidence-index.csv`: one row per accepted evidence and target, quotes uncut.

use super::{
    text::{self, join},
    view::View,
    write::{Csv, date},
};
use crate::domain::{Origin, PointId};

const COLUMNS: [&str; 25] = [
    "proposal_id",
    "target",
    "title",
    "system",
    "points",
    "document",
    "document_hash",
    "document_status",
    "locator",
    "quote",
    "evidence_kind",
    "evidence_type",
    "evidence_date",
    "fresh_until",
    "stale",
    "lost",
    "decided_by",
    "decided_on",
    "origin",
    "verifiable",
    "comment",
    "classification",
    "basis",
    "as_of",
    "ledger_head",
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut csv = Csv::new(&COLUMNS)?;
    let basis = view.basis();
    for (row, evidence) in view.evidence() {
        csv.row(&[
            evidence.proposal_id.as_str(),
            row.assessment.target.as_str(),
            &row.assessment.title,
            row.assessment.system.as_deref().unwrap_or_default(),
            &join(evidence.points.iter().map(PointId::as_str), "; "),
            &evidence.document,
            &evidence.document_hash,
            evidence.document_status.as_str(),
            &text::place(view.words, evidence.locator.as_ref()),
            &evidence.quote,
            evidence.evidence_kind.as_str(),
            evidence.evidence_type.as_str(),
            &date(evidence.date),
            &date(evidence.fresh_until),
            yes(evidence.stale),
            yes(evidence.lost),
            &evidence.decided_by,
            &evidence.decided_on.to_string(),
            origin(evidence.origin),
            yes(evidence.verifiable),
            &evidence.comment,
            view.label_of(&evidence.document),
            &basis,
            &view.report.as_of.to_string(),
            view.ledger_head(),
        ])?;
    }
    csv.finish()
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// How a piece of evidence came into the review, in words.
pub(super) fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Proposal => "proposal",
        Origin::Reuse => "reuse",
        Origin::Manual => "manual",
    }
}
