//! Tables that were not made here: any sheet, any header, with titles and headings in between.

use super::{
    sheet::{decode, separator_line, split},
    workbook,
};
use crate::diag::Diagnostic;

/// Rows that the choice of a separator looks at.
const SNIFFED: usize = 30;

/// A sheet of a workbook, or the whole of a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    /// Blank for a text file.
    pub(super) sheet: String,
    /// Row numbers as a spreadsheet program shows them, with the cells of that row, trimmed.
    pub(super) rows: Vec<(u32, Vec<String>)>,
}

/// Reads CSV (`,`, `;` or tab; UTF-8, UTF-16 or Windows-1252) and workbooks (xlsx, xlsm, xlsb, xls, ods).
///
/// # Errors
/// The file is no table, is damaged or is protected.
pub(super) fn read_grids(file: &str, bytes: &[u8]) -> Result<Vec<Grid>, Vec<Diagnostic>> {
    let fault = |message: &str, help: &str| {
        vec![Diagnostic::error("import-file", message).in_file(file).help(help)]
    };
    let mut grids: Vec<Grid> = if workbook::is_workbook(bytes) {
        let sheets = workbook::read_all(file, bytes)?;
        sheets.into_iter().map(|(sheet, rows)| Grid { sheet, rows }).collect()
    } else {
        let (text, _) = decode(bytes);
        if text.contains('\0') {
            let help = "save it as xlsx or as \"CSV UTF-8\", and import that";
            return Err(fault("this is neither a workbook nor a text file", help));
        }
        let (text, declared) = separator_line(&text);
        let delimiter = declared.unwrap_or_else(|| separator(text));
        let records = split(text, delimiter).map_err(|row| {
            vec![
                Diagnostic::error("import-file", "a quotation mark is opened and never closed")
                    .in_file(file)
                    .on_line(row)
                    .help("close it; if the file ends there it was cut short"),
            ]
        })?;
        vec![Grid { sheet: String::new(), rows: (1..).zip(records).collect() }]
    };
    for grid in &mut grids {
        for (_, cells) in &mut grid.rows {
            for cell in cells.iter_mut() {
                *cell = cell.trim().trim_start_matches('\u{feff}').trim().to_owned();
            }
        }
        grid.rows.retain(|(_, cells)| cells.iter().any(|c| !c.is_empty()));
    }
    grids.retain(|grid| !grid.rows.is_empty());
    if grids.is_empty() {
        return Err(fault("the file is empty", "check that it is the right one"));
    }
    Ok(grids)
}

/// The separator that cuts the first rows into most cells.
fn separator(text: &str) -> char {
    let cells = |delimiter: &char| {
        split(text, *delimiter)
            .map_or(0, |rows| rows.iter().take(SNIFFED).map(|row| row.len() - 1).sum::<usize>())
    };
    ['\t', ';', ','].into_iter().max_by_key(cells).unwrap_or(',')
}

/// `A`, `B` … `Z`, `AA`: how a spreadsheet program names the column at `index`.
pub(super) fn letter(index: usize) -> String {
    let (mut n, mut out) = (index + 1, String::new());
    while n > 0 {
        n -= 1;
        out.insert(0, char::from(b'A' + (n % 26) as u8));
        n /= 26;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_programs_do() {
        assert_eq!([0, 25, 26, 701, 702].map(letter), ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_text_keeps_its_row_numbers_and_finds_its_separator() {
        let text = "\u{feff}Statement, of Applicability\n\nNr;Titel;Ja\n\"A.5.1\";\"a;b\";ja\n";
        let grids = read_grids("x.csv", text.as_bytes()).unwrap();
        let numbers: Vec<u32> = grids[0].rows.iter().map(|(n, _)| *n).collect();
        assert_eq!(numbers, [1, 3, 4]);
        assert_eq!(grids[0].rows[2].1, ["A.5.1", "a;b", "ja"]);
        assert!(read_grids("x.csv", b"\n \n").is_err());
        assert!(read_grids("x.csv", b"a,\"b\n").is_err());
        assert!(read_grids("x.xlsx", b"PK\x03\x04 cut").is_err());
    }
}
