//! The sheets of an ods file. Repetition is how this format says "empty until the end", so it is
//! never taken at its word.

use std::collections::BTreeSet;

use quick_xml::events::BytesStart;

use super::{aside, xml_damaged};
use crate::{
    domain::BlockKind,
    extract::{
        Content, Limits, ReadError,
        office::{
            flow::{Blocks, push_clean},
            sheets::{Rows, cell_name, hidden_cells, hidden_sheets, iso},
            xml::{Node, Nodes, attr, local, local_end},
        },
    },
};

/// A cell or row that is repeated more often than this is a filled background: it counts once.
const MOST_REPEATED: u32 = 50;
const MAX_ROW: u32 = 1_048_575;
const MAX_COLUMN: u32 = 16_383;

pub(super) fn read(xml: &str, limits: &Limits) -> Result<Content, ReadError> {
    let mut out = Content::default();
    let mut blocks = Blocks::new(limits);
    let mut nodes = Nodes::new(xml);
    let (mut style, mut hidden_styles) = (String::new(), BTreeSet::new());
    let (mut hidden, mut hiding) = (Vec::new(), Vec::new());
    let mut count = 0;
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        match local(&e) {
            "style" => style = attr(&e, "name").unwrap_or_default(),
            "table-properties" if attr(&e, "display").as_deref() == Some("false") => {
                hidden_styles.insert(style.clone());
            }
            "tracked-changes" => nodes.skip(),
            "table" => {
                count += 1;
                let name = attr(&e, "name").unwrap_or_else(|| format!("Sheet{count}"));
                let mut rows = Rows::new(&mut blocks, &name);
                if hidden_styles.contains(&attr(&e, "style-name").unwrap_or_default()) {
                    hidden.push(name.clone());
                    rows.hidden().sheet = true;
                }
                if Table::new(rows, limits.text_bytes).read(&mut nodes) {
                    hiding.push(name.clone());
                }
            }
            _ => {}
        }
        if blocks.is_full() {
            break;
        }
    }
    out.diagnostics.extend(hidden_sheets(&hidden));
    out.diagnostics.extend(hidden_cells(&hiding));
    if let Some(damage) = nodes.damage() {
        if blocks.len() == 0 {
            return Err(ReadError::Failed(format!("content.xml is damaged: {damage}")));
        }
        out.diagnostics.push(xml_damaged(damage));
    }
    out.blocks = blocks.finish(&mut out.diagnostics);
    Ok(out)
}

/// One sheet while it is read.
struct Table<'b> {
    rows: Rows<'b>,
    row: u32,
    column: u32,
    /// Columns that were described so far.
    columns: u32,
    row_repeat: u32,
    /// Filled cells of the open row: column and text.
    cells: Vec<(u32, String)>,
    comments: Vec<(String, Option<String>, String)>,
    left: usize,
}

impl<'b> Table<'b> {
    fn new(rows: Rows<'b>, left: usize) -> Self {
        let (cells, comments) = (Vec::new(), Vec::new());
        Self { rows, row: 0, column: 0, columns: 0, row_repeat: 1, cells, comments, left }
    }

    /// Reads to the table's end. Says whether rows or columns of it are hidden.
    fn read(mut self, nodes: &mut Nodes<'_>) -> bool {
        let mut tables = 1_usize;
        while let Some(node) = nodes.next() {
            match node {
                Node::Open(e) => match local(&e) {
                    "table" => tables += 1,
                    "table-row" => self.open_row(&e),
                    "table-column" if tables == 1 => self.table_column(&e),
                    "table-cell" => self.cell(nodes, &e),
                    "covered-table-cell" => {
                        self.skip_columns(repeated(&e, "number-columns-repeated"));
                        nodes.skip();
                    }
                    "shapes" | "forms" => nodes.skip(),
                    _ => {}
                },
                Node::Close(e) => match local_end(&e) {
                    "table" => {
                        tables -= 1;
                        if tables == 0 {
                            break;
                        }
                    }
                    "table-row" => self.close_row(),
                    _ => {}
                },
                Node::Text(_) => {}
            }
            if self.rows.is_full() {
                break;
            }
        }
        self.rows.end_row();
        for (cell, author, text) in &self.comments {
            let part = match author {
                Some(author) => format!("comment by {}", author.trim()),
                None => "comment".to_owned(),
            };
            self.rows.beside(BlockKind::Comment, cell, Some(&part), text);
        }
        self.rows.hidden().has_cells()
    }

    /// Columns are told before the rows.
    fn table_column(&mut self, e: &BytesStart<'_>) {
        let next = self.columns.saturating_add(repeated(e, "number-columns-repeated"));
        if is_hidden(e) {
            self.rows.hidden().columns.add(self.columns, next - 1);
        }
        self.columns = next;
    }

    fn open_row(&mut self, e: &BytesStart<'_>) {
        self.row_repeat = repeated(e, "number-rows-repeated");
        if is_hidden(e) {
            let last = self.row.saturating_add(self.row_repeat) - 1;
            self.rows.hidden().rows.add(self.row, last);
        }
        self.column = 0;
        self.cells.clear();
    }

    fn close_row(&mut self) {
        let copies = if self.row_repeat <= MOST_REPEATED { self.row_repeat } else { 1 };
        if !self.cells.is_empty() {
            for row in (self.row..=MAX_ROW).take(copies as usize) {
                for (column, text) in &self.cells {
                    self.rows.cell(row, *column, text);
                }
                self.rows.end_row();
                if self.rows.is_full() {
                    break;
                }
            }
        }
        self.cells.clear();
        self.row = self.row.saturating_add(self.row_repeat);
    }

    fn skip_columns(&mut self, count: u32) {
        self.column = self.column.saturating_add(count);
    }

    fn cell(&mut self, nodes: &mut Nodes<'_>, e: &BytesStart<'_>) {
        let repeat = repeated(e, "number-columns-repeated");
        let (shown, comment) = content(nodes);
        if let Some((author, text)) = comment.filter(|_| self.column <= MAX_COLUMN) {
            self.comments.push((cell_name(self.row.min(MAX_ROW), self.column), author, text));
        }
        let text = value(e, shown);
        if !text.trim().is_empty() && self.row <= MAX_ROW {
            let copies = if repeat <= MOST_REPEATED { repeat } else { 1 };
            for column in (self.column..=MAX_COLUMN).take(copies as usize) {
                // What is over the limit for the file need not be held for its row.
                if self.left == 0 {
                    break;
                }
                self.left = self.left.saturating_sub(text.len());
                self.cells.push((column, text.clone()));
            }
        }
        self.skip_columns(repeat);
    }
}

/// A row or column that is hidden, or left out by a filter.
fn is_hidden(e: &BytesStart<'_>) -> bool {
    matches!(attr(e, "visibility").as_deref(), Some("collapse" | "filter"))
}

fn repeated(e: &BytesStart<'_>, name: &str) -> u32 {
    attr(e, name).and_then(|v| v.parse().ok()).unwrap_or(1).max(1)
}

/// The value: ISO for dates, else what the cell shows.
fn value(e: &BytesStart<'_>, shown: String) -> String {
    let kind = attr(e, "value-type");
    if let (Some("date"), Some(date)) = (kind.as_deref(), attr(e, "date-value")) {
        return iso(&date);
    }
    if !shown.trim().is_empty() {
        return shown;
    }
    ["string-value", "value", "time-value", "boolean-value"]
        .iter()
        .find_map(|name| attr(e, name))
        .unwrap_or_default()
}

/// The paragraphs that a cell shows, and its comment.
fn content(nodes: &mut Nodes<'_>) -> (String, Option<(Option<String>, String)>) {
    let (mut text, mut comment) = (String::new(), None);
    let mut depth = 1_usize;
    let mut paragraphs = 0_usize;
    while depth > 0 {
        match nodes.next() {
            Some(Node::Open(e)) => match local(&e) {
                "annotation" => comment = Some(aside(nodes)),
                name => {
                    match name {
                        "p" | "h" => {
                            if !text.is_empty() {
                                text.push(' ');
                            }
                            paragraphs += 1;
                        }
                        "s" | "tab" | "line-break" => text.push(' '),
                        _ => {}
                    }
                    depth += 1;
                }
            },
            Some(Node::Close(e)) => {
                depth -= 1;
                if matches!(local_end(&e), "p" | "h") {
                    paragraphs = paragraphs.saturating_sub(1);
                }
            }
            Some(Node::Text(t)) if paragraphs > 0 => push_clean(&mut text, &t),
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    (text, comment)
}
