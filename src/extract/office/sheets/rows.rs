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
    hidden: Hidden,
}

struct Open {
    row: u32,
    first: u32,
    last: u32,
    text: String,
    /// A filled cell is in a hidden column.
    hidden: bool,
}

/// What a sheet hides; rows and columns count from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::extract::office) struct Hidden {
    pub(in crate::extract::office) sheet: bool,
    pub(in crate::extract::office) rows: Ranges,
    pub(in crate::extract::office) columns: Ranges,
}

impl Hidden {
    /// Whether rows or columns are hidden.
    pub(in crate::extract::office) fn has_cells(&self) -> bool {
        self.rows != Ranges::default() || self.columns != Ranges::default()
    }
}

/// Ascending ranges, both ends included. What is added out of order may be lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::extract::office) struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    pub(in crate::extract::office) fn add(&mut self, first: u32, last: u32) {
        match self.0.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => self.0.push((first, last)),
        }
    }

    pub(in crate::extract::office) fn contains(&self, n: u32) -> bool {
        let behind = self.0.partition_point(|(first, _)| *first <= n);
        behind.checked_sub(1).is_some_and(|at| n <= self.0[at].1)
    }
}

impl<'b> Rows<'b> {
    pub(in crate::extract::office) fn new(blocks: &'b mut Blocks, sheet: &'b str) -> Self {
        let (heading, hidden) = (vec![sheet.to_owned()], Hidden::default());
        Self { blocks, sheet, heading, open: None, hidden }
    }

    /// Says what the sheet hides. A row with a filled cell in a hidden column is marked as a whole.
    pub(in crate::extract::office) fn hide(&mut self, hidden: Hidden) {
        self.hidden = hidden;
    }

    /// As [`Rows::hide`], piece by piece.
    pub(in crate::extract::office) fn hidden(&mut self) -> &mut Hidden {
        &mut self.hidden
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
            hidden: false,
        });
        if !open.text.is_empty() {
            open.text.push(' ');
        }
        push_clean(&mut open.text, text);
        open.hidden |= self.hidden.columns.contains(column);
        open.first = open.first.min(column);
        open.last = open.last.max(column);
    }

    /// Ends the open row.
    pub(in crate::extract::office) fn end_row(&mut self) {
        let Some(open) = self.open.take() else { return };
        let cells = range(open.row, open.first, open.last);
        let locator = Locator::cells(self.sheet, cells);
        self.blocks.hidden =
            self.hidden.sheet || open.hidden || self.hidden.rows.contains(open.row);
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
        let hidden = &self.hidden;
        let of_cell = position(cell).is_some_and(|(row, column)| {
            hidden.rows.contains(row) || hidden.columns.contains(column)
        });
        self.blocks.hidden = hidden.sheet || of_cell;
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

/// Row 3 and column 1 for `B4`.
fn position(cell: &str) -> Option<(u32, u32)> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let letters = cell[..digits].bytes().filter(u8::is_ascii_alphabetic).take(4);
    let column =
        letters.fold(0_u32, |sum, c| sum * 26 + u32::from(c.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = cell[digits..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
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
        for (row, column) in [(0, 0), (11, 26), (1_048_575, 16_383)] {
            assert_eq!(position(&cell_name(row, column)), Some((row, column)));
        }
        assert_eq!((position("B"), position("7"), position("A0")), (None, None, None));
    }

    #[test]
    fn rows_with_anything_hidden_are_marked() {
        let mut blocks = Blocks::new(&Limits::default());
        let mut rows = Rows::new(&mut blocks, "S");
        rows.hidden().rows.add(1, 2);
        rows.hidden().rows.add(3, 3);
        rows.hidden().columns.add(5, 5);
        for (row, column) in [(0, 0), (1, 0), (3, 0), (4, 0), (4, 5), (5, 6)] {
            rows.cell(row, column, "x");
        }
        rows.beside(BlockKind::Comment, "A2", None, "comment");
        rows.beside(BlockKind::Comment, "A9", None, "comment");
        let marked: Vec<String> = blocks
            .finish(&mut Vec::new())
            .iter()
            .filter(|b| b.marks.hidden)
            .map(|b| b.locator.to_string())
            .collect();
        assert_eq!(marked, ["S!A2", "S!A4", "S!A5:F5", "S!A2"]);
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
