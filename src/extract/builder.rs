//! What several readers need to build blocks: the headings above, and a line index.

use crate::domain::{Block, BlockKind, Locator, squash_whitespace};

/// Longer headings are body text: a heading path is repeated in every block below it.
const HEADING_CHARS: usize = 300;

/// Collects blocks and keeps the headings that the next block stands under.
#[derive(Debug, Default)]
pub(super) struct Builder {
    blocks: Vec<Block>,
    path: Vec<(u8, String)>,
    paragraphs: u32,
}

impl Builder {
    /// The headings above, outermost first.
    pub fn path(&self) -> Vec<String> {
        self.path.iter().map(|(_, text)| text.clone()).collect()
    }

    /// Adds a block with a place of its own. Blank text is dropped.
    pub fn push(&mut self, kind: BlockKind, locator: Locator, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            let heading = self.path();
            self.blocks.push(Block::new(kind, locator, heading, text.to_owned()));
        }
    }

    /// Adds a heading of a level (1 is the outermost), which ends the headings of its level and
    /// below.
    pub fn heading(&mut self, level: u8, locator: Locator, text: &str) {
        let text = &squash_whitespace(text);
        if text.is_empty() {
            return;
        }
        if text.len() > HEADING_CHARS {
            return self.push(BlockKind::Body, locator, text);
        }
        self.path.retain(|(above, _)| *above < level);
        self.push(BlockKind::Heading, locator, text);
        self.path.push((level, text.clone()));
    }

    /// Adds a block that is placed by its headings and the running number of its paragraph.
    pub fn paragraph(&mut self, kind: BlockKind, text: &str) {
        if !text.trim().is_empty() {
            self.paragraphs += 1;
            let locator = Locator::paragraph(self.path(), self.paragraphs);
            self.push(kind, locator, text);
        }
    }

    /// As [`Builder::heading`], placed by a running paragraph number.
    pub fn paragraph_heading(&mut self, level: u8, text: &str) {
        if !text.trim().is_empty() {
            self.paragraphs += 1;
            self.path.retain(|(above, _)| *above < level);
            let locator = Locator::paragraph(self.path(), self.paragraphs);
            self.heading(level, locator, text);
        }
    }

    pub fn into_blocks(self) -> Vec<Block> {
        self.blocks
    }
}

/// Line numbers of byte offsets.
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(n, _)| n + 1);
        Self { starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line of a byte offset, from 1.
    pub fn at(&self, offset: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// The lines that the text of a range covers, blank ends left out. `None` if it is blank.
    pub fn locator(&self, text: &str, start: usize, end: usize) -> Option<Locator> {
        let slice = text.get(start..end)?;
        let from = start + (slice.len() - slice.trim_start().len());
        let to = start + slice.trim_end().len();
        (from < to).then(|| Locator::lines(self.at(from), self.at(to - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_nest_and_end() {
        let mut builder = Builder::default();
        builder.paragraph_heading(1, "A");
        builder.paragraph_heading(2, "B");
        builder.paragraph(BlockKind::Body, "text");
        builder.paragraph_heading(1, "C");
        let blocks = builder.into_blocks();
        let paths: Vec<_> = blocks.iter().map(|b| b.heading.join("/")).collect();
        assert_eq!(paths, ["", "A", "A/B", ""]);
        assert_eq!(blocks[2].locator.to_string(), "A › B, paragraph 3");
    }

    #[test]
    fn lines_are_counted_without_blank_ends() {
        let text = "one\n\ntwo\nthree\n\n";
        let lines = Lines::of(text);
        assert_eq!(lines.locator(text, 3, text.len()), Some(Locator::lines(3, 4)));
        assert_eq!(lines.locator(text, 3, 4), None);
    }
}
