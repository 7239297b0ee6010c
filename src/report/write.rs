//! Files that are there whole or not at all, and CSV that no spreadsheet runs.

use std::path::{Path, PathBuf};

use super::{ReportError, text};
use crate::{files, words::Words};

/// Writes `dir/name` whole or not at all. On unix a new file gets mode 0600, because reports quote
/// internal documents; one that was opened to others stays so.
pub(super) fn atomically(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, ReportError> {
    let path = dir.join(name);
    match files::replace(&path, bytes) {
        Ok(()) => Ok(path),
        Err(source) => Err(ReportError::Write { path, source }),
    }
}

/// A CSV file in the making: UTF-8 with BOM, RFC 4180, CRLF, formula-safe.
pub(super) struct Csv {
    writer: csv::Writer<Vec<u8>>,
}

impl Csv {
    /// Starts with the header row.
    pub(super) fn new(columns: &[&str]) -> Result<Self, String> {
        let mut csv = Self {
            writer: csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .from_writer("\u{FEFF}".as_bytes().to_vec()),
        };
        csv.row(columns)?;
        Ok(csv)
    }

    /// Adds a row; it must have as many cells as the header.
    pub(super) fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> Result<(), String> {
        let cells = cells.iter().map(|cell| safe(cell.as_ref()));
        self.writer.write_record(cells).map_err(|error| error.to_string())
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, String> {
        self.writer.into_inner().map_err(|error| error.to_string())
    }
}

/// A cell that a spreadsheet reads as text. A leading apostrophe guards what would start a formula;
/// control characters, which no cell can hold, go. The rest stays verbatim.
fn safe(cell: &str) -> String {
    let kept: String =
        cell.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect();
    if kept.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{kept}") } else { kept }
}

/// A date, or nothing.
pub(super) fn date(date: Option<crate::domain::Date>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
}

/// Evidence as a list in one cell: `“quote” — document, place (what to know about it)`.
pub(super) fn evidence_list(
    words: &Words,
    evidence: &[crate::domain::Evidence],
    quote_limit: usize,
) -> String {
    let item = |e: &crate::domain::Evidence| {
        let quote = text::cut(e.quote.trim(), quote_limit, text::CUT);
        let place = text::source(words, &e.document, e.locator.as_ref());
        let mut item = format!("“{quote}” — {place}");
        let caveats = text::caveats(words, e);
        if !caveats.is_empty() {
            item.push_str(&format!(" ({})", caveats.join("; ")));
        }
        item
    };
    evidence.iter().map(item).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_starts_a_formula_and_control_characters_go() {
        for bad in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\u{0}=1"]
        {
            assert!(safe(bad).starts_with('\''), "{bad:?}");
        }
        assert_eq!(safe("a = b"), "a = b");
        assert_eq!(safe("’=x"), "’=x");
    }

    #[test]
    fn a_csv_has_a_bom_crlf_and_quotes_only_where_needed() {
        let mut csv = Csv::new(&["a", "b"]).unwrap();
        csv.row(&["x,y", "say \"hi\"\nthere"]).unwrap();
        assert_eq!(
            csv.finish().unwrap(),
            "\u{FEFF}a,b\r\n\"x,y\",\"say \"\"hi\"\"\nthere\"\r\n".as_bytes()
        );
        assert!(Csv::new(&["a", "b"]).unwrap().row(&["one cell"]).is_err());
    }
}
