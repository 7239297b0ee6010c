//! `soa-*.xlsx`: a cover that counts what people still owe, and one row a control.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{
    evidence_sheet::{self, Anchors, Piece},
    sheet::{self, Band, Book, Cell, Column, Paper, Table, put},
    soa_csv::{entries, shared_with, systems},
    text::{self, join},
    view::{State, View},
};
use crate::domain::{Applicability, CoverageReason, Date, Evidence, SoaEntry};

const CONTROL: Band = Band::Subject("Control");
const PERSON: Band = Band::Subject("Stated by people");
const COLUMNS: [Column; 24] = [
    ("Control", 15.0, CONTROL),
    ("Title", 23.0, CONTROL),
    ("Theme", 13.0, CONTROL),
    ("Applicability", 12.0, PERSON),
    ("Provided by", 12.0, PERSON),
    ("Reasons", 11.0, PERSON),
    ("Justification", 28.0, PERSON),
    ("Risks", 9.0, PERSON),
    ("Implementation status", 14.5, PERSON),
    ("How implemented", 30.0, Band::Reviewed),
    ("Evidence: document, place, date", 32.0, Band::Reviewed),
    ("Quotes", 9.0, Band::Reviewed),
    ("Coverage by evidence", 11.5, Band::Reviewed),
    ("Why", 15.0, Band::Reviewed),
    ("Pending suggestions", 10.5, Band::Machine),
    ("Owner", 12.0, Band::Subject("Work")),
    ("Due", 10.5, Band::Subject("Work")),
    ("Shared with", 16.0, Band::Subject("Reach")),
    ("Level", 12.0, Band::Subject("Reach")),
    ("Systems", 16.0, Band::Subject("Reach")),
    ("Decided by", 12.0, Band::Subject("Record")),
    ("Decided on", 10.5, Band::Subject("Record")),
    ("Remarks", 20.0, Band::Subject("Record")),
    ("Planned for", 10.5, Band::Subject("Record")),
];

pub(super) fn render(view: &View<'_>, framework: &str) -> Result<Vec<u8>, String> {
    build(view, framework).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>, framework: &str) -> Result<Book<'v>, XlsxError> {
    let entries = entries(view, framework);
    let name = view.report.catalog.framework_name(framework);
    let mut book = Book::new(view, &format!("Statement of Applicability {name} (draft)"))?;
    cover(book.sheet("Cover", Paper::A4)?, view, framework, name, &entries)?;
    let pieces: Vec<Piece<'_>> = entries
        .iter()
        .flat_map(|entry| {
            entry.evidence.iter().map(|evidence| Piece {
                target: &entry.target,
                title: &entry.title,
                system: None,
                evidence,
            })
        })
        .collect();
    let anchors = evidence_sheet::anchors(&pieces);
    let rows = entries.iter().map(|entry| row(entry, &anchors)).collect();
    let title = format!("{name}: Statement of Applicability – DRAFT");
    book.table(&Table { sheet: "Controls", title, columns: &COLUMNS, rows, frozen: 2 })?;
    book.table(&evidence_sheet::table(&pieces))?;
    Ok(book)
}

fn row(entry: &SoaEntry, anchors: &Anchors<'_>) -> Vec<Cell> {
    let provider = [entry.provided_by.as_str(), entry.provider.as_str()];
    vec![
        entry.target.as_str().into(),
        entry.title.as_str().into(),
        entry.theme.as_str().into(),
        owed(text::applicability(entry)),
        join(provider.into_iter().filter(|part| !part.is_empty()), ": ").into(),
        entry.reasons.as_str().into(),
        owed(text::justification(entry)),
        entry.risk_ids.join("; ").into(),
        owed(text::implementation(entry)),
        entry.how_implemented.as_str().into(),
        list(&entry.evidence).into(),
        evidence_sheet::link(anchors, (&entry.target, None), entry.evidence.len()),
        Cell::State(State::of(entry.coverage, &entry.coverage_reasons)),
        join(entry.coverage_reasons.iter().map(CoverageReason::as_str), "; ").into(),
        Cell::Count(entry.pending as usize),
        entry.owner.as_str().into(),
        Cell::Day(entry.due),
        shared_with(entry).into(),
        entry.level.as_str().into(),
        systems(entry).into(),
        entry.decided_by.as_str().into(),
        Cell::Day(entry.decided_on),
        entry.remarks.as_str().into(),
        Cell::Day(entry.planned_for),
    ]
}

/// A cell that stands out where a person still owes the answer.
pub(super) fn owed(text: &str) -> Cell {
    match text {
        "NOT DECIDED" | "OPEN" => Cell::Owed(text.to_owned()),
        _ => text.into(),
    }
}

/// Where the evidence is, one line a piece.
fn list(evidence: &[Evidence]) -> String {
    let line = |e: &Evidence| {
        let date = e.date.map_or_else(|| "undated".to_owned(), |date: Date| date.to_string());
        let mut line = format!("{}, {date}", text::source(&e.document, e.locator.as_ref()));
        let caveats = text::caveats(e);
        if !caveats.is_empty() {
            line.push_str(&format!(" ({})", caveats.join("; ")));
        }
        line
    };
    evidence.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What the cover counts.
fn counts(entries: &[&SoaEntry]) -> Vec<(String, usize, bool)> {
    let count = |wanted: &dyn Fn(&SoaEntry) -> bool| entries.iter().filter(|e| wanted(e)).count();
    let applicable = |a| count(&|e: &SoaEntry| e.applicability == Some(a));
    let mut lines = vec![
        ("Controls".to_owned(), entries.len(), false),
        ("Applicable".to_owned(), applicable(Applicability::Applicable), false),
        ("Not applicable".to_owned(), applicable(Applicability::NotApplicable), false),
        (
            "Applicability NOT DECIDED".to_owned(),
            count(&|e| text::applicability(e) == "NOT DECIDED"),
            true,
        ),
        ("Justification OPEN".to_owned(), count(&|e| text::justification(e) == "OPEN"), true),
        (
            "Implementation status NOT DECIDED".to_owned(),
            count(&|e| text::implementation(e) == "NOT DECIDED"),
            true,
        ),
    ];
    for state in State::ALL {
        let number = count(&|e| State::of(e.coverage, &e.coverage_reasons) == state);
        lines.push((format!("Coverage {}", state.label()), number, false));
    }
    lines.push((
        "Suggestions pending (machine proposals)".to_owned(),
        entries.iter().map(|e| e.pending as usize).sum(),
        false,
    ));
    lines
}

fn cover(
    sheet: &mut Worksheet,
    view: &View<'_>,
    framework: &str,
    name: &str,
    entries: &[&SoaEntry],
) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 38)?;
    sheet.set_column_width(1, 62)?;
    put(sheet, 0, 0, "Statement of Applicability", &sheet::title())?;
    sheet.set_row_height(0, 30)?;
    put(sheet, 1, 0, name, &sheet::heading())?;
    put(sheet, 2, 0, "Status: DRAFT – not approved", &sheet::warning())?;
    let mut row = sheet::face(sheet, 4, 1, 100.0, view, &[])?;
    row += 1;
    let mut facts: Vec<(&str, String)> = view.particulars();
    facts.insert(1, ("Scope of this standard", view.scope(framework)));
    for (label, value) in facts {
        sheet::fact(sheet, row, label, &value, 62.0)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, "State of this draft")?;
    row += 1;
    for (label, number, debt) in counts(entries) {
        let format = sheet::value();
        let format = if debt && number > 0 { format.set_bold() } else { format };
        put(sheet, row, 0, &label, &sheet::label())?;
        Cell::Count(number).write(sheet, row, 1, &format)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, "Approval")?;
    row += 1;
    for label in ["Prepared by", "Approved by", "Role", "Date", "Version", "Signature"] {
        put(sheet, row, 0, label, &sheet::label())?;
        put(sheet, row, 1, "", &sheet::value())?;
        sheet.set_row_height(row, 22)?;
        row += 1;
    }
    Ok(())
}
