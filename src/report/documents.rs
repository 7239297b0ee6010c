//! `documents.csv`: one row a source file, what it is, and what it serves.

use super::{
    DocumentRow,
    text::join,
    view::View,
    write::{Csv, date},
};
use crate::domain::{DocumentProfile, DocumentType, TargetId};

const COLUMNS: [&str; 28] = [
    "document",
    "hash",
    "status",
    "why",
    "title",
    "document_type",
    "language",
    "owner",
    "version",
    "document_status",
    "approved_by",
    "approved_on",
    "effective_on",
    "reviewed_on",
    "next_review_on",
    "event_on",
    "stated_interval_days",
    "classification",
    "talk",
    "system",
    "passages",
    "marks",
    "accepted_for",
    "proposed_for",
    "duplicates",
    "basis",
    "as_of",
    "ledger_head",
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut csv = Csv::new(&COLUMNS)?;
    let basis = view.basis();
    for row in sorted(&view.report.documents) {
        let profile = row.profile.as_ref();
        let text = |field: fn(&DocumentProfile) -> Option<&String>| {
            profile.and_then(field).map_or("", String::as_str)
        };
        let day = |field: fn(&DocumentProfile) -> Option<crate::domain::Date>| {
            date(profile.and_then(field))
        };
        csv.row(&[
            row.path.as_str(),
            &row.hash,
            row.status.as_str(),
            &row.why,
            text(|p| Some(&p.title)),
            profile.map_or("", |p| DocumentType::as_str(p.document_type)),
            profile.map_or("", |p| p.language.as_str()),
            text(|p| p.owner.as_ref()),
            text(|p| p.version.as_ref()),
            profile.map_or("", |p| p.status.as_str()),
            text(|p| p.approved_by.as_ref()),
            &day(|p| p.approved_on),
            &day(|p| p.effective_on),
            &day(|p| p.reviewed_on),
            &day(|p| p.next_review_on),
            &day(|p| p.event_on),
            &profile
                .and_then(|p| p.stated_interval.as_ref())
                .map_or_else(String::new, |interval| interval.days.to_string()),
            text(|p| p.classification.as_ref()),
            profile.and_then(|p| p.talk).map_or("", |talk| talk.as_str()),
            text(|p| p.system.as_ref()),
            &row.passages.to_string(),
            &row.marks,
            &targets(&row.accepted_for),
            &targets(&row.proposed_for),
            &row.duplicates.join("; "),
            &basis,
            &view.report.as_of.to_string(),
            view.ledger_head(),
        ])?;
    }
    csv.finish()
}

/// Documents by path.
pub(super) fn sorted(documents: &[DocumentRow]) -> Vec<&DocumentRow> {
    let mut rows: Vec<&DocumentRow> = documents.iter().collect();
    rows.sort_by(|a, b| a.path.cmp(&b.path));
    rows
}

fn targets(ids: &[TargetId]) -> String {
    let mut ids: Vec<&TargetId> = ids.iter().collect();
    ids.sort();
    ids.dedup();
    join(ids.into_iter().map(TargetId::as_str), "; ")
}
