//! Full-text index of passages on tantivy. tantivy's types never leave this module.
//!
//! The index is derived from passages alone and can be rebuilt at any time. Scores are BM25 with
//! the statistics of the whole collection; a query is a bag of weighted words.
//!
//! A large collection is split into shards of adjoining passages, which are built side by side and
//! each by one thread. How it is split depends on the passages only, so that scores and ties come
//! out the same on every machine.
//!
//! Each language is a collection of its own: its words are stemmed by its own rules, and how rare
//! they are is counted among its passages.

mod analyzer;
mod best;
mod spread;
mod statistics;

use std::{collections::BTreeMap, path::Path};

use tantivy::{
    Index as Tantivy, IndexWriter, Searcher, TantivyDocument, Term,
    query::{
        Bm25StatisticsProvider, BooleanQuery, BoostQuery, EnableScoring, Occur, Query, TermQuery,
    },
    schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

pub use analyzer::Analyzer;
pub use spread::{spread, threads};
pub use statistics::{FieldStatistics, LanguageStatistics, Statistics};

use crate::domain::{Language, Passage};
use best::Best;
use statistics::{Given, Summed};

/// Words in a heading weigh this much more than words in the text: a heading names the subject.
const HEADING_BOOST: f32 = 1.5;
/// Heap of the one thread that writes a shard, in bytes: enough for a shard of usual passages.
const WRITER_HEAP: usize = 64 << 20;
/// Most passages in a shard.
const SHARD: usize = 50_000;
/// Fast field with a passage's position in the collection.
const NUMBER: &str = "number";

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
    /// In the order of the passages.
    shards: BTreeMap<Language, Vec<Searcher>>,
    fields: Fields,
    /// From outside; the index's own if there are none.
    statistics: Option<Statistics>,
}

#[derive(Clone, Copy)]
struct Fields {
    heading: Field,
    text: Field,
    number: Field,
}

impl Index {
    /// Indexes passages in memory, or in a folder, whose content is replaced.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn build(folder: Option<&Path>, passages: &[Passage]) -> Result<Self, IndexError> {
        Self::sharded(folder, passages, SHARD)
    }

    fn sharded(
        folder: Option<&Path>,
        passages: &[Passage],
        most: usize,
    ) -> Result<Self, IndexError> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(analyzer::NAME)
            .set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let fields = Fields {
            heading: schema.add_text_field("heading", options.clone()),
            text: schema.add_text_field("text", options),
            number: schema.add_u64_field(NUMBER, FAST),
        };
        let schema = schema.build();
        if let Some(folder) = folder
            && folder.exists()
        {
            std::fs::remove_dir_all(folder).map_err(tantivy::TantivyError::from)?;
        }
        let mut positions: BTreeMap<Language, Vec<u32>> = BTreeMap::new();
        for (n, passage) in passages.iter().enumerate() {
            positions.entry(passage.language).or_default().push(n as u32);
        }
        let mut parts: Vec<(Language, &[u32])> = Vec::new();
        for (language, positions) in &positions {
            // Shards of equal size, so that they take equally long.
            let size = positions.len().div_ceil(positions.len().div_ceil(most).max(1)).max(1);
            parts.extend(positions.chunks(size).map(|part| (*language, part)));
        }
        let shard = |n: usize| -> Result<(Language, Searcher), IndexError> {
            let (language, positions) = parts[n];
            let index = match folder {
                None => Tantivy::create_in_ram(schema.clone()),
                Some(folder) => {
                    let folder = folder.join(format!("{n:04}"));
                    std::fs::create_dir_all(&folder).map_err(tantivy::TantivyError::from)?;
                    Tantivy::create_in_dir(folder, schema.clone())?
                }
            };
            analyzer::register(&index, language);
            write(&index, fields, positions, passages)?;
            Ok((language, index.reader()?.searcher()))
        };
        let mut shards: BTreeMap<Language, Vec<Searcher>> = BTreeMap::new();
        for built in spread(&mut vec![(); threads()], parts.len(), |(), n| shard(n)) {
            let (language, searcher) = built?;
            shards.entry(language).or_default().push(searcher);
        }
        Ok(Self { shards, fields, statistics: None })
    }

    /// The languages of its passages, and how many passages each has.
    pub fn languages(&self) -> impl Iterator<Item = (Language, u64)> + '_ {
        self.shards.iter().map(|(language, shards)| {
            (*language, shards.iter().map(|shard| shard.num_docs()).sum())
        })
    }

    /// The collection's counts, to be merged with those of others.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn statistics(&self) -> Result<Statistics, IndexError> {
        let mut all = Statistics::default();
        for (language, shards) in &self.shards {
            let statistics = all.0.entry(*language).or_default();
            for shard in shards {
                statistics.passages += shard.num_docs();
                statistics.heading.add(shard, self.fields.heading)?;
                statistics.text.add(shard, self.fields.text)?;
            }
        }
        Ok(all)
    }

    /// The same index, scoring as a part of the collection that these statistics are of.
    #[must_use]
    pub fn with_statistics(mut self, statistics: Statistics) -> Self {
        self.statistics = Some(statistics);
        self
    }

    /// The best passages of one language for weighted words (as its analyzer gives them), best
    /// first; ties in reading order.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn search(
        &self,
        language: Language,
        words: &BTreeMap<String, f32>,
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError> {
        let shards = self.shards.get(&language).map_or(&[][..], Vec::as_slice);
        let given = self.statistics.as_ref().and_then(|all| all.0.get(&language));
        match given {
            Some(statistics) => {
                let given = Given { statistics, heading: self.fields.heading };
                self.search_by(&given, shards, words, limit)
            }
            None => self.search_by(&Summed(shards.iter().collect()), shards, words, limit),
        }
    }

    fn search_by(
        &self,
        statistics: &dyn Bm25StatisticsProvider,
        shards: &[Searcher],
        words: &BTreeMap<String, f32>,
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (word, weight) in words {
            for (field, boost) in [(self.fields.heading, HEADING_BOOST), (self.fields.text, 1.0)] {
                let term = Term::from_field_text(field, word);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                let boosted = BoostQuery::new(Box::new(query), weight * boost);
                clauses.push((Occur::Should, Box::new(boosted)));
            }
        }
        let query = BooleanQuery::new(clauses);
        let mut hits = Vec::new();
        for searcher in shards {
            let scoring = EnableScoring::enabled_from_statistics_provider(statistics, searcher);
            let weight = query.weight(scoring)?;
            // Segment by segment: tantivy puts them in no fixed order, and would cut ties by it.
            for reader in searcher.segment_readers() {
                let mut best = Best::new(limit);
                // Every match is scored. Skipping those that can't be among the best (`TopDocs`)
                // costs more than it saves with the dozens of words that a target has: a third of
                // the time of matching, measured.
                weight.for_each(reader, &mut |document, score| best.add(score, document))?;
                let numbers = reader.fast_fields().u64(NUMBER)?;
                for (score, document) in best.into_found() {
                    if let Some(number) = numbers.first(document) {
                        hits.push(Hit { passage: number as usize, score });
                    }
                }
            }
        }
        best_first(&mut hits, limit);
        Ok(hits)
    }

    /// Finds passages by plain words, as a person types them: they are read in each language that
    /// the collection holds.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn search_text(&self, query: &str, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let mut hits = Vec::new();
        for language in self.shards.keys() {
            let words = Analyzer::of(*language).words(query).into_iter().map(|w| (w, 1.0));
            hits.extend(self.search(*language, &words.collect(), limit)?);
        }
        best_first(&mut hits, limit);
        Ok(hits)
    }
}

fn best_first(hits: &mut Vec<Hit>, limit: usize) {
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
    hits.truncate(limit);
}

/// Writes one shard: one thread and no merging, so that documents keep their order.
fn write(
    index: &Tantivy,
    fields: Fields,
    positions: &[u32],
    passages: &[Passage],
) -> Result<(), IndexError> {
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_HEAP)?;
    writer.set_merge_policy(Box::new(tantivy::indexer::NoMergePolicy));
    for n in positions {
        let passage = &passages[*n as usize];
        let mut document = TantivyDocument::new();
        document.add_text(fields.heading, passage.heading.join(" "));
        if !passage.table_header.is_empty() {
            document.add_text(fields.heading, &passage.table_header);
        }
        document.add_text(fields.text, passage.text());
        document.add_u64(fields.number, u64::from(*n));
        writer.add_document(document)?;
    }
    writer.commit()?;
    Ok(())
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

    /// Passages whose words are common in one half and rare in the other.
    fn lopsided() -> Vec<Passage> {
        (0..60)
            .map(|n| {
                let mut text = "Logs are kept".to_owned();
                for (every, word) in [(2, " backup"), (3, " review"), (7, " visitor quarter")] {
                    if n % every == 0 || (n < 20 && every == 7) {
                        text.push_str(word);
                    }
                }
                text.push_str(&" filler".repeat(n % 5));
                passage(n as u32 + 1, if n % 4 == 0 { "Backup" } else { "Other" }, &text)
            })
            .collect()
    }

    fn same(found: &[Hit], wanted: &[Hit]) {
        assert_eq!(found.len(), wanted.len());
        for (a, b) in found.iter().zip(wanted) {
            // The order in which a score's parts are added may differ.
            assert!(a.passage == b.passage && (a.score - b.score).abs() < 1e-5, "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_split_collection_scores_like_a_whole_one() {
        let passages = lopsided();
        let query = "backup review visitor";
        let whole = Index::build(None, &passages).unwrap();
        let wanted = whole.search_text(query, 100).unwrap();

        let (left, right) = passages.split_at(20);
        let left = Index::build(None, left).unwrap();
        let right = Index::build(None, right).unwrap();
        let together = |left: &Index, right: &Index| {
            let mut hits = left.search_text(query, 100).unwrap();
            let later = right.search_text(query, 100).unwrap();
            hits.extend(later.iter().map(|h| Hit { passage: h.passage + 20, ..*h }));
            hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
            hits
        };
        let alone = together(&left, &right);
        assert!(alone.iter().zip(&wanted).any(|(a, b)| (a.score - b.score).abs() > 0.1));

        let mut statistics = left.statistics().unwrap();
        statistics.merge(&right.statistics().unwrap());
        assert_eq!(statistics, whole.statistics().unwrap());
        let carried = serde_json::to_string(&statistics).unwrap();
        let statistics: Statistics = serde_json::from_str(&carried).unwrap();
        let left = left.with_statistics(statistics.clone());
        let right = right.with_statistics(statistics);
        same(&together(&left, &right), &wanted);
        same(
            &Index::sharded(None, &passages, 7).unwrap().search_text(query, 100).unwrap(),
            &wanted,
        );
    }

    #[test]
    fn each_language_is_stemmed_and_scored_by_itself() {
        let mut german =
            passage(4, "Prüfungen", "Die Sicherungen werden monatlich zurückgespielt.");
        german.language = Language::De;
        let english = [
            passage(1, "Backups", "Restores are tested each quarter."),
            passage(2, "Visitors", "Visitors sign in at reception."),
        ];
        let alone = Index::build(None, &english).unwrap();
        let mut all = vec![german];
        all.extend(english);
        let index = Index::build(None, &all).unwrap();
        assert_eq!(index.languages().collect::<Vec<_>>(), [(Language::En, 2), (Language::De, 1)]);
        let hits = |query| index.search_text(query, 9).unwrap();
        assert_eq!(hits("sicherung")[0].passage, 0);
        let wanted = alone.search_text("restore test", 9).unwrap();
        let shifted: Vec<Hit> =
            wanted.iter().map(|h| Hit { passage: h.passage + 1, ..*h }).collect();
        assert_eq!(hits("restore test"), shifted);
    }

    #[test]
    fn a_cut_takes_the_first_of_equal_passages() {
        let passages: Vec<Passage> = (1..=40).map(|n| passage(n, "Backup", "A test.")).collect();
        for most in [7, 1000] {
            let hits = Index::sharded(None, &passages, most).unwrap().search_text("backup", 5);
            let order: Vec<_> = hits.unwrap().iter().map(|h| h.passage).collect();
            assert_eq!(order, [0, 1, 2, 3, 4]);
        }
    }

    #[test]
    fn statistics_that_contradict_each_other_end_no_search() {
        let index = Index::build(None, &lopsided()).unwrap();
        let mut odd = index.statistics().unwrap();
        let english = odd.0.get_mut(&Language::En).unwrap();
        english.passages = 1;
        english.text.tokens = 0;
        assert!(!index.with_statistics(odd).search_text("backup", 5).unwrap().is_empty());
        let index = Index::build(None, &[]).unwrap();
        assert!(index.search_text("backup", 5).unwrap().is_empty());
    }
}
