//! The first sheet of `gap-analysis.xlsx`.

use rust_xlsxwriter::{FormatAlign, Worksheet, XlsxError};

use super::{
    sheet::{self, Band, Book, Cell, Paper, put},
    view::{MACHINE_VIEWS, State, Tally, View},
};
use crate::words::Words;

/// Last of the columns that texts are merged over.
const LAST: u16 = 11;

/// Heading and width of the columns of counts, with what they stand on.
const COUNTS: [(&str, f64, Band); 12] = [
    ("col-clause-or-theme", 38.0, ROWS),
    ("col-rows", 8.0, ROWS),
    ("word-full", 8.0, Band::Reviewed),
    ("word-partial", 8.0, Band::Reviewed),
    ("word-none", 8.0, Band::Reviewed),
    ("word-asserted", 9.0, Band::Reviewed),
    ("word-not-applicable", 10.5, Band::Reviewed),
    ("word-not-reviewed", 9.5, Band::Reviewed),
    ("word-likely-evidence", 9.5, Band::Machine),
    ("word-unsure", 8.5, Band::Machine),
    ("word-likely-gap", 8.5, Band::Machine),
    ("col-pending-proposals", 10.5, Band::Machine),
];
const ROWS: Band = Band::Subject("band-targets");

pub(super) fn add(book: &mut Book<'_>, view: &View<'_>) -> Result<(), XlsxError> {
    let sheet = book.sheet("sheet-summary", Paper::A4)?;
    sheet.set_landscape();
    if view.standards.len() <= 2 {
        // Some lines of the legend would stand on a page of their own.
        sheet.set_print_fit_to_pages(1, 2);
    }
    for (column, (_, width, _)) in (0_u16..).zip(COUNTS) {
        sheet.set_column_width(column, width)?;
    }
    let w = view.words;
    put(sheet, 0, 0, w.text("gap-analysis"), &sheet::title())?;
    sheet.set_row_height(0, 30)?;
    let standards: Vec<&str> = view.standards.iter().map(|s| s.name.as_str()).collect();
    put(sheet, 1, 0, &standards.join(&format!(" {} ", w.text("and"))), &sheet::note())?;
    let mut row = sheet::face(sheet, 3, LAST, 130.0, view, &[])?;
    row = particulars(sheet, row + 1, view)?;
    for standard in &view.standards {
        row += 1;
        let title = format!("{} – {}", standard.name, standard.share.sentence(w));
        sheet::section(sheet, row, &title)?;
        row = headings(w, sheet, row + 1)?;
        for group in &standard.groups {
            counts(w, sheet, row, &group.theme, &group.tally, false)?;
            row += 1;
        }
        counts(w, sheet, row, w.text("all-rows"), &standard.tally, true)?;
        row += 1;
    }
    row = reuse(sheet, row + 1, view)?;
    row = documents(sheet, row + 1, view)?;
    legend(w, sheet, row + 1)
}

fn particulars(sheet: &mut Worksheet, mut row: u32, view: &View<'_>) -> Result<u32, XlsxError> {
    let w = view.words;
    let mut lines: Vec<(String, String)> =
        view.particulars().into_iter().map(|(l, v)| (l.to_owned(), v)).collect();
    for standard in &view.standards {
        let label = w.with("scope-of", &[("name", (&standard.id).into())]);
        lines.push((label, view.scope(&standard.id)));
    }
    let systems = view.systems();
    let systems =
        if systems.is_empty() { w.text("none-declared").to_owned() } else { systems.join("\n") };
    lines.push((w.text("fact-systems").to_owned(), systems));
    for (label, value) in lines {
        sheet.merge_range(row, 1, row, LAST, "", &sheet::value())?;
        sheet::fact(sheet, row, &label, &value, 98.0)?;
        row += 1;
    }
    Ok(row)
}

fn headings(w: &Words, sheet: &mut Worksheet, row: u32) -> Result<u32, XlsxError> {
    for (first, last, band, title) in [
        (0, 1, ROWS, ""),
        (2, 7, Band::Reviewed, "band-reviewed-coverage"),
        (8, LAST, Band::Machine, "band-machine"),
    ] {
        sheet.merge_range(row, first, row, last, w.text(title), &sheet::band_heading(band))?;
    }
    for (column, (title, _, band)) in (0_u16..).zip(COUNTS) {
        let format = sheet::column_heading(band);
        let format = if column > 0 { format.set_align(FormatAlign::Right) } else { format };
        put(sheet, row + 1, column, w.text(title), &format)?;
    }
    sheet.set_row_height(row + 1, 27)?;
    Ok(row + 2)
}

fn counts(
    w: &Words,
    sheet: &mut Worksheet,
    row: u32,
    name: &str,
    tally: &Tally,
    total: bool,
) -> Result<(), XlsxError> {
    let weight = |format: rust_xlsxwriter::Format| if total { format.set_bold() } else { format };
    let plain = weight(sheet::body(ROWS)).set_align(FormatAlign::Left);
    let number = plain.clone().set_align(FormatAlign::Right);
    let machine = weight(sheet::body(Band::Machine)).set_align(FormatAlign::Right);
    put(sheet, row, 0, name, &plain)?;
    Cell::Count(tally.rows).write(w, sheet, row, 1, &number)?;
    for (column, state) in (2..).zip(State::ALL) {
        let count = tally.state(state);
        // A colour only where there is something to see.
        let format = if count > 0 { sheet::coloured(state) } else { number.clone() };
        Cell::Count(count).write(w, sheet, row, column, &weight(format))?;
    }
    for (column, view) in (8..).zip(MACHINE_VIEWS) {
        Cell::Count(tally.machine(view)).write(w, sheet, row, column, &machine)?;
    }
    Cell::Count(tally.pending).write(w, sheet, row, LAST, &machine)
}

fn reuse(sheet: &mut Worksheet, mut row: u32, view: &View<'_>) -> Result<u32, XlsxError> {
    let (report, rate) = (view.report, &view.report.reuse);
    let overdue = report.actions.iter().filter(|a| a.is_overdue(report.as_of)).count();
    let name = |id: &str| view.report.catalog.framework_name(id).to_owned();
    let w = view.words;
    sheet::section(sheet, row, w.text("shared-work"))?;
    row += 1;
    let (to, from) = (name(&rate.to), name(&rate.from));
    let named = |id: &str| w.with(id, &[("to", (&to).into()), ("from", (&from).into())]);
    for (label, count) in [
        (named("reuse-strong"), rate.strong as usize),
        (named("reuse-weak"), rate.weak as usize),
        (named("reuse-with-evidence"), rate.with_evidence as usize),
        (format!("  {}", w.text("reuse-carried-over")), rate.carried_over as usize),
        (format!("  {}", w.text("reuse-both-ends")), rate.both_ends as usize),
        (w.text("actions-overdue").to_owned(), overdue),
    ] {
        put(sheet, row, 0, &label, &sheet::value())?;
        sheet.set_row_height(row, sheet::height(sheet::lines_of(&label, 38.0)))?;
        Cell::Count(count).write(w, sheet, row, 1, &sheet::value())?;
        row += 1;
    }
    let of = w.with("reuse-of", &[("n", (rate.targets as usize).into())]);
    sheet.merge_range(row, 0, row, LAST, "", &sheet::note())?;
    put(sheet, row, 0, &of, &sheet::note())?;
    Ok(row + 1)
}

fn documents(sheet: &mut Worksheet, mut row: u32, view: &View<'_>) -> Result<u32, XlsxError> {
    let w = view.words;
    sheet::section(sheet, row, w.text("what-was-read"))?;
    row += 1;
    for (label, count) in view.reading() {
        put(sheet, row, 0, &label, &sheet::label())?;
        Cell::Count(count).write(w, sheet, row, 1, &sheet::value())?;
        row += 1;
    }
    Ok(row)
}

fn legend(w: &Words, sheet: &mut Worksheet, mut row: u32) -> Result<(), XlsxError> {
    sheet::section(sheet, row, w.text("what-words-mean"))?;
    row += 1;
    let machine = sheet::body(Band::Machine);
    let mut line = |word: &str, meaning: &str, format| -> Result<(), XlsxError> {
        put(sheet, row, 0, word, &format)?;
        sheet.merge_range(row, 1, row, LAST, "", &sheet::value())?;
        put(sheet, row, 1, meaning, &sheet::value())?;
        row += 1;
        Ok(())
    };
    for state in State::ALL {
        line(state.said(w), state.meaning(w), sheet::coloured(state))?;
    }
    for view in MACHINE_VIEWS {
        line(w.word(view.as_str()), super::text::machine_meaning(w, view), machine.clone())?;
    }
    line(w.text("col-pending"), w.text("meaning-pending"), machine)
}
