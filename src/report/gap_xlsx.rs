//! `gap-analysis.xlsx`: summary, one sheet a standard, the joint sheet, actions, evidence.

use std::collections::BTreeSet;

use rust_xlsxwriter::XlsxError;

use super::{
    evidence_sheet::{self, Anchors, Piece},
    gap_csv::{missing, nearest_miss, said},
    gap_xlsx_summary,
    joint::pairs,
    sheet::{Band, Book, Cell, Column, Table},
    text::{self, join},
    view::{Row, Standard, View, actions, latest},
};
use crate::domain::{ActionStatus, Conclusion, Evidence, TargetId};

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
    book.table(&joint(view))?;
    book.table(&to_do(view))?;
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

const LEFT: Band = Band::Subject("ISO/IEC 27001:2022");
const RIGHT: Band = Band::Subject("ISO/IEC 42001:2023");
const JOINT: [Column; 14] = [
    ("Read together because", 24.0, Band::Subject("Pairing")),
    ("Target", 16.0, LEFT),
    ("Title", 30.0, LEFT),
    ("Coverage", 16.0, LEFT),
    ("Why", 22.0, LEFT),
    ("Evidence", 9.0, LEFT),
    ("Target", 16.0, RIGHT),
    ("Title", 30.0, RIGHT),
    ("Coverage", 16.0, RIGHT),
    ("Why", 22.0, RIGHT),
    ("Evidence", 9.0, RIGHT),
    ("Documents accepted for both", 34.0, Band::Reviewed),
    ("Machine view 27001", 16.0, Band::Machine),
    ("Machine view 42001", 16.0, Band::Machine),
];

fn joint<'a>(view: &View<'_>) -> Table<'a> {
    let targets = view.rows.iter().map(|row| &row.assessment.target);
    let rows = pairs(view.report.catalog, targets)
        .into_iter()
        .map(|pair| {
            let left = pair.iso27001.as_ref().map_or(&[][..], |id| view.rows_for(id));
            let right = pair.iso42001.as_ref().map_or(&[][..], |id| view.rows_for(id));
            let mut cells = vec![pair.basis.into()];
            cells.extend(side(left));
            cells.extend(side(right));
            let shared: BTreeSet<&str> =
                documents(left).intersection(&documents(right)).copied().collect();
            cells.push(join(shared.into_iter(), "\n").into());
            cells.push(machine(left).into());
            cells.push(machine(right).into());
            cells
        })
        .collect();
    Table {
        sheet: "Joint",
        title: "Both standards beside each other".to_owned(),
        columns: &JOINT,
        rows,
        frozen: 0,
    }
}

/// One target. With several systems each is named, none is averaged.
fn side(rows: &[Row<'_>]) -> Vec<Cell> {
    let Some(first) = rows.first() else {
        return (0..5).map(|_| "".into()).collect();
    };
    let coverage = if rows.iter().all(|row| row.state == first.state) {
        Cell::State(first.state)
    } else {
        per_system(rows, |row| row.state.label().to_owned()).into()
    };
    let reasons: BTreeSet<String> =
        rows.iter().map(Row::reasons).filter(|r| !r.is_empty()).collect();
    vec![
        first.assessment.target.as_str().into(),
        first.assessment.title.as_str().into(),
        coverage,
        join(reasons.iter().map(String::as_str), "\n").into(),
        Cell::Count(rows.iter().map(|row| row.assessment.evidence.len()).sum()),
    ]
}

fn per_system(rows: &[Row<'_>], word: impl Fn(&Row<'_>) -> String) -> String {
    let line = |row: &Row<'_>| {
        let system = row.assessment.system.as_deref().unwrap_or("organisation");
        format!("{system}: {}", word(row))
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn machine(rows: &[Row<'_>]) -> String {
    match rows {
        [] => String::new(),
        [row] => row.assessment.view.machine_view.as_str().to_owned(),
        rows => per_system(rows, |row| row.assessment.view.machine_view.as_str().to_owned()),
    }
}

fn documents<'r>(rows: &'r [Row<'_>]) -> BTreeSet<&'r str> {
    rows.iter().flat_map(|row| &row.assessment.evidence).map(|e| e.document.as_str()).collect()
}

const WORK: Band = Band::Subject("What to do");
const ACTIONS: [Column; 9] = [
    ("Priority", 9.0, WORK),
    ("Action", 15.0, WORK),
    ("Targets", 22.0, WORK),
    ("System", 14.0, WORK),
    ("What", 80.0, WORK),
    ("Owner", 20.0, WORK),
    ("Due", 12.0, WORK),
    ("Status", 13.0, WORK),
    ("Id", 15.0, WORK),
];

fn to_do<'a>(view: &View<'_>) -> Table<'a> {
    let rows = actions(view.report)
        .into_iter()
        .map(|action| {
            vec![
                Cell::Count(action.priority as usize),
                action.kind.as_str().into(),
                join(action.targets.iter().map(TargetId::as_str), "\n").into(),
                action.system.as_deref().unwrap_or_default().into(),
                action.text.as_str().into(),
                action.owner.as_str().into(),
                Cell::Day(action.due),
                action_status(action.status).into(),
                action.id.as_str().into(),
            ]
        })
        .collect();
    let title = "Actions, most pressing first".to_owned();
    Table { sheet: "Actions", title, columns: &ACTIONS, rows, frozen: 0 }
}

pub(super) fn action_status(status: ActionStatus) -> &'static str {
    match status {
        ActionStatus::Open => "open",
        ActionStatus::InProgress => "in progress",
        ActionStatus::Done => "done",
    }
}
