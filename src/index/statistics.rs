//! What BM25 needs to know of a collection, apart from the collection: so that one that is split
//! over several indexes scores like one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tantivy::{Searcher, Term, query::Bm25StatisticsProvider, schema::Field};

use super::IndexError;
use crate::domain::Language;

/// Counts over a collection of passages, by language. Those of two collections without common
/// passages add up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics(pub BTreeMap<Language, LanguageStatistics>);

/// Counts over the passages of one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageStatistics {
    /// Number of passages.
    pub passages: u64,
    pub heading: FieldStatistics,
    pub text: FieldStatistics,
}

/// Counts over one field of a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldStatistics {
    /// Words with repetitions: over the number of passages, the average length.
    pub tokens: u64,
    /// Stemmed word → number of passages that hold it.
    pub frequencies: BTreeMap<String, u64>,
}

impl Statistics {
    /// Adds the counts of another part of the collection.
    pub fn merge(&mut self, other: &Self) {
        for (language, other) in &other.0 {
            self.0.entry(*language).or_default().merge(other);
        }
    }
}

impl LanguageStatistics {
    fn merge(&mut self, other: &Self) {
        self.passages += other.passages;
        for (own, other) in [(&mut self.heading, &other.heading), (&mut self.text, &other.text)] {
            own.tokens += other.tokens;
            for (word, count) in &other.frequencies {
                *own.frequencies.entry(word.clone()).or_default() += count;
            }
        }
    }
}

impl FieldStatistics {
    /// Adds the counts of one field of an index.
    pub(super) fn add(&mut self, searcher: &Searcher, field: Field) -> Result<(), IndexError> {
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(field)?;
            self.tokens += inverted.total_num_tokens();
            let io = |error: std::io::Error| tantivy::TantivyError::from(error);
            let mut terms = inverted.terms().stream().map_err(io)?;
            while terms.advance() {
                let word = String::from_utf8_lossy(terms.key()).into_owned();
                *self.frequencies.entry(word).or_default() += u64::from(terms.value().doc_freq);
            }
        }
        Ok(())
    }
}

/// Statistics from outside, as tantivy asks for them. Counts that contradict each other must not
/// take a search down: a frequency above the number of passages counts as that number.
pub(super) struct Given<'s> {
    pub statistics: &'s LanguageStatistics,
    pub heading: Field,
}

impl Given<'_> {
    fn field(&self, field: Field) -> &FieldStatistics {
        if field == self.heading { &self.statistics.heading } else { &self.statistics.text }
    }
}

impl Bm25StatisticsProvider for Given<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Ok(self.field(field).tokens.max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.statistics.passages.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let frequencies = &self.field(term.field()).frequencies;
        let value = term.value();
        let known = value.as_str().and_then(|word| frequencies.get(word)).copied();
        Ok(known.unwrap_or(0).min(self.statistics.passages))
    }
}

/// The sum over the shards of one index.
pub(super) struct Summed<'s>(pub Vec<&'s Searcher>);

impl Bm25StatisticsProvider for Summed<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.0.iter().map(|searcher| (*searcher).total_num_tokens(field)).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.0.iter().map(|searcher| searcher.total_num_docs()).sum()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.0.iter().map(|searcher| searcher.doc_freq(term)).sum()
    }
}
