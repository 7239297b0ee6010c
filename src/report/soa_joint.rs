//! `soa-joint.xlsx`: the controls of both standards beside each other, by the published crosswalk.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::XlsxError;

use super::{
    joint::pairs,
    sheet::{self, Band, Book, Cell, Column, Paper, Table, put},
    soa_csv::entries,
    soa_xlsx::owed,
    text::{self, join},
    view::{State, View},
};
use crate::domain::{ISO27001, ISO42001, SoaEntry, TargetId};

const LEFT: Band = Band::Subject("ISO/IEC 27001:2022");
const RIGHT: Band = Band::Subject("ISO/IEC 42001:2023");
const COLUMNS: [Column; 15] = [
    ("Read together because", 24.0, Band::Subject("Pairing")),
    ("Control", 16.0, LEFT),
    ("Title", 28.0, LEFT),
    ("Applicability", 14.0, LEFT),
    ("Implementation status", 16.0, LEFT),
    ("Coverage by evidence", 13.0, LEFT),
    ("Owner", 14.0, LEFT),
    ("Control", 16.0, RIGHT),
    ("Title", 28.0, RIGHT),
    ("Applicability", 14.0, RIGHT),
    ("Implementation status", 16.0, RIGHT),
    ("Coverage by evidence", 13.0, RIGHT),
    ("Owner", 14.0, RIGHT),
    ("Documents accepted for both", 34.0, Band::Reviewed),
    ("Pending suggestions", 11.5, Band::Machine),
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    build(view).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>) -> Result<Book<'v>, XlsxError> {
    let all: BTreeMap<&TargetId, &SoaEntry> = [ISO27001, ISO42001]
        .into_iter()
        .flat_map(|framework| entries(view, framework))
        .map(|entry| (&entry.target, entry))
        .collect();
    let pairs = pairs(view.report.catalog, all.keys().copied());
    let paired = pairs.iter().filter(|p| p.iso27001.is_some() && p.iso42001.is_some()).count();
    let mut rows = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let left = pair.iso27001.as_ref().and_then(|id| all.get(id).copied());
        let right = pair.iso42001.as_ref().and_then(|id| all.get(id).copied());
        let mut cells = vec![pair.basis.into()];
        cells.extend(side(left));
        cells.extend(side(right));
        let shared: BTreeSet<&str> =
            documents(left).intersection(&documents(right)).copied().collect();
        cells.push(join(shared.into_iter(), "\n").into());
        let pending = [left, right].into_iter().flatten().map(|e| e.pending as usize).sum();
        cells.push(Cell::Count(pending));
        rows.push(cells);
    }

    let mut book = Book::new(view, "Statements of Applicability beside each other (draft)")?;
    let sheet = book.sheet("Cover", Paper::A4)?;
    sheet.set_column_width(0, 38)?;
    sheet.set_column_width(1, 62)?;
    put(sheet, 0, 0, "Both Statements of Applicability", &sheet::title())?;
    sheet.set_row_height(0, 30)?;
    put(sheet, 1, 0, "Status: DRAFT – not approved", &sheet::warning())?;
    let explained = "Each standard has its own Statement of Applicability; this is a reading aid. \
         Controls stand beside each other where a published crosswalk pairs them. A pairing shows \
         kinship, not that evidence for one serves the other. A control may stand in several rows.";
    let mut row = sheet::face(sheet, 3, 1, 100.0, view, &[explained])?;
    row += 1;
    let mut facts = view.particulars();
    facts.insert(1, ("Scope ISO27001", view.scope(ISO27001)));
    facts.insert(2, ("Scope ISO42001", view.scope(ISO42001)));
    facts.push(("Controls", all.len().to_string()));
    facts.push(("Rows with a published pairing", paired.to_string()));
    for (label, value) in facts {
        sheet::fact(sheet, row, label, &value, 62.0)?;
        row += 1;
    }
    let title = "Controls of both standards – DRAFT".to_owned();
    book.table(&Table { sheet: "Controls", title, columns: &COLUMNS, rows, frozen: 0 })?;
    Ok(book)
}

fn side(entry: Option<&SoaEntry>) -> Vec<Cell> {
    let Some(entry) = entry else { return (0..6).map(|_| "".into()).collect() };
    vec![
        entry.target.as_str().into(),
        entry.title.as_str().into(),
        owed(text::applicability(entry)),
        owed(text::implementation(entry)),
        Cell::State(State::of(entry.coverage, &entry.coverage_reasons)),
        entry.owner.as_str().into(),
    ]
}

fn documents(entry: Option<&SoaEntry>) -> BTreeSet<&str> {
    entry.into_iter().flat_map(|e| &e.evidence).map(|e| e.document.as_str()).collect()
}
