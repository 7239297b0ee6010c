//! A table on its way out.

use std::collections::BTreeMap;

use super::{cell::escape, columns::FileKind};

/// What a person may change in a table: row key → column → value.
pub type Cells = BTreeMap<String, BTreeMap<String, String>>;

/// A review file's content. `keys` names each row, in step with `rows`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub kind: FileKind,
    /// File name in `review/`.
    pub name: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub keys: Vec<String>,
}

impl Table {
    pub(super) fn new(kind: FileKind) -> Self {
        Self {
            kind,
            name: kind.file_name().to_owned(),
            header: kind.columns().iter().map(|c| (*c).to_owned()).collect(),
            rows: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Adds a row from named cells; columns not named stay blank.
    pub(super) fn push(&mut self, key: String, mut cells: BTreeMap<&'static str, String>) {
        let row = self.header.iter().map(|c| cells.remove(c.as_str()).unwrap_or_default());
        self.rows.push(row.collect());
        debug_assert!(cells.is_empty(), "unknown columns: {cells:?}");
        self.keys.push(key);
    }

    /// The table under the name that a workbook of it has.
    #[must_use]
    pub fn as_workbook(mut self) -> Self {
        let stem = self.name.trim_end_matches(".csv");
        self.name = format!("{stem}.xlsx");
        self
    }

    /// UTF-8 with BOM, RFC 4180, CRLF, no cell that a spreadsheet program would run. The same
    /// table gives the same bytes.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(vec![0xef, 0xbb, 0xbf]);
        let header = self.header.iter().map(String::as_str);
        writer.write_record(header).expect("writing to memory");
        for row in &self.rows {
            writer.write_record(row.iter().map(|c| escape(c))).expect("rows as wide as the header");
        }
        writer.into_inner().expect("writing to memory")
    }

    /// The cells that a person may change, by row key.
    pub fn cells(&self) -> Cells {
        let human = self.kind.human();
        let rows = self.keys.iter().zip(&self.rows);
        rows.map(|(key, row)| {
            let named = self.header.iter().zip(row);
            let kept = named.filter(|(column, _)| human.contains(&column.as_str()));
            (key.clone(), kept.map(|(c, v)| (c.clone(), v.clone())).collect())
        })
        .collect()
    }

    /// A cell by row index and column name; blank if there is no such cell.
    pub fn cell(&self, row: usize, column: &str) -> &str {
        let index = self.header.iter().position(|c| c == column);
        index.and_then(|i| self.rows.get(row)?.get(i)).map_or("", String::as_str)
    }
}
