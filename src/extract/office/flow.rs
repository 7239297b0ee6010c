//! A flowing text as blocks: paragraphs counted from 1 over the whole document, table rows, the
//! headings above. Shared by all word-processor formats.

use crate::{
    diag::Diagnostic,
    domain::{Block, BlockKind, Locator},
    extract::Limits,
};

/// Longer text in a heading style is no heading: it would stand in the path of every block.
const HEADING_CHARS: usize = 300;

/// What a block costs beside its text, about.
const BLOCK_COST: usize = 256;

/// Collects blocks up to the limit for text.
#[derive(Debug)]
pub(super) struct Blocks {
    list: Vec<Block>,
    left: usize,
    cost_left: usize,
    full: bool,
    /// What is pushed is hidden in the file.
    pub(super) hidden: bool,
}

impl Blocks {
    pub(super) fn new(limits: &Limits) -> Self {
        let left = limits.text_bytes;
        // Very many tiny blocks under long headings are bounded too.
        Self {
            list: Vec::new(),
            left,
            cost_left: left.saturating_mul(4).saturating_add(64 << 10),
            full: false,
            hidden: false,
        }
    }

    /// Adds a block unless its text is blank. White space at the ends is cut.
    pub(super) fn push(
        &mut self,
        kind: BlockKind,
        locator: Locator,
        heading: &[String],
        text: &str,
    ) {
        let text = text.trim();
        if text.is_empty() || self.full {
            return;
        }
        let path: usize = heading.iter().map(|h| h.len() + 24).sum();
        let cost = text.len() + 2 * path + BLOCK_COST;
        if text.len() > self.left || cost > self.cost_left {
            self.full = true;
            return;
        }
        self.left -= text.len();
        self.cost_left -= cost;
        let mut block = Block::new(kind, locator, heading.to_vec(), text.to_owned());
        block.marks.hidden = self.hidden;
        self.list.push(block);
    }

    /// Whether a block did not fit any more: the rest of the file need not be read.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The blocks, and a warning if the limit cut some.
    pub(super) fn finish(self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Block> {
        if self.full {
            diagnostics.push(text_limit(self.list.last().map(|b| &b.locator)));
        }
        self.list
    }
}

fn text_limit(last: Option<&Locator>) -> Diagnostic {
    let message = match last {
        Some(last) => format!("more text than the limit: what stands after {last} is not read"),
        None => "more text than the limit".to_owned(),
    };
    Diagnostic::warning("text-limit", message).help("split the file, or raise the limit for text")
}

/// Adds run text: control characters are dropped, line ends and tabs inside a run are blanks.
pub(super) fn push_clean(out: &mut String, text: &str) {
    // Control characters are below 0x20, 0x7F, or begin with 0xC2.
    if text.bytes().all(|b| b >= 0x20 && b != 0x7F && b != 0xC2) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

#[derive(Debug)]
struct Paragraph {
    number: u32,
    text: String,
    level: Option<u8>,
    /// Some of the text is hidden.
    hidden: bool,
}

#[derive(Debug, Default)]
struct Row {
    cells: Vec<Vec<Paragraph>>,
}

/// Builds the blocks of a flowing text from calls in document order.
#[derive(Debug)]
pub(super) struct Flow {
    blocks: Blocks,
    /// The paragraph that each block starts with: text boxes and nested tables end before what
    /// holds them, and are sorted behind its start at the end.
    order: Vec<u32>,
    headings: Vec<(u8, String)>,
    path: Vec<String>,
    open: Vec<Paragraph>,
    tables: Vec<Option<Row>>,
    count: u32,
    text_limit: usize,
}

impl Flow {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            blocks: Blocks::new(limits),
            order: Vec::new(),
            headings: Vec::new(),
            path: Vec::new(),
            open: Vec::new(),
            tables: Vec::new(),
            count: 0,
            text_limit: limits.text_bytes,
        }
    }

    pub(super) fn open_paragraph(&mut self) {
        self.count = self.count.saturating_add(1);
        let (number, text) = (self.count, String::new());
        self.open.push(Paragraph { number, text, level: None, hidden: false });
    }

    /// Makes the open paragraph a heading; 0 is the title of the document.
    pub(super) fn set_level(&mut self, level: Option<u8>) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.level = level;
        }
    }

    /// Adds run text to the open paragraph. Outside of any paragraph there is no text.
    pub(super) fn push(&mut self, text: &str) {
        let limit = self.text_limit;
        if let Some(paragraph) = self.open.last_mut() {
            // A little more than the limit is enough to find the paragraph too long.
            let left = (limit + 8).saturating_sub(paragraph.text.len());
            push_clean(&mut paragraph.text, &text[..text.floor_char_boundary(left)]);
        }
    }

    /// Marks the open paragraph: some of its text is hidden.
    pub(super) fn hide(&mut self) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.hidden = true;
        }
    }

    /// Adds a tab, a break or another white space of the format itself.
    pub(super) fn space(&mut self, c: char) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.text.push(c);
        }
    }

    pub(super) fn close_paragraph(&mut self) {
        let Some(paragraph) = self.open.pop() else { return };
        if paragraph.text.trim().is_empty() {
            return;
        }
        let cell = self.tables.last_mut().and_then(Option::as_mut).and_then(|r| r.cells.last_mut());
        match cell {
            Some(cell) => cell.push(paragraph),
            None => self.emit(&paragraph),
        }
    }

    pub(super) fn in_paragraph(&self) -> bool {
        !self.open.is_empty()
    }

    pub(super) fn open_table(&mut self) {
        self.tables.push(None);
    }

    pub(super) fn close_table(&mut self) {
        self.close_row();
        self.tables.pop();
    }

    pub(super) fn open_row(&mut self) {
        self.close_row();
        if let Some(row) = self.tables.last_mut() {
            *row = Some(Row::default());
        }
    }

    pub(super) fn open_cell(&mut self) {
        if let Some(Some(row)) = self.tables.last_mut() {
            row.cells.push(Vec::new());
        }
    }

    /// Ends a row: one block, or a block a paragraph where a single cell holds several (a frame
    /// around text, not a table).
    pub(super) fn close_row(&mut self) {
        let Some(row) = self.tables.last_mut().and_then(Option::take) else { return };
        let mut filled: Vec<Vec<Paragraph>> =
            row.cells.into_iter().filter(|cell| !cell.is_empty()).collect();
        for cell in &mut filled {
            cell.sort_by_key(|paragraph| paragraph.number);
        }
        if filled.len() == 1 && filled[0].len() > 1 {
            for paragraph in filled.remove(0) {
                self.emit(&paragraph);
            }
            return;
        }
        let Some(number) = filled.first().map(|cell| cell[0].number) else { return };
        let mut text = String::new();
        for paragraph in filled.iter().flatten() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(paragraph.text.trim());
        }
        self.blocks.hidden = filled.iter().flatten().any(|paragraph| paragraph.hidden);
        self.push_block(BlockKind::Row, number, &text);
    }

    fn emit(&mut self, paragraph: &Paragraph) {
        let text = paragraph.text.trim();
        self.blocks.hidden = paragraph.hidden;
        match paragraph.level.filter(|_| text.chars().count() <= HEADING_CHARS) {
            None => self.push_block(BlockKind::Body, paragraph.number, text),
            Some(level) => {
                while self.headings.last().is_some_and(|(l, _)| *l >= level) {
                    self.headings.pop();
                    self.path.pop();
                }
                self.push_block(BlockKind::Heading, paragraph.number, text);
                let name = crate::domain::squash_whitespace(text);
                self.headings.push((level, name.clone()));
                self.path.push(name);
            }
        }
    }

    fn push_block(&mut self, kind: BlockKind, number: u32, text: &str) {
        let before = self.blocks.len();
        let locator = Locator::paragraph(self.path.clone(), number);
        self.blocks.push(kind, locator, &self.path, text);
        if self.blocks.len() > before {
            self.order.push(number);
        }
    }

    /// The headings that stand above what comes next.
    pub(super) fn path(&self) -> &[String] {
        &self.path
    }

    /// How many blocks there are so far.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.blocks.is_full()
    }

    /// Ends what is still open and gives the blocks in document order.
    pub(super) fn finish(mut self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Block> {
        while self.in_paragraph() {
            self.close_paragraph();
        }
        while !self.tables.is_empty() {
            self.close_table();
        }
        let list = self.blocks.finish(diagnostics);
        let mut keyed: Vec<(u32, Block)> = self.order.into_iter().zip(list).collect();
        keyed.sort_by_key(|(number, _)| *number);
        keyed.into_iter().map(|(_, block)| block).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(flow: &mut Flow, level: Option<u8>, text: &str) {
        flow.open_paragraph();
        flow.set_level(level);
        flow.push(text);
        flow.close_paragraph();
    }

    fn shown(flow: Flow) -> Vec<String> {
        let blocks = flow.finish(&mut Vec::new());
        blocks.iter().map(|b| format!("{:?} {}: {}", b.kind, b.locator, b.text)).collect()
    }

    #[test]
    fn headings_nest_and_end_at_their_own_level() {
        let mut flow = Flow::new(&Limits::default());
        paragraph(&mut flow, Some(0), "Policy");
        paragraph(&mut flow, Some(1), "1 Scope");
        paragraph(&mut flow, Some(2), "1.1 Sites");
        paragraph(&mut flow, None, "Hall 4");
        paragraph(&mut flow, Some(1), "2 Rules");
        paragraph(&mut flow, None, "None.");
        assert_eq!(
            shown(flow),
            [
                "Heading paragraph 1: Policy",
                "Heading Policy, paragraph 2: 1 Scope",
                "Heading Policy › 1 Scope, paragraph 3: 1.1 Sites",
                "Body Policy › 1 Scope › 1.1 Sites, paragraph 4: Hall 4",
                "Heading Policy, paragraph 5: 2 Rules",
                "Body Policy › 2 Rules, paragraph 6: None.",
            ]
        );
    }

    #[test]
    fn rows_join_their_cells_and_nested_tables_keep_their_own_rows() {
        let mut flow = Flow::new(&Limits::default());
        flow.open_table();
        flow.open_row();
        flow.open_cell();
        paragraph(&mut flow, None, "Owner");
        flow.open_cell();
        paragraph(&mut flow, None, "Jane");
        paragraph(&mut flow, None, "Doe");
        flow.open_table();
        flow.open_row();
        flow.open_cell();
        paragraph(&mut flow, None, "inner");
        flow.close_row();
        flow.close_table();
        flow.close_row();
        flow.open_row();
        flow.open_cell();
        paragraph(&mut flow, None, "framed");
        paragraph(&mut flow, None, "text");
        flow.close_row();
        flow.close_table();
        assert_eq!(
            shown(flow),
            [
                "Row paragraph 1: Owner Jane Doe",
                "Row paragraph 4: inner",
                "Body paragraph 5: framed",
                "Body paragraph 6: text",
            ]
        );
    }

    #[test]
    fn a_text_box_comes_after_the_start_of_its_paragraph() {
        let mut flow = Flow::new(&Limits::default());
        flow.open_paragraph();
        flow.push("out");
        paragraph(&mut flow, None, "box");
        flow.push("er\u{1}\n");
        flow.close_paragraph();
        assert_eq!(shown(flow), ["Body paragraph 1: outer", "Body paragraph 2: box"]);
    }

    #[test]
    fn text_over_the_limit_is_cut_at_a_block_and_said() {
        let limits = Limits { text_bytes: 10, ..Limits::default() };
        let mut flow = Flow::new(&limits);
        let mut diagnostics = Vec::new();
        paragraph(&mut flow, None, "12345678");
        assert!(!flow.is_full());
        paragraph(&mut flow, None, "12345678");
        assert!(flow.is_full());
        paragraph(&mut flow, None, "1");
        assert_eq!(flow.finish(&mut diagnostics).len(), 1);
        assert_eq!(diagnostics[0].code, "text-limit");
        assert!(diagnostics[0].message.contains("paragraph 1"));
    }
}
