//! Spreadsheets: xlsx, xlsm, xlsb, xls through calamine; ods by our own reader.

mod extras;
mod hidden;
mod rows;
mod value;

#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{
    Reader as _, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

pub(super) use self::{
    rows::{Hidden, Rows, cell_name},
    value::iso,
};
use super::{
    flow::Blocks,
    ole,
    package::{PASSWORD_HELP, Package},
    properties,
    xml::{Node, Nodes, attr},
};
use crate::{
    diag::Diagnostic,
    domain::Locator,
    extract::{Content, Input, ReadError, Reader},
};

/// More shared strings than this are not believed.
const MAX_STRINGS: u64 = 16 << 20;

/// Reads xlsx, xlsm, xlsb, xls and ods, told apart by content.
///
/// One block a row with its filled cells joined by a blank, placed by sheet and cell range; the
/// sheet's name is the heading. Formulas give their last result, dates are ISO dates. Comments and
/// text boxes follow the rows of their sheet (not for xlsb and xls). Hidden sheets, rows and columns
/// are read as well and marked.
#[derive(Debug, Clone, Copy)]
pub struct Sheets;

impl Reader for Sheets {
    fn name(&self) -> &'static str {
        "sheets"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        if ole::is_compound(input.bytes) {
            let compound = ole::open(input.bytes)?;
            if ole::is_encrypted_package(&compound) {
                return Err(encrypted());
            }
            return guarded(|| xls(&input));
        }
        let mut package = Package::open(&input)?;
        if package.has("content.xml") {
            return super::odf::sheets(&mut package, &input);
        }
        // calamine has no bound of its own; what a false size claims is left to the worker's.
        if package.declared_bytes() > input.limits.unpacked_bytes {
            return Err(ReadError::Failed(format!(
                "unpacks to more than {} MiB: the limit is `unpacked_bytes`",
                input.limits.unpacked_bytes >> 20
            )));
        }
        guarded(|| {
            if package.has("xl/workbook.bin") {
                xlsb(&mut package, &input)
            } else {
                xlsx(&mut package, &input)
            }
        })
    }
}

/// Runs a reader on top of calamine, which panics on some damaged xls and xlsb files. Nothing that
/// it was working on is used afterwards.
fn guarded(read: impl FnOnce() -> Result<Content, ReadError>) -> Result<Content, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        let why = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("the reader gave up");
        Err(damaged(&why))
    })
}

fn encrypted() -> ReadError {
    ReadError::Encrypted(PASSWORD_HELP.into())
}

fn damaged(error: &dyn std::fmt::Display) -> ReadError {
    ReadError::Failed(format!("the workbook is damaged: {error}"))
}

/// Refuses a count of shared strings that the part can not hold: calamine sets memory aside for it.
fn check_counts(package: &mut Package<'_>) -> Result<(), ReadError> {
    let names: Vec<String> =
        package.names().filter(|n| n.ends_with("sharedstrings.xml")).map(str::to_owned).collect();
    for name in names {
        let Some((head, size)) = package.head(&name) else { continue };
        let mut nodes = Nodes::new(&head);
        while let Some(node) = nodes.next() {
            let Node::Open(e) = node else { continue };
            let count = attr(&e, "uniqueCount").and_then(|v| v.parse::<u64>().ok()).unwrap_or(0);
            // The shortest string is `<si/>`.
            if count > (size / 5).min(MAX_STRINGS) {
                return Err(ReadError::Failed(format!(
                    "the workbook is damaged: {name} claims {count} strings"
                )));
            }
            break;
        }
    }
    Ok(())
}

fn xlsx(package: &mut Package<'_>, input: &Input<'_>) -> Result<Content, ReadError> {
    check_counts(package)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(input.bytes)).map_err(|e| match e {
        XlsxError::Password => encrypted(),
        e => damaged(&e),
    })?;
    let parts = extras::sheet_parts(package);
    let persons = extras::persons(package);
    let mut out = Book::new(input, book.sheets_metadata());
    for name in out.sheets.clone() {
        let hides = parts.get(&name).map(|part| hidden::of_xlsx(package, part));
        let mut rows = out.rows(&name, hides.unwrap_or_default());
        let result = match book.worksheet_cells_reader(&name) {
            Ok(mut cells) => {
                let percent: Vec<Option<usize>> = cells
                    .styles()
                    .iter()
                    .map(|s| value::percent_decimals(&s.number_format.as_ref()?.format_code))
                    .collect();
                loop {
                    match cells.next_cell_with_style_id() {
                        Ok(Some((cell, style))) => {
                            let (row, column) = cell.get_position();
                            let percent = percent.get(style).copied().flatten();
                            rows.cell(row, column, &value::shown(cell.get_value(), percent));
                        }
                        Ok(None) => break Ok(()),
                        Err(e) => break Err(e),
                    }
                    if rows.is_full() {
                        break Ok(());
                    }
                }
            }
            Err(XlsxError::NotAWorksheet(_)) => Ok(()),
            Err(e) => Err(e),
        };
        rows.end_row();
        if let Some(part) = parts.get(&name) {
            extras::add(package, part, &persons, &mut rows);
        }
        if let Err(error) = result {
            out.damage(&name, &error);
        }
    }
    out.finish(properties::read(package))
}

fn xlsb(package: &mut Package<'_>, input: &Input<'_>) -> Result<Content, ReadError> {
    let mut book: Xlsb<_> = Xlsb::new(Cursor::new(input.bytes)).map_err(|e| match e {
        XlsbError::Password => encrypted(),
        e => damaged(&e),
    })?;
    let mut out = Book::new(input, book.sheets_metadata());
    let parts = hidden::xlsb_parts(package);
    for name in out.sheets.clone() {
        let hides = parts.get(&name).map(|part| hidden::of_xlsb(package, part));
        let mut rows = out.rows(&name, hides.unwrap_or_default());
        let result = match book.worksheet_cells_reader(&name) {
            Ok(mut cells) => loop {
                match cells.next_cell() {
                    Ok(Some(cell)) => {
                        let (row, column) = cell.get_position();
                        rows.cell(row, column, &value::shown(cell.get_value(), None));
                    }
                    Ok(None) => break Ok(()),
                    Err(e) => break Err(e),
                }
                if rows.is_full() {
                    break Ok(());
                }
            },
            Err(e) => Err(e),
        };
        rows.end_row();
        if let Err(error) = result {
            out.damage(&name, &error);
        }
    }
    out.finish(properties::read(package))
}

fn xls(input: &Input<'_>) -> Result<Content, ReadError> {
    let mut book: Xls<_> = Xls::new(Cursor::new(input.bytes)).map_err(|e| match e {
        XlsError::Password => encrypted(),
        e => damaged(&e),
    })?;
    let all: Vec<String> = book.sheets_metadata().iter().map(|s| s.name.clone()).collect();
    let hides = hidden::of_xls(input.bytes);
    let mut out = Book::new(input, book.sheets_metadata());
    for name in out.sheets.clone() {
        match book.worksheet_range(&name) {
            Ok(range) => {
                let (top, left) = range.start().unwrap_or_default();
                let at = all.iter().position(|sheet| *sheet == name);
                let hides = at.and_then(|at| hides.get(at)).cloned().unwrap_or_default();
                let mut rows = out.rows(&name, hides);
                for (row, column, value) in range.used_cells() {
                    let (row, column) = (top + row as u32, left + column as u32);
                    rows.cell(row, column, &value::shown_owned(value));
                    if rows.is_full() {
                        break;
                    }
                }
                rows.end_row();
            }
            Err(error) => out.damage(&name, &error),
        }
    }
    out.finish(ole::properties(input.bytes))
}

/// A workbook as it is put together.
struct Book {
    /// Names of the sheets that can hold cells, in their order.
    sheets: Vec<String>,
    /// Those of them that are hidden.
    hidden: Vec<String>,
    /// Those of them with hidden rows or columns.
    hiding: Vec<String>,
    blocks: Blocks,
    diagnostics: Vec<Diagnostic>,
    damage: Option<String>,
}

impl Book {
    fn new(input: &Input<'_>, found: &[Sheet]) -> Self {
        let cells = |t: SheetType| {
            matches!(t, SheetType::WorkSheet | SheetType::DialogSheet | SheetType::MacroSheet)
        };
        let hidden: Vec<String> = found
            .iter()
            .filter(|s| cells(s.typ) && s.visible != SheetVisible::Visible)
            .map(|s| s.name.clone())
            .collect();
        Self {
            sheets: found.iter().filter(|s| cells(s.typ)).map(|s| s.name.clone()).collect(),
            blocks: Blocks::new(input.limits),
            diagnostics: hidden_sheets(&hidden).into_iter().collect(),
            hidden,
            hiding: Vec::new(),
            damage: None,
        }
    }

    /// The rows of a sheet, which hides these rows and columns.
    fn rows<'a>(&'a mut self, sheet: &'a str, mut hides: Hidden) -> Rows<'a> {
        hides.sheet = self.hidden.iter().any(|hidden| hidden == sheet);
        if hides.has_cells() {
            self.hiding.push(sheet.to_owned());
        }
        let mut rows = Rows::new(&mut self.blocks, sheet);
        rows.hide(hides);
        rows
    }

    fn damage(&mut self, sheet: &str, error: &dyn std::fmt::Display) {
        let message = format!("sheet {sheet} is damaged: {error}");
        self.diagnostics.push(
            Diagnostic::warning("sheet-damaged", message.clone())
                .at(Locator::cells(sheet, "A1"))
                .help("the rows before the damage were read; save the file anew"),
        );
        self.damage.get_or_insert(message);
    }

    fn finish(mut self, properties: crate::domain::Properties) -> Result<Content, ReadError> {
        self.diagnostics.extend(hidden_cells(&self.hiding));
        let blocks = self.blocks.finish(&mut self.diagnostics);
        match self.damage {
            Some(damage) if blocks.is_empty() => Err(ReadError::Failed(damage)),
            _ => Ok(Content { blocks, properties, diagnostics: self.diagnostics }),
        }
    }
}

/// A note about hidden rows and columns of these sheets, if there are any.
pub(super) fn hidden_cells(names: &[String]) -> Option<Diagnostic> {
    if names.is_empty() {
        return None;
    }
    let message = format!("hidden rows or columns are read as well, in {}", names.join(", "));
    Some(Diagnostic::note("hidden-cells", message))
}

/// A note about hidden sheets, if there are any.
pub(super) fn hidden_sheets(names: &[impl AsRef<str>]) -> Option<Diagnostic> {
    if names.is_empty() {
        return None;
    }
    let names: Vec<Cow<'_, str>> = names.iter().map(|n| Cow::Borrowed(n.as_ref())).collect();
    let message = format!("hidden sheets are read as well: {}", names.join(", "));
    Some(Diagnostic::note("hidden-sheet", message))
}
