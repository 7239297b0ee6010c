//! Reads workbooks that come back: xlsx, xlsm, xlsb, xls and ods, through calamine.
//!
//! No formula is computed: the values are those that a spreadsheet program saved last.

use std::{
    io::{BufReader, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime, Reader as _, Sheets, Xlsx};
use quick_xml::events::Event;

use super::sheet::{Sheet, assemble, is_checked};
use crate::{diag::Diagnostic, domain::Date};

/// Workbooks that unpack to more than this are not opened: 500,000 rows of suggestions take half.
const MOST_BYTES: u64 = 4 << 30;

/// Rows of a sheet by number, and the places of its formulas.
#[derive(Default)]
struct Grid {
    rows: Vec<(u32, Vec<String>)>,
    formulas: Vec<Formula>,
}

struct Formula {
    row: u32,
    column: usize,
    /// Nothing was saved as its value.
    blank: bool,
}

type Book<'a> = Sheets<Cursor<&'a [u8]>>;

/// A zip archive or an OLE file, which no text file is.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// Reads the one sheet that has a header of ours, or the first that holds anything, so that its
/// header can be told to be wrong.
///
/// # Errors
/// No workbook, a damaged or protected one, or several sheets with a header of ours.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Sheet, Vec<Diagnostic>> {
    // calamine panics on some damaged files; nothing that it worked on is used afterwards.
    catch_unwind(AssertUnwindSafe(|| guarded(file, bytes)))
        .unwrap_or_else(|_| Err(vec![damaged(file, "its parts don't fit together")]))
}

fn guarded(file: &str, bytes: &[u8]) -> Result<Sheet, Vec<Diagnostic>> {
    check_size(file, bytes)?;
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| vec![damaged(file, &error.to_string())])?;
    let mut found: Vec<(String, Sheet)> = Vec::new();
    let mut other = None;
    for name in book.sheet_names() {
        let grid = grid(&mut book, &name).map_err(|why| vec![damaged(file, &why)])?;
        if grid.rows.is_empty() {
            continue;
        }
        match named(file, grid) {
            Ok(sheet) if sheet.kind().is_some() => found.push((name, sheet)),
            sheet => other = other.or(Some(sheet)),
        }
    }
    if found.len() > 1 {
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!("several sheets hold review rows: {}", names.join(", "));
        return Err(vec![
            Diagnostic::error("review-file", message)
                .in_file(file)
                .help("keep one of them a file: move the others to files of their own"),
        ]);
    }
    let Some((name, mut sheet)) = found.pop() else {
        return other.unwrap_or_else(|| assemble(file, std::iter::empty(), Vec::new(), false));
    };
    let hidden = match &book {
        Sheets::Xlsx(_) => hidden_rows(bytes, &name),
        _ => 0,
    };
    if hidden > 0 {
        let message =
            format!("{hidden} rows are hidden, by a filter or by hand; they are read too");
        sheet.notes.push(Diagnostic::note("review-hidden", message).in_file(file));
    }
    Ok(sheet)
}

/// Rows by number, of each sheet that holds anything, in the workbook's order.
pub(super) type Grids = Vec<(String, Vec<(u32, Vec<String>)>)>;

/// Reads every sheet as it stands, whatever its header. Formulas give the values that were saved last.
///
/// # Errors
/// No workbook, a damaged or protected one, or one that unpacks to too much.
pub(super) fn read_all(file: &str, bytes: &[u8]) -> Result<Grids, Vec<Diagnostic>> {
    let all = || -> Result<Grids, Vec<Diagnostic>> {
        check_size(file, bytes)?;
        let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
            .map_err(|error| vec![damaged(file, &error.to_string())])?;
        let mut out = Vec::new();
        for name in book.sheet_names() {
            let grid = grid(&mut book, &name).map_err(|why| vec![damaged(file, &why)])?;
            if !grid.rows.is_empty() {
                out.push((name, grid.rows));
            }
        }
        Ok(out)
    };
    // As in `read`.
    catch_unwind(AssertUnwindSafe(all))
        .unwrap_or_else(|_| Err(vec![damaged(file, "its parts don't fit together")]))
}

fn damaged(file: &str, why: &str) -> Diagnostic {
    let protected = why.to_lowercase().contains("password");
    let (message, help) = if protected {
        ("the workbook is protected with a password".to_owned(), "save it without one")
    } else {
        (
            format!("this is no workbook that can be read: {why}"),
            "open it in a spreadsheet program and save it as xlsx or as \"CSV UTF-8\"",
        )
    };
    Diagnostic::error("review-file", message).in_file(file).help(help)
}

/// What an archive claims to unpack to; OLE files don't grow.
fn check_size(file: &str, bytes: &[u8]) -> Result<(), Vec<Diagnostic>> {
    if !bytes.starts_with(b"PK") {
        return Ok(());
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| vec![damaged(file, &error.to_string())])?;
    let mut total = 0_u64;
    for n in 0..archive.len() {
        let size = archive.by_index_raw(n).map(|entry| entry.size());
        total = total.saturating_add(size.unwrap_or(0));
    }
    if total <= MOST_BYTES {
        return Ok(());
    }
    let message = format!("the workbook unpacks to {} MB", total >> 20);
    Err(vec![
        Diagnostic::error("review-file", message)
            .in_file(file)
            .help("save the sheet as \"CSV UTF-8\", then import that file"),
    ])
}

fn grid(book: &mut Book<'_>, name: &str) -> Result<Grid, String> {
    if let Sheets::Xlsx(book) = book {
        return streamed(book, name);
    }
    let range = book.worksheet_range(name).map_err(|error| error.to_string())?;
    let mut grid = Grid::default();
    if let Some((first, left)) = range.start() {
        for (row, cells) in (first..).zip(range.rows()) {
            let mut texts = vec![String::new(); left as usize];
            texts.extend(cells.iter().map(|cell| text(&plain(cell))));
            grid.rows.push((row + 1, texts));
        }
    }
    if let Ok(formulas) = book.worksheet_formula(name)
        && let Some((first, left)) = formulas.start()
    {
        for (row, column, formula) in formulas.used_cells() {
            let (row, column) = (first + row as u32, left as usize + column);
            let value = range.get_value((row, column as u32));
            if !formula.is_empty() {
                let blank = value.is_none_or(|value| *value == Data::Empty);
                grid.formulas.push(Formula { row: row + 1, column, blank });
            }
        }
    }
    Ok(grid)
}

/// Cells of an xlsx sheet as they come, without a rectangle in memory.
fn streamed(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Grid, String> {
    let mut grid = Grid::default();
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet that is a chart has no cells.
        Err(calamine::XlsxError::WorksheetNotFound(_) | calamine::XlsxError::NotAWorksheet(_)) => {
            return Ok(grid);
        }
        Err(error) => return Err(error.to_string()),
    };
    while let Some(cell) = cells.next_cell_with_formula().map_err(|error| error.to_string())? {
        let (row, column) = (cell.pos.0 + 1, cell.pos.1 as usize);
        let text = text(&cell.value);
        if cell.formula.is_some() {
            grid.formulas.push(Formula { row, column, blank: text.is_empty() });
        }
        if text.is_empty() {
            continue;
        }
        if grid.rows.last().is_none_or(|(last, _)| *last != row) {
            grid.rows.push((row, Vec::new()));
        }
        if let Some((_, cells)) = grid.rows.last_mut() {
            cells.resize(cells.len().max(column), String::new());
            cells.push(text);
        }
    }
    // Rows stand in order in every file that a program wrote; nothing says that they must.
    grid.rows.sort_by_key(|(row, _)| *row);
    Ok(grid)
}

fn named(file: &str, grid: Grid) -> Result<Sheet, Vec<Diagnostic>> {
    let Grid { rows, formulas } = grid;
    let mut sheet = assemble(file, rows.into_iter(), Vec::new(), false)?;
    let read = formulas.iter().filter_map(|f| {
        let column = sheet.header.get(f.column).filter(|c| is_checked(c))?;
        Some((f, column))
    });
    let (blank, computed): (Vec<_>, Vec<_>) = read.partition(|(f, _)| f.blank);
    let mut notes: Vec<Diagnostic> = blank
        .into_iter()
        .map(|(f, column)| {
            Diagnostic::error("review-cell", "the cell holds a formula whose value was not saved")
                .in_file(file)
                .on_line(f.row)
                .in_column(column)
                .help("open the file in a spreadsheet program and save it, or write the value")
        })
        .collect();
    if let Some((first, column)) = computed.first() {
        let message = format!(
            "{} cells hold formulas; their values as last saved are read, nothing is computed",
            computed.len()
        );
        notes.push(
            Diagnostic::note("review-formula", message)
                .in_file(file)
                .on_line(first.row)
                .in_column((*column).clone()),
        );
    }
    sheet.notes.extend(notes);
    Ok(sheet)
}

fn plain(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(v) => DataRef::Int(*v),
        Data::Float(v) => DataRef::Float(*v),
        Data::String(v) => DataRef::SharedString(v),
        Data::Bool(v) => DataRef::Bool(*v),
        Data::DateTime(v) => DataRef::DateTime(*v),
        Data::DateTimeIso(v) => DataRef::DateTimeIso(v.clone()),
        Data::DurationIso(v) => DataRef::DurationIso(v.clone()),
        Data::Error(v) => DataRef::Error(v.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// A cell as a CSV file would hold it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => day(*moment),
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error_value(error).to_owned(),
    }
}

/// Whole numbers without a point: an id that a program took for a number.
fn float(number: f64) -> String {
    format!("{number}")
}

fn day(moment: ExcelDateTime) -> String {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    match Date::new(i32::from(year), month, day) {
        Some(date) if moment.is_datetime() => date.to_string(),
        _ => float(moment.as_f64()),
    }
}

fn error_value(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::GettingData => "#GETTING_DATA",
        _ => "#VALUE!",
    }
}

/// How many rows an xlsx sheet hides. calamine does not say; what can't be made out counts as none.
fn hidden_rows(bytes: &[u8], sheet: &str) -> usize {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return 0 };
    let Some(part) = sheet_part(&mut archive, sheet) else { return 0 };
    let Ok(entry) = archive.by_name(&part) else { return 0 };
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(entry));
    let (mut buffer, mut hidden) = (Vec::new(), 0);
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) if e.local_name().as_ref() == "row" => {
                let hides = e.attributes().flatten().any(|a| {
                    a.key.local_name().as_ref() == "hidden" && matches!(&*a.value, "1" | "true")
                });
                hidden += usize::from(hides);
            }
            Ok(Event::Eof) | Err(_) => return hidden,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// The part of an archive that holds a sheet.
fn sheet_part(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, sheet: &str) -> Option<String> {
    let relation = elements(archive, "xl/workbook.xml", "sheet")?
        .into_iter()
        .find(|e| attribute(e, "name").as_deref() == Some(sheet))
        .and_then(|e| attribute(&e, "id"))?;
    let target = elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")?
        .into_iter()
        .find(|e| attribute(e, "Id").as_deref() == Some(relation.as_str()))
        .and_then(|e| attribute(&e, "Target"))?;
    Some(match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    })
}

type Element = Vec<(String, String)>;

fn attribute(element: &Element, name: &str) -> Option<String> {
    element.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}

/// The attributes of all elements of a name, by local names.
fn elements(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    part: &str,
    name: &str,
) -> Option<Vec<Element>> {
    let mut xml = String::new();
    archive.by_name(part).ok()?.read_to_string(&mut xml).ok()?;
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut out = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == name => {
                let attributes = e.attributes().flatten().map(|a| {
                    let value = a.value.clone().into_owned();
                    let plain = quick_xml::escape::unescape(&value).map(|v| v.into_owned());
                    (a.key.local_name().as_ref().to_owned(), plain.unwrap_or(value))
                });
                out.push(attributes.collect());
            }
            Event::Eof => return Some(out),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
