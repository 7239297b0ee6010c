//! CSV and its relatives: a row block a record, cells as they stand, joined by one blank.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};

use super::{
    Content, Input, ReadError, Reader,
    builder::{Builder, Lines},
    sniff::extension,
    text::decoded,
};
use crate::{diag::Diagnostic, domain::BlockKind};

pub(super) struct Csv;

impl Reader for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let (text, mut diagnostics) = decoded(input)?;
        let text = text.replace('\0', " ");
        let text = drop_separator_hint(&text);
        // An odd number of quotes means that one is a plain character or is missing; as syntax it
        // would swallow the rest of the file.
        let balanced = text.bytes().filter(|b| *b == b'"').count() % 2 == 0;
        if !balanced {
            diagnostics.push(
                Diagnostic::warning("csv-quotes", "a quotation mark has no partner")
                    .help("all quotation marks were taken as plain characters"),
            );
        }
        let delimiter = delimiter(text, &extension(input.name));
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .quoting(balanced)
            .from_reader(text.as_bytes());
        // The reader's own line numbers miscount blank lines and CR LF; its offsets don't.
        let lines = Lines::of(text);
        let mut builder = Builder::default();
        let mut record = StringRecord::new();
        loop {
            let start = offset(&reader);
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(ReadError::Failed(error.to_string())),
            }
            let cells: Vec<&str> =
                record.iter().map(str::trim).filter(|cell| !cell.is_empty()).collect();
            if let Some(locator) = lines.locator(text, start, offset(&reader)) {
                builder.push(BlockKind::Row, locator, &cells.join(" "));
            }
        }
        Ok(Content { blocks: builder.into_blocks(), diagnostics, ..Content::default() })
    }
}

fn offset(reader: &csv::Reader<&[u8]>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

/// Excel's first line `sep=;` is no record. It is blanked, so that the line numbers stay.
fn drop_separator_hint(text: &str) -> &str {
    let (line, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
    // A tab may be the separator.
    let line = line.trim_matches([' ', '\r']);
    let hint = line.len() == 5 && line.to_ascii_lowercase().starts_with("sep=");
    if hint { rest } else { text }
}

/// The delimiter that splits the first lines most evenly; the comma where none does.
fn delimiter(text: &str, extension: &str) -> u8 {
    if matches!(extension, "tsv" | "tab") {
        return b'\t';
    }
    let mut best = (0, b',');
    for candidate in [b',', b';', b'\t', b'|'] {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(candidate)
            .from_reader(text.as_bytes());
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        for record in reader.byte_records().take(30).map_while(Result::ok) {
            *widths.entry(record.len()).or_default() += 1;
        }
        // Records of the most frequent width that is more than one cell.
        let even = widths.iter().filter(|(width, _)| **width > 1).map(|(_, n)| *n).max();
        if let Some(score) = even
            && score > best.0
        {
            best = (score, candidate);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Limits;

    fn rows(name: &str, bytes: &[u8]) -> Vec<((u32, u32), String)> {
        let limits = Limits::default();
        let content = Csv.read(Input { name, bytes, limits: &limits }).unwrap();
        content
            .blocks
            .into_iter()
            .map(|block| (block.locator.line_range().unwrap(), block.text))
            .collect()
    }

    fn row(first: u32, last: u32, text: &str) -> ((u32, u32), String) {
        ((first, last), text.to_owned())
    }

    #[test]
    fn records_have_their_lines_and_empty_cells_leave_no_gap() {
        let got =
            rows("a.csv", b"control;owner;note\r\nA.5.1;;\"two\nlines\"\r\n\r\nA.5.2;Ann;x\r\n");
        assert_eq!(
            got,
            [
                row(1, 1, "control owner note"),
                row(2, 3, "A.5.1 two\nlines"),
                row(5, 5, "A.5.2 Ann x")
            ]
        );
    }

    #[test]
    fn an_open_quote_swallows_nothing() {
        let got = rows("a.csv", b"control,note\nA,\"never closed\nB,second\n");
        assert_eq!(got[1..], [row(2, 2, "A \"never closed"), row(3, 3, "B second")]);
    }

    #[test]
    fn ragged_rows_tabs_nul_and_excels_hint_are_read() {
        assert_eq!(rows("a.csv", b"a,b,c\n1\n1,2,3,4,5\n")[2], row(3, 3, "1 2 3 4 5"));
        assert_eq!(rows("a.tsv", b"a, b\tc\n"), [row(1, 1, "a, b c")]);
        assert_eq!(rows("a.csv", b"control,owner\nnul\0,\0ann\n")[1], row(2, 2, "nul ann"));
        for hint in [&b"sep=;\r\na;b\r\n"[..], b" SEP=; \na;b\n", b"sep=\t\na\tb\n"] {
            assert_eq!(rows("a.csv", hint), [row(2, 2, "a b")]);
        }
    }

    #[test]
    fn formulas_stay_as_they_are() {
        assert_eq!(rows("a.csv", b"=1+1,@SUM(A1)\n"), [row(1, 1, "=1+1 @SUM(A1)")]);
    }
}
