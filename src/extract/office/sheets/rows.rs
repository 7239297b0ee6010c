//! Cells of a sheet as rows.

use crate::{
    domain::{BlockKind, Locator},
    extract::office::flow::{Blocks, push_clean},
};

/// Collects cells, in order, into one block a row.
pub(in crate::extract::office) struct Rows<'b> {
    blocks: &'b mut Blocks,
    sheet: &'b str,
    heading: Vec<String>,
    open: Option<Open>,
}

struct Open {
    row: u32,
    first: u32,
    last: u32,
    text: String,
}

impl<'b> Rows<'b> {
    pub(in crate::extract::office) fn new(blocks: &'b mut Blocks, sheet: &'b str) -> Self {
        Self { blocks, sheet, heading: vec![sheet.to_owned()], open: None }
    }

    /// Adds a cell; row and column count from 0. A cell without text adds nothing.
    pub(in crate::extract::office) fn cell(&mut self, row: u32, column: u32, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.open.as_ref().is_some_and(|open| open.row != row) {
            self.end_row();
        }
        let open = self.open.get_or_insert_with(|| Open {
            row,
            first: column,
            last: column,
            text: String::new(),
        });
        if !open.text.is_empty() {
            open.text.push(' ');
        }
        push_clean(&mut open.text, text);
        open.first = open.first.min(column);
        open.last = open.last.max(column);
    }

    /// Ends the open row.
    pub(in crate::extract::office) fn end_row(&mut self) {
        let Some(open) = self.open.take() else { return };
        let cells = range(open.row, open.first, open.last);
        let locator = Locator::cells(self.sheet, cells);
        self.blocks.push(BlockKind::Row, locator, &self.heading, &open.text);
    }

    /// Adds a text that belongs to one cell, after the rows so far.
    pub(in crate::extract::office) fn beside(
        &mut self,
        kind: BlockKind,
        cell: &str,
        part: Option<&str>,
        text: &str,
    ) {
        self.end_row();
        let mut locator = Locator::cells(self.sheet, cell);
        if let Some(part) = part {
            locator = locator.within(part);
        }
        self.blocks.push(kind, locator, &self.heading, text);
    }

    pub(in crate::extract::office) fn is_full(&self) -> bool {
        self.blocks.is_full()
    }
}

fn range(row: u32, first: u32, last: u32) -> String {
    let start = cell_name(row, first);
    if first == last { start } else { format!("{start}:{}", cell_name(row, last)) }
}

/// `B4` for row 3 and column 1.
pub(in crate::extract::office) fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect::<String>() + &(u64::from(row) + 1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Limits;

    #[test]
    fn cells_are_named_as_in_a_spreadsheet() {
        assert_eq!(cell_name(0, 0), "A1");
        assert_eq!(cell_name(11, 26), "AA12");
        assert_eq!(cell_name(1_048_575, 16_383), "XFD1048576");
    }

    #[test]
    fn a_row_spans_its_filled_cells() {
        let mut blocks = Blocks::new(&Limits::default());
        let mut rows = Rows::new(&mut blocks, "Risks");
        rows.cell(3, 1, "R-1");
        rows.cell(3, 2, "  ");
        rows.cell(3, 4, "High\nrisk");
        rows.cell(1_048_575, 16_383, "far");
        rows.end_row();
        let shown: Vec<String> = blocks
            .finish(&mut Vec::new())
            .iter()
            .map(|b| format!("{} {}", b.locator, b.text))
            .collect();
        assert_eq!(shown, ["Risks!B4:E4 R-1 High risk", "Risks!XFD1048576 far"]);
    }
}
