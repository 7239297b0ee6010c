//! tantivy's view: which passages answer a target best, compared with the best one.

use std::collections::{BTreeMap, HashMap};

use super::{Matcher, propose::Inputs};
use crate::{
    catalog::LocalWords,
    domain::Target,
    index::{Analyzer, IndexError, spread, threads},
};

/// tantivy's candidates per target.
const HITS_PER_TARGET: usize = 300;

/// The index's answers to all targets.
pub(super) struct Answers {
    by_target: Vec<Answer>,
    /// Passage → targets that it answers.
    asked: HashMap<usize, Vec<u16>>,
}

/// The index's answer to one target.
#[derive(Default)]
struct Answer {
    /// Passage → its score over the best, 0 to 1.
    passages: HashMap<usize, f32>,
    /// Document → mean of its three best such scores.
    documents: HashMap<usize, f32>,
    /// Passages with their documents, best first.
    order: Vec<(usize, usize)>,
}

impl Answers {
    /// Asks the index for every target.
    ///
    /// # Errors
    /// The index is damaged.
    pub(super) fn ask(matcher: &Matcher<'_>, inputs: &Inputs<'_>) -> Result<Self, IndexError> {
        let targets = if matcher.features.backward { matcher.targets.len() } else { 0 };
        let mut analyzers: Vec<Analyzer> = (0..threads()).map(|_| Analyzer::default()).collect();
        let found = spread(&mut analyzers, targets, |analyzer, n| {
            let target = matcher.targets[n];
            let local = match matcher.features.languages {
                true => matcher.catalog.local_words(&target.id),
                false => &[],
            };
            Answer::ask(target, local, inputs, analyzer)
        });
        let by_target = found.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut asked: HashMap<usize, Vec<u16>> = HashMap::new();
        for (n, answer) in by_target.iter().enumerate() {
            for (passage, _) in &answer.order {
                asked.entry(*passage).or_default().push(n as u16);
            }
        }
        Ok(Self { by_target, asked })
    }

    /// How well a passage answers a target, 0 to 1.
    pub(super) fn of_passage(&self, target: usize, passage: usize) -> f32 {
        let answer = self.by_target.get(target);
        answer.and_then(|answer| answer.passages.get(&passage)).copied().unwrap_or(0.0)
    }

    /// How well a document answers a target, 0 to 1.
    pub(super) fn of_document(&self, target: usize, document: usize) -> f32 {
        let answer = self.by_target.get(target);
        answer.and_then(|answer| answer.documents.get(&document)).copied().unwrap_or(0.0)
    }

    /// The targets that a passage answers, ascending.
    pub(super) fn asked(&self, passage: usize) -> impl Iterator<Item = usize> + '_ {
        self.asked.get(&passage).into_iter().flatten().map(|n| usize::from(*n))
    }

    /// The passages that answer a target, with their documents, best first.
    pub(super) fn order(&self, target: usize) -> &[(usize, usize)] {
        self.by_target.get(target).map_or(&[], |answer| &answer.order)
    }
}

impl Answer {
    fn ask(
        target: &Target,
        local: &[LocalWords],
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
    ) -> Result<Self, IndexError> {
        let hits = inputs.index.search(&target_query(target, local, analyzer), HITS_PER_TARGET)?;
        let mut answer = Self::default();
        let Some(best) = hits.first().map(|hit| hit.score).filter(|s| *s > 0.0) else {
            return Ok(answer);
        };
        let mut counts: HashMap<usize, u32> = HashMap::new();
        for hit in &hits {
            let document = inputs.documents.partition_point(|d| d.passages.end <= hit.passage);
            let count = counts.entry(document).or_default();
            if *count < 3 {
                *answer.documents.entry(document).or_default() += hit.score / best / 3.0;
                *count += 1;
            }
            answer.passages.insert(hit.passage, hit.score / best);
            answer.order.push((hit.passage, document));
        }
        Ok(answer)
    }
}

/// The weighted words that fetch a target's passages: title 3, terms 2, description 1.
fn target_query(
    target: &Target,
    local: &[LocalWords],
    analyzer: &mut Analyzer,
) -> BTreeMap<String, f32> {
    let mut words: BTreeMap<String, f32> = BTreeMap::new();
    let mut add = |text: &str, weight: f32, analyzer: &mut Analyzer| {
        for word in analyzer.words(text) {
            let slot = words.entry(word).or_default();
            *slot = slot.max(weight);
        }
    };
    add(&target.title, 3.0, analyzer);
    add(&target.description, 1.0, analyzer);
    for term in target.terms.iter().chain(local.iter().flat_map(|words| &words.terms)) {
        add(term, 2.0, analyzer);
    }
    words
}
