//! Reads what spreadsheet programs give back.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    cell::{self, unescape},
    columns::{FREE, FileKind},
    workbook,
};
use crate::diag::Diagnostic;

/// A table as it was read: named cells, apostrophes against formulas taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub file: String,
    /// Column names in lower case, in the file's order.
    pub header: Vec<String>,
    pub rows: Vec<SheetRow>,
    /// What was unusual about the file, and cells that hold no value: those are errors.
    pub notes: Vec<Diagnostic>,
}

/// A row that holds anything at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// As a spreadsheet program counts: the header is row 1, a line break inside a cell adds none.
    pub row: u32,
    /// Column names and their places; one list for all rows of a sheet.
    columns: Arc<BTreeMap<String, usize>>,
    cells: Vec<String>,
}

impl SheetRow {
    /// A cell without the blanks around it; blank where the column is missing.
    pub fn get(&self, column: &str) -> &str {
        self.raw(column).trim()
    }

    /// A cell as it stands.
    pub fn raw(&self, column: &str) -> &str {
        let place = self.columns.get(column);
        place.and_then(|at| self.cells.get(*at)).map_or("", String::as_str)
    }
}

impl Sheet {
    /// Whether the file has this column.
    pub fn has(&self, column: &str) -> bool {
        self.header.iter().any(|c| c == column)
    }

    /// Which review file this is: the one that most of the header belongs to, if that is enough to
    /// tell. Columns that import needs may still be missing.
    pub fn kind(&self) -> Option<FileKind> {
        let hits = |kind: &FileKind| kind.columns().iter().filter(|c| self.has(c)).count();
        let best = FileKind::ALL.into_iter().max_by_key(hits)?;
        (self.has(best.required()[0]) || hits(&best) >= 5).then_some(best)
    }
}

/// Reads a table. Text: delimiter `,`, `;` or tab, UTF-8 with or without BOM, UTF-16, Windows-1252,
/// any line ends, a `sep=` line. Workbooks: xlsx, xlsm, xlsb, xls, ods; the sheet that has a header of
/// ours. Columns in any order and letter case.
///
/// # Errors
/// The file is no such table; all that is wrong with its form.
pub fn read_table(file: &str, bytes: &[u8]) -> Result<Sheet, Vec<Diagnostic>> {
    if workbook::is_workbook(bytes) {
        return workbook::read(file, bytes);
    }
    let fault = |message: &str, help: &str| {
        vec![Diagnostic::error("review-file", message).in_file(file).help(help)]
    };
    let mut notes = Vec::new();
    let (text, guessed) = decode(bytes);
    if text.contains('\0') {
        return Err(fault(
            "the file is damaged: it holds zero bytes, as a copy that was cut short does",
            "take it from where it was saved, or export again",
        ));
    }
    if guessed {
        notes.push(
            Diagnostic::note("review-encoding", "not UTF-8, read as Windows-1252")
                .in_file(file)
                .help("if letters look wrong, save as \"CSV UTF-8\" and import again"),
        );
    }
    let (text, declared) = separator_line(&text);
    let delimiter = declared.unwrap_or_else(|| sniff(text));
    let records = split(text, delimiter).map_err(|row| {
        vec![
            Diagnostic::error("review-file", "a quotation mark is opened and never closed")
                .in_file(file)
                .on_line(row)
                .help("close it, or double a quotation mark that belongs to the text; if the file ends there it was cut short"),
        ]
    })?;
    assemble(file, (1u32..).zip(records), notes, true)
}

/// Names the cells of numbered rows by the first one that holds anything. `text` says that a cell
/// may hold a formula as its text, as CSV files do.
pub(super) fn assemble(
    file: &str,
    numbered: impl Iterator<Item = (u32, Vec<String>)>,
    mut notes: Vec<Diagnostic>,
    text: bool,
) -> Result<Sheet, Vec<Diagnostic>> {
    let mut numbered = numbered.filter(|(_, r)| r.iter().any(|c| !c.trim().is_empty()));
    let Some((header_row, first)) = numbered.next() else {
        return Err(vec![
            Diagnostic::error("review-file", "the file is empty")
                .in_file(file)
                .help("export again, or import another file"),
        ]);
    };
    let header: Vec<String> = first.iter().map(|c| column_name(c)).collect();
    let mut problems = repeated(file, header_row, &header);
    let named = header.iter().zip(0..).filter(|(name, _)| !name.is_empty());
    let columns = Arc::new(named.map(|(name, at)| (name.clone(), at)).collect::<BTreeMap<_, _>>());
    let checked: Vec<bool> = header.iter().map(|c| is_checked(c)).collect();
    let mut rows = Vec::new();
    for (row, mut record) in numbered {
        if record.iter().skip(header.len()).any(|c| !c.trim().is_empty()) {
            let message =
                format!("the row has {} cells, the header {}", record.len(), header.len());
            problems.push(
                Diagnostic::error("review-row", message)
                    .in_file(file)
                    .on_line(row)
                    .help("put text that holds the separator in quotation marks"),
            );
        }
        if record.len() == first.len()
            && record.iter().zip(&header).all(|(c, h)| column_name(c) == *h)
        {
            notes.push(
                Diagnostic::note(
                    "review-header",
                    "the header stands here again; the row is passed over",
                )
                .in_file(file)
                .on_line(row),
            );
            continue;
        }
        record.truncate(header.len());
        for (at, cell) in record.iter_mut().enumerate() {
            if checked[at] {
                notes.extend(
                    valueless(cell, &header[at], text).map(|d| d.in_file(file).on_line(row)),
                );
            }
            if cell.starts_with('\'') {
                *cell = unescape(cell).to_owned();
            }
        }
        rows.push(SheetRow { row, columns: Arc::clone(&columns), cells: record });
    }
    if problems.is_empty() {
        Ok(Sheet { file: file.to_owned(), header, rows, notes })
    } else {
        Err(problems)
    }
}

/// Whether import reads the column, so that an error value in it must not pass for a text.
pub(super) fn is_checked(column: &str) -> bool {
    let named = ["proposal_id", "target", "document", "quote"].contains(&column);
    named || FileKind::ALL.iter().any(|kind| kind.human().contains(&column))
}

/// What is wrong with a cell that a spreadsheet program could not compute, or did not.
fn valueless(cell: &str, column: &str, text: bool) -> Option<Diagnostic> {
    let shown = cell.trim();
    let (message, help) = if cell::is_error_value(shown) {
        (
            format!("the cell holds the error value {shown}"),
            "write what it should say; text that begins with = + - or @ needs an apostrophe before it",
        )
    } else if text && shown.starts_with('=') && !FREE.contains(&column) {
        (
            format!("the cell holds a formula, not its value: {}", excerpt(shown)),
            "put the value in its place; formulas are never computed here",
        )
    } else {
        return None;
    };
    Some(Diagnostic::error("review-cell", message).in_column(column).help(help))
}

fn excerpt(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(end, _)| &text[..end])
}

/// Every column that stands there twice: which of them holds the decision can't be known.
fn repeated(file: &str, row: u32, header: &[String]) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<_> = header.iter().filter(|c| !c.is_empty() && !seen.insert(*c)).collect();
    let problem = |column: &String| {
        Diagnostic::error("review-file", format!("the column `{column}` stands there twice"))
            .in_file(file)
            .on_line(row)
            .in_column(column)
            .help("remove one of them")
    };
    twice.into_iter().map(problem).collect()
}

fn column_name(cell: &str) -> String {
    cell.trim().trim_start_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_")
}

/// The text, and whether the encoding is a guess.
pub(super) fn decode(bytes: &[u8]) -> (String, bool) {
    use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return (encoding.decode_without_bom_handling(&bytes[skip..]).0.into_owned(), false);
    }
    // A header is ASCII, so UTF-16 without a BOM shows by its zero bytes.
    match bytes {
        [0, b, ..] if *b != 0 => {
            return (UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(), false);
        }
        [b, 0, ..] if *b != 0 => {
            return (UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(), false);
        }
        _ => {}
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), true),
    }
}

/// Takes away the first line `sep=;`, which Excel reads as an instruction and does not count.
pub(super) fn separator_line(text: &str) -> (&str, Option<char>) {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let line = text[..end].trim().trim_matches('"');
    let declared = match line.split_at_checked(4) {
        Some((word, rest)) if word.eq_ignore_ascii_case("sep=") && rest.chars().count() <= 1 => {
            Some(rest.chars().next().unwrap_or('\t'))
        }
        _ => None,
    };
    if declared.is_none() {
        return (text, None);
    }
    let rest = &text[end..];
    (
        rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n'])).unwrap_or(rest),
        declared,
    )
}

/// The separator under which the header reads best.
fn sniff(text: &str) -> char {
    let score = |delimiter: &char| {
        let header = first_record(text, *delimiter);
        let known = header
            .iter()
            .map(|c| column_name(c))
            .filter(|c| FileKind::ALL.iter().any(|kind| kind.columns().contains(&c.as_str())));
        (known.count(), header.len())
    };
    // The last of equals wins, so the comma, which is what we write, comes last.
    ['\t', ';', ','].into_iter().max_by_key(score).unwrap_or(',')
}

fn first_record(text: &str, delimiter: char) -> Vec<String> {
    let mut records = Records::new(text, delimiter);
    loop {
        match records.next() {
            Some(record) if record.iter().all(|c| c.trim().is_empty()) => {}
            found => return found.unwrap_or_default(),
        }
    }
}

/// All records, or the number of the one in which a quotation mark is left open.
pub(super) fn split(text: &str, delimiter: char) -> Result<Vec<Vec<String>>, u32> {
    let mut records = Records::new(text, delimiter);
    let all: Vec<_> = records.by_ref().collect();
    if records.open { Err(all.len() as u32) } else { Ok(all) }
}

/// RFC 4180 with what spreadsheet programs forgive: a bare quotation mark inside an unquoted cell
/// and text behind a closing one. Unlike the `csv` crate, it keeps blank lines, because row numbers
/// must be those that a spreadsheet program shows.
struct Records<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    delimiter: char,
    open: bool,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: char) -> Self {
        Self { rest: text.chars().peekable(), delimiter, open: false }
    }

    /// The inside of a quoted cell, up to its closing mark.
    fn quoted(&mut self, cell: &mut String) {
        while let Some(c) = self.rest.next() {
            if c != '"' {
                cell.push(c);
            } else if self.rest.next_if_eq(&'"').is_some() {
                cell.push('"');
            } else {
                return;
            }
        }
        self.open = true;
    }
}

impl Iterator for Records<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        self.rest.peek()?;
        let (mut record, mut cell, mut fresh) = (Vec::new(), String::new(), true);
        while let Some(c) = self.rest.next() {
            match c {
                '"' if fresh => self.quoted(&mut cell),
                '\r' => {
                    self.rest.next_if_eq(&'\n');
                    break;
                }
                '\n' => break,
                c if c == self.delimiter => {
                    record.push(std::mem::take(&mut cell));
                    fresh = true;
                    continue;
                }
                c => cell.push(c),
            }
            fresh = false;
        }
        record.push(cell);
        Some(record)
    }
}

#[cfg(test)]
mod tests;
