//! `gap-analysis.csv`: one row a target (and system). Columns that start with `machine_` or
//! `proposal_` are machine opinion; the rest stands on decisions.

use super::{
    text,
    view::{Row, View},
    write::{Csv, date, evidence_list},
};
use crate::{
    domain::{
        Applicability, Conclusion, ImplementationStatus, PointCoverage, Position, ProvidedBy,
    },
    words::Words,
};

const COLUMNS: [&str; 38] = [
    "target",
    "title",
    "framework",
    "kind",
    "theme",
    "level",
    "system",
    "coverage",
    "coverage_reasons",
    "coverage_note",
    "points_covered",
    "points_total",
    "points_without_evidence",
    "evidence_count",
    "evidence",
    "rejected",
    "applicability",
    "implementation_status",
    "provided_by",
    "provider",
    "owner",
    "due",
    "conclusion",
    "decided_by",
    "decided_on",
    "comment",
    "machine_view",
    "machine_evidence_probability",
    "proposals_pending",
    "proposal_best_document",
    "proposal_best_locator",
    "proposal_best_quote",
    "proposal_best_confidence",
    "machine_nearest_miss",
    "review_state",
    "basis",
    "as_of",
    "ledger_head",
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut csv = Csv::new(&COLUMNS)?;
    let (state, basis) = (view.review_state(), view.basis());
    let as_of = view.report.as_of.to_string();
    for row in &view.rows {
        let a = row.assessment;
        let position = a.position.as_ref();
        let (covered, points) = row.points();
        let best = row.open.first();
        csv.row(&[
            a.target.to_string(),
            a.title.clone(),
            a.framework.clone(),
            a.kind.as_str().to_owned(),
            a.theme.clone(),
            a.level.as_str().to_owned(),
            a.system.clone().unwrap_or_default(),
            a.coverage.as_str().to_owned(),
            row.reasons(view.words),
            a.coverage_note.clone(),
            covered.to_string(),
            points.to_string(),
            missing(view.words, row),
            a.evidence.len().to_string(),
            text::cut(&evidence_list(view.words, &a.evidence, 2_000), text::CELL_LIMIT, text::CUT)
                .into_owned(),
            a.rejected.to_string(),
            said(position, |p| p.applicability.map(Applicability::as_str)),
            said(position, |p| p.implementation_status.map(ImplementationStatus::as_str)),
            said(position, |p| p.provided_by.map(ProvidedBy::as_str)),
            said(position, |p| Some(&p.provider)),
            said(position, |p| Some(&p.owner)),
            date(position.and_then(|p| p.due)),
            said(position, |p| p.conclusion.map(Conclusion::as_str)),
            said(position, |p| Some(&p.decided_by)),
            date(position.and_then(|p| p.decided_on)),
            said(position, |p| Some(&p.comment)),
            a.view.machine_view.as_str().to_owned(),
            format!("{:.2}", a.view.evidence_probability),
            a.pending.to_string(),
            best.map(|p| p.document.clone()).unwrap_or_default(),
            best.map(|p| p.locator.to_string()).unwrap_or_default(),
            best.map(|p| text::cut(&p.quote, 2_000, text::CUT_PROPOSAL).into_owned())
                .unwrap_or_default(),
            best.map(|p| format!("{:.2}", p.confidence)).unwrap_or_default(),
            nearest_miss(view.words, row),
            if view.nothing_reviewed() { &state } else { row.state.label() }.to_owned(),
            basis.clone(),
            as_of.clone(),
            view.ledger_head().to_owned(),
        ])?;
    }
    csv.finish()
}

/// A field of a position, or nothing.
pub(super) fn said(
    position: Option<&Position>,
    field: impl Fn(&Position) -> Option<&str>,
) -> String {
    position.and_then(field).unwrap_or_default().to_owned()
}

/// The points that no accepted evidence covers, with their words.
pub(super) fn missing(words: &Words, row: &Row<'_>) -> String {
    let open: Vec<&PointCoverage> = row.assessment.points.iter().filter(|p| !p.covered).collect();
    let line = |p: &PointCoverage| {
        format!("{} ({}): {}", p.point.short(), words.word(p.kind.as_str()), p.text)
    };
    let lines: Vec<String> = open.into_iter().map(line).collect();
    lines.join("\n")
}

/// The nearest miss in one cell: why, quote and place.
pub(super) fn nearest_miss(words: &Words, row: &Row<'_>) -> String {
    row.assessment.view.nearest_miss.as_ref().map_or_else(String::new, |miss| {
        let quote = text::cut(miss.quote.trim(), 600, words.text("cut-miss"));
        let place = text::source(words, &miss.document, Some(&miss.locator));
        format!("{}: “{quote}” — {place}", miss.why)
    })
}
