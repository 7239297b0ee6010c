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
use crate::domain::{Conclusion, Evidence};

/// Evidence that a row shows in full view; the rest is on the sheet of evidence.
const SHOWN: usize = 3;
const QUOTE: usize = 260;
const SEE_SHEET: &str = "… [cut, see sheet Evidence]";

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    build(view).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>) -> Result<Book<'v>, XlsxError> {
    let mut book = Book::new(view, "Gap analysis")?;
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

const TARGET: Band = Band::Subject("Target");
const BY_TARGET: [Column; 23] = [
    ("Target", 15.0, TARGET),
    ("Title", 23.0, TARGET),
    ("Clause or theme", 13.0, TARGET),
    ("Level", 11.5, TARGET),
    ("System", 11.0, TARGET),
    ("Coverage", 11.0, Band::Reviewed),
    ("Why", 20.0, Band::Reviewed),
    ("Points covered", 8.5, Band::Reviewed),
    ("Points without accepted evidence", 38.0, Band::Reviewed),
    ("Evidence", 9.0, Band::Reviewed),
    ("Accepted evidence: quote, document, place", 44.0, Band::Reviewed),
    ("Latest evidence", 10.5, Band::Reviewed),
    ("Conclusion", 13.0, Band::Reviewed),
    ("Owner", 12.0, Band::Reviewed),
    ("Due", 10.5, Band::Reviewed),
    ("Decided by", 12.0, Band::Reviewed),
    ("Decided on", 10.5, Band::Reviewed),
    ("Machine view", 12.0, Band::Machine),
    ("Evidence probability", 10.5, Band::Machine),
    ("Pending", 8.5, Band::Machine),
    ("Best open proposal: quote, document, place", 36.0, Band::Machine),
    ("Confidence", 10.5, Band::Machine),
    ("Nearest miss", 30.0, Band::Machine),
];

fn by_target<'a>(view: &View<'a>, standard: &'a Standard, anchors: &Anchors<'_>) -> Table<'a> {
    let rows = view.rows_of(&standard.id).map(|row| target_row(row, anchors)).collect();
    let title = format!("{}: gap analysis by target", standard.name);
    Table { sheet: &standard.id, title, columns: &BY_TARGET, rows, frozen: 2 }
}

fn target_row(row: &Row<'_>, anchors: &Anchors<'_>) -> Vec<Cell> {
    let a = row.assessment;
    let position = a.position.as_ref();
    let (covered, points) = row.points();
    let count = evidence_sheet::link(anchors, (&a.target, a.system.as_deref()), a.evidence.len());
    let best = row.open.first();
    vec![
        a.target.as_str().into(),
        a.title.as_str().into(),
        a.theme.as_str().into(),
        a.level.as_str().into(),
        a.system.as_deref().unwrap_or_default().into(),
        Cell::State(row.state),
        why(row).into(),
        format!("{covered} of {points}").into(),
        missing(row).into(),
        count,
        some_evidence(&a.evidence).into(),
        Cell::Day(latest(&a.evidence)),
        said(position, |p| p.conclusion.map(Conclusion::as_str)).into(),
        said(position, |p| Some(&p.owner)).into(),
        Cell::Day(position.and_then(|p| p.due)),
        said(position, |p| Some(&p.decided_by)).into(),
        Cell::Day(position.and_then(|p| p.decided_on)),
        a.view.machine_view.as_str().into(),
        Cell::Probability(a.view.evidence_probability),
        Cell::Count(a.pending as usize),
        best.map(|p| {
            quoted(&p.quote, text::CUT_PROPOSAL, text::source(&p.document, Some(&p.locator)))
        })
        .unwrap_or_default()
        .into(),
        best.map_or_else(|| "".into(), |p| Cell::Probability(p.confidence)),
        nearest_miss(row).into(),
    ]
}

/// The reasons and the note that belongs to them.
fn why(row: &Row<'_>) -> String {
    let parts = [row.reasons(), row.assessment.coverage_note.clone()];
    join(parts.iter().map(String::as_str).filter(|part| !part.is_empty()), "\n")
}

fn quoted(quote: &str, note: &str, source: String) -> String {
    format!("“{}”\n{source}", text::cut(quote.trim(), QUOTE, note))
}

fn some_evidence(evidence: &[Evidence]) -> String {
    let mut items: Vec<String> = evidence
        .iter()
        .take(SHOWN)
        .map(|e| {
            let mut item =
                quoted(&e.quote, SEE_SHEET, text::source(&e.document, e.locator.as_ref()));
            let caveats = text::caveats(e);
            if !caveats.is_empty() {
                item.push_str(&format!(" ({})", caveats.join("; ")));
            }
            item
        })
        .collect();
    if evidence.len() > SHOWN {
        items.push(format!("+ {} more on sheet {}", evidence.len() - SHOWN, evidence_sheet::NAME));
    }
    items.join("\n")
}
