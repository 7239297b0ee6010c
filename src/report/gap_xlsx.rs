//! `gap-analysis.xlsx`: summary, one sheet a standard, the joint sheet, actions, readiness, evidence.

use rust_xlsxwriter::XlsxError;

use super::{
    actions_sheet,
    evidence_sheet::{self, Anchors, Piece},
    gap_csv::{missing, nearest_miss, said},
    gap_xlsx_summary, joint_sheet, readiness_sheet,
    sheet::{Band, Book, Cell, Column, Table},
    text::{self, join},
    view::{Row, Standard, View, latest},
};
use crate::{
    domain::{Conclusion, Evidence},
    words::Words,
};

/// Evidence that a row shows in full view; the rest is on the sheet of evidence.
const SHOWN: usize = 3;
const QUOTE: usize = 260;

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    build(view).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>) -> Result<Book<'v>, XlsxError> {
    let mut book = Book::new(view, view.words.text("gap-analysis"))?;
    gap_xlsx_summary::add(&mut book, view)?;
    let pieces: Vec<Piece<'_>> = view
        .evidence()
        .map(|(row, evidence)| Piece {
            target: &row.assessment.target,
            title: &row.assessment.title,
            system: row.assessment.system.as_deref(),
            evidence,
        })
        .collect();
    let anchors = evidence_sheet::anchors(&pieces);
    for standard in &view.standards {
        book.table(&by_target(view, standard, &anchors))?;
    }
    book.table(&joint_sheet::table(view))?;
    book.table(&actions_sheet::table(view))?;
    book.table(&readiness_sheet::table(view))?;
    book.table(&evidence_sheet::table(view, &pieces))?;
    Ok(book)
}

const TARGET: Band = Band::Subject("band-target");
const BY_TARGET: [Column; 23] = [
    ("col-target", 15.0, TARGET),
    ("col-title", 23.0, TARGET),
    ("col-clause-or-theme", 13.0, TARGET),
    ("col-level", 11.5, TARGET),
    ("col-system", 11.0, TARGET),
    ("col-coverage", 11.0, Band::Reviewed),
    ("col-why", 20.0, Band::Reviewed),
    ("col-points-covered", 8.5, Band::Reviewed),
    ("col-points-without-accepted-evidence", 38.0, Band::Reviewed),
    ("col-evidence", 9.0, Band::Reviewed),
    ("col-accepted-evidence-quote-document-place", 44.0, Band::Reviewed),
    ("col-latest-evidence", 10.5, Band::Reviewed),
    ("col-conclusion", 13.0, Band::Reviewed),
    ("col-owner", 12.0, Band::Reviewed),
    ("col-due", 10.5, Band::Reviewed),
    ("col-decided-by", 12.0, Band::Reviewed),
    ("col-decided-on", 10.5, Band::Reviewed),
    ("col-machine-view", 12.0, Band::Machine),
    ("col-evidence-probability", 10.5, Band::Machine),
    ("col-pending-count", 8.5, Band::Machine),
    ("col-best-open-proposal-quote-document-place", 36.0, Band::Machine),
    ("col-confidence", 10.5, Band::Machine),
    ("col-nearest-miss", 30.0, Band::Machine),
];

fn by_target<'a>(view: &View<'a>, standard: &'a Standard, anchors: &Anchors<'_>) -> Table<'a> {
    let rows = view.rows_of(&standard.id).map(|row| target_row(view.words, row, anchors)).collect();
    let title = view.words.with("gap-by-target", &[("name", (&standard.name).into())]);
    Table { sheet: &standard.id, title, columns: &BY_TARGET, rows, frozen: 2 }
}

fn target_row(w: &Words, row: &Row<'_>, anchors: &Anchors<'_>) -> Vec<Cell> {
    let a = row.assessment;
    let position = a.position.as_ref();
    let (covered, points) = row.points();
    let count =
        evidence_sheet::link(w, anchors, (&a.target, a.system.as_deref()), a.evidence.len());
    let best = row.open.first();
    vec![
        a.target.as_str().into(),
        a.title.as_str().into(),
        a.theme.as_str().into(),
        w.word(a.level.as_str()).into(),
        a.system.as_deref().unwrap_or_default().into(),
        Cell::State(row.state),
        why(w, row).into(),
        w.with("n-of-all", &[("n", covered.into()), ("all", points.into())]).into(),
        missing(w, row).into(),
        count,
        some_evidence(w, &a.evidence).into(),
        Cell::Day(latest(&a.evidence)),
        w.word(&said(position, |p| p.conclusion.map(Conclusion::as_str))).into(),
        said(position, |p| Some(&p.owner)).into(),
        Cell::Day(position.and_then(|p| p.due)),
        said(position, |p| Some(&p.decided_by)).into(),
        Cell::Day(position.and_then(|p| p.decided_on)),
        w.word(a.view.machine_view.as_str()).into(),
        Cell::Probability(a.view.evidence_probability),
        Cell::Count(a.pending as usize),
        best.map(|p| {
            let place = text::source(w, &p.document, Some(&p.locator));
            quoted(&p.quote, w.text("cut-proposal"), place)
        })
        .unwrap_or_default()
        .into(),
        best.map_or_else(|| "".into(), |p| Cell::Probability(p.confidence)),
        nearest_miss(w, row).into(),
    ]
}

/// The reasons and the note that belongs to them.
fn why(w: &Words, row: &Row<'_>) -> String {
    let parts = [row.reasons(w), row.assessment.coverage_note.clone()];
    join(parts.iter().map(String::as_str).filter(|part| !part.is_empty()), "\n")
}

fn quoted(quote: &str, note: &str, source: String) -> String {
    format!("“{}”\n{source}", text::cut(quote.trim(), QUOTE, note))
}

fn some_evidence(w: &Words, evidence: &[Evidence]) -> String {
    let mut items: Vec<String> = evidence
        .iter()
        .take(SHOWN)
        .map(|e| {
            let mut item = quoted(
                &e.quote,
                w.text("cut-sheet"),
                text::source(w, &e.document, e.locator.as_ref()),
            );
            let caveats = text::caveats(w, e);
            if !caveats.is_empty() {
                item.push_str(&format!(" ({})", caveats.join("; ")));
            }
            item
        })
        .collect();
    if evidence.len() > SHOWN {
        items.push(w.with("more-on-sheet", &[("n", (evidence.len() - SHOWN).into())]));
    }
    items.join("\n")
}
