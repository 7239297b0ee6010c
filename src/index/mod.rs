//! Full-text index of passages on tantivy. tantivy's types never leave this module.
//!
//! The index is derived from passages alone and can be rebuilt at any time. Scores are BM25 with
//! the collection's own statistics; a query is a bag of weighted words.

mod analyzer;

use std::{collections::BTreeMap, path::Path};

use tantivy::{
    Index as Tantivy, IndexReader, IndexWriter, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery},
    schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

pub use analyzer::Analyzer;

use crate::domain::Passage;

/// Words in a heading weigh this much more than words in the text: a heading names the subject.
const HEADING_BOOST: f32 = 1.5;
/// Heap of the one indexing thread, in bytes.
const WRITER_HEAP: usize = 64 << 20;

/// What went wrong with the index; delete `.evimap/index/` and run again.
#[derive(Debug, thiserror::Error)]
#[error("the passage index failed: {0}; it is rebuilt by the next run")]
pub struct IndexError(#[from] tantivy::TantivyError);

/// A passage found by a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Position in the slice that the index was built from.
    pub passage: usize,
    /// BM25, larger is better.
    pub score: f32,
}

/// An index over a slice of passages.
pub struct Index {
    reader: IndexReader,
    heading: Field,
    text: Field,
    number: String,
}

impl Index {
    /// Indexes passages in memory, or in a folder, whose content is replaced.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn build(folder: Option<&Path>, passages: &[Passage]) -> Result<Self, IndexError> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(analyzer::NAME)
            .set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let heading = schema.add_text_field("heading", options.clone());
        let text = schema.add_text_field("text", options);
        let number = schema.add_u64_field("number", FAST);
        let schema = schema.build();

        let index = match folder {
            None => Tantivy::create_in_ram(schema),
            Some(folder) => {
                let io = |error: std::io::Error| tantivy::TantivyError::from(error);
                if folder.exists() {
                    std::fs::remove_dir_all(folder).map_err(io)?;
                }
                std::fs::create_dir_all(folder).map_err(io)?;
                Tantivy::create_in_dir(folder, schema)?
            }
        };
        analyzer::register(&index);

        // One thread and one segment: scores and ties come out the same on every machine.
        let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_HEAP)?;
        writer.set_merge_policy(Box::new(tantivy::indexer::NoMergePolicy));
        for (n, passage) in passages.iter().enumerate() {
            let mut document = TantivyDocument::new();
            document.add_text(heading, passage.heading.join(" "));
            if !passage.table_header.is_empty() {
                document.add_text(heading, &passage.table_header);
            }
            document.add_text(text, passage.text());
            document.add_u64(number, n as u64);
            writer.add_document(document)?;
        }
        writer.commit()?;
        drop(writer);
        Ok(Self { reader: index.reader()?, heading, text, number: "number".to_owned() })
    }

    /// The best passages for weighted words, best first; ties in reading order.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn search(
        &self,
        words: &BTreeMap<String, f32>,
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (word, weight) in words {
            for (field, boost) in [(self.heading, HEADING_BOOST), (self.text, 1.0)] {
                let term = Term::from_field_text(field, word);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                let boosted = BoostQuery::new(Box::new(query), weight * boost);
                clauses.push((Occur::Should, Box::new(boosted)));
            }
        }
        let searcher = self.reader.searcher();
        let collector = TopDocs::with_limit(limit.max(1)).order_by_score();
        let top = searcher.search(&BooleanQuery::new(clauses), &collector)?;
        let mut hits = Vec::with_capacity(top.len());
        for (score, address) in top {
            let numbers =
                searcher.segment_reader(address.segment_ord).fast_fields().u64(&self.number)?;
            if let Some(number) = numbers.first(address.doc_id) {
                hits.push(Hit { passage: number as usize, score });
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
        Ok(hits)
    }

    /// Finds passages by plain words, as a person types them.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn search_text(&self, query: &str, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let words = Analyzer::default().words(query).into_iter().map(|w| (w, 1.0)).collect();
        self.search(&words, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BlockKind, Locator, Part};

    fn passage(n: u32, heading: &str, text: &str) -> Passage {
        let part = Part { range: 0..text.len(), locator: Locator::lines(n, n) };
        let heading = vec![heading.to_owned()];
        Passage::new("d.md".into(), n, BlockKind::Body, heading, text.into(), vec![part]).unwrap()
    }

    #[test]
    fn finds_by_stem_and_prefers_the_subject_in_the_heading() {
        let passages = [
            passage(1, "Backups", "Restores are tested each quarter."),
            passage(2, "Other", "We tested backups once, among many other things of the year."),
            passage(3, "Visitors", "Visitors sign in at reception."),
        ];
        let index = Index::build(None, &passages).unwrap();
        let hits = index.search_text("backup test", 10).unwrap();
        let order: Vec<_> = hits.iter().map(|h| h.passage).collect();
        assert_eq!(order, [0, 1]);
        assert!(index.search_text("unicorn", 10).unwrap().is_empty());
    }
}
