//! Documents in, citable passages out; and what a document is (its profile).
//!
//! A passage is a table row, or whole sentences of adjoining paragraphs under one heading. It is
//! never cut inside a row or a sentence, and always carries its heading path.

mod dates;
mod language;
mod profile;
mod sentences;
mod versions;

pub use dates::{DateFinding, find_dates};
pub use language::{detect, speak};
pub use profile::profile;
pub use sentences::sentences;
pub use versions::supersede;

use std::sync::Arc;

use crate::domain::{Block, BlockKind, Extracted, Part, Passage};

/// Paragraphs are joined until a passage has this many words: long enough to name a subject, short
/// enough to be read at a glance in a spreadsheet cell.
const FULL_WORDS: usize = 60;
/// A paragraph longer than this is split between sentences.
const LONG_WORDS: usize = 120;

/// A table with at least this many rows is taken to have a header.
const HEADED_ROWS: usize = 3;

/// Cuts a document into passages, in reading order. Headers and footers give none: they repeat and
/// belong to document control. Headings give none: every passage carries its own.
pub fn segment(document: &Extracted) -> Vec<Passage> {
    let mut cutter = Cutter { document: document.path.as_str().into(), passages: Vec::new() };
    let mut run: Vec<&Block> = Vec::new();
    let mut words = 0;
    let mut table_header: Option<(&Block, Arc<str>)> = None;
    let (mut table_rows, mut first_row) = (0, 0);
    for block in &document.blocks {
        let joins = run.first().is_some_and(|first| {
            block.kind == BlockKind::Body
                && first.heading == block.heading
                && first.marks == block.marks
                && first.locator.join(&block.locator).is_some()
                && words < FULL_WORDS
        });
        if !joins {
            cutter.flush(&mut run);
            words = 0;
        }
        if block.kind != BlockKind::Row {
            table_header = None;
        }
        match block.kind {
            BlockKind::Body => {
                words += word_count(&block.text);
                run.push(block);
            }
            BlockKind::Row => {
                let table = table_header.as_ref().filter(|(h, _)| h.heading == block.heading);
                if let Some((_, header)) = table {
                    table_rows += 1;
                    cutter.row(block, header);
                } else {
                    table_rows = 1;
                    first_row = cutter.passages.len();
                    table_header = Some((block, block.text.as_str().into()));
                    cutter.row(block, &Arc::default());
                }
                if table_rows == HEADED_ROWS
                    && let Some(first) = cutter.passages.get_mut(first_row)
                {
                    first.header_row = true;
                }
            }
            BlockKind::Note | BlockKind::Comment => cutter.single(block),
            BlockKind::Heading | BlockKind::Header | BlockKind::Footer => {}
        }
    }
    cutter.flush(&mut run);
    cutter.passages
}

fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

struct Cutter {
    document: Arc<str>,
    passages: Vec<Passage>,
}

impl Cutter {
    /// A passage with the kind, headings and marks of `block`.
    fn push(&mut self, block: &Block, text: String, parts: Vec<Part>) {
        let ordinal = self.passages.len() as u32;
        let (document, heading) = (self.document.clone(), block.heading.clone());
        let passage = Passage::new(document, ordinal, block.kind, heading, text, parts);
        self.passages.extend(passage.map(|mut passage| {
            passage.marks = block.marks;
            passage
        }));
    }

    fn single(&mut self, block: &Block) {
        for text in pieces(&block.text) {
            let part = Part { range: 0..text.len(), locator: block.locator.clone() };
            self.push(block, text.to_owned(), vec![part]);
        }
    }

    fn row(&mut self, block: &Block, header: &Arc<str>) {
        let part = Part { range: 0..block.text.len(), locator: block.locator.clone() };
        let before = self.passages.len();
        self.push(block, block.text.clone(), vec![part]);
        for passage in &mut self.passages[before..] {
            passage.table_header = header.clone();
        }
    }

    fn flush(&mut self, run: &mut Vec<&Block>) {
        match run.as_slice() {
            [] => {}
            [block] => self.single(block),
            [first, ..] => {
                let mut text = String::new();
                let mut parts = Vec::new();
                for block in run.iter() {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    let start = text.len();
                    text.push_str(&block.text);
                    parts.push(Part { range: start..text.len(), locator: block.locator.clone() });
                }
                self.push(first, text, parts);
            }
        }
        run.clear();
    }
}

/// A long text in pieces of whole sentences; a short one whole.
fn pieces(text: &str) -> Vec<&str> {
    if word_count(text) <= LONG_WORDS {
        return vec![text];
    }
    let mut out = Vec::new();
    let (mut start, mut words) = (None, 0);
    let mut end = 0;
    for sentence in sentences(text) {
        let from = *start.get_or_insert(sentence.start);
        words += word_count(&text[sentence.clone()]);
        end = sentence.end;
        if words >= FULL_WORDS {
            out.push(&text[from..end]);
            (start, words) = (None, 0);
        }
    }
    if let Some(from) = start {
        out.push(&text[from..end]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ExtractStatus, Locator};

    fn document(blocks: Vec<Block>) -> Extracted {
        Extracted {
            path: "a.docx".into(),
            hash: String::new(),
            status: ExtractStatus::Ok,
            diagnostics: vec![],
            properties: Default::default(),
            blocks,
        }
    }

    fn block(kind: BlockKind, n: u32, text: &str) -> Block {
        let heading = vec!["3 Access".to_owned()];
        Block::new(kind, Locator::paragraph(heading.clone(), n), heading, text.into())
    }

    #[test]
    fn short_paragraphs_join_and_rows_stay_alone_with_their_header() {
        let passages = segment(&document(vec![
            block(BlockKind::Body, 1, "Access is requested in writing."),
            block(BlockKind::Body, 2, "The owner approves."),
            block(BlockKind::Row, 3, "User Approved Removed"),
            block(BlockKind::Row, 4, "jdoe 2026-02-01 no"),
            block(BlockKind::Footer, 5, "Page 1"),
        ]));
        let texts: Vec<_> = passages.iter().map(Passage::text).collect();
        assert_eq!(
            texts,
            [
                "Access is requested in writing.\nThe owner approves.",
                "User Approved Removed",
                "jdoe 2026-02-01 no"
            ]
        );
        assert_eq!(&*passages[2].table_header, "User Approved Removed");
        assert_eq!(passages[0].locator().paragraph_range(), Some((1, 2)));
        let second = passages[0].text().find("The owner").unwrap();
        assert_eq!(passages[0].locate(&(second..second + 3)).paragraph_range(), Some((2, 2)));
    }

    #[test]
    fn hidden_and_recognised_text_is_told_apart() {
        let mut hidden = block(BlockKind::Body, 2, "Nobody sees this.");
        hidden.marks.hidden = true;
        let passages = segment(&document(vec![
            block(BlockKind::Body, 1, "Everybody sees this."),
            hidden.clone(),
            Block { locator: Locator::paragraph(hidden.heading.clone(), 3), ..hidden },
        ]));
        let marked: Vec<_> = passages.iter().map(|p| (p.marks.hidden, p.text())).collect();
        assert_eq!(
            marked,
            [(false, "Everybody sees this."), (true, "Nobody sees this.\nNobody sees this.")]
        );
    }

    #[test]
    fn a_long_paragraph_is_cut_between_sentences_only() {
        let sentence =
            "The administrator reviews every privileged account and removes what is unused. ";
        let text = sentence.repeat(40);
        let passages = segment(&document(vec![block(BlockKind::Body, 1, text.trim())]));
        assert!(passages.len() > 3);
        assert!(passages.iter().all(|p| p.text().starts_with("The ") && p.text().ends_with('.')));
        let total: usize = passages.iter().map(|p| word_count(p.text())).sum();
        assert_eq!(total, word_count(&text));
    }
}
