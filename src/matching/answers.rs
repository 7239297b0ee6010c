//! tantivy's view: which passages answer a target best, compared with the best one of their
//! language.

use std::collections::{BTreeMap, HashMap};

use super::{Matcher, beside_english, propose::Inputs, stems::Stems};
use crate::{
    domain::Language,
    index::{Hit, IndexError, spread, threads},
};

/// tantivy's candidates per target in each language.
const HITS_PER_TARGET: usize = 300;
/// Weight of a title's words beside 2 for a key term's and 1 for the description's.
const TITLE: f32 = 3.0;
/// With so many passages a language is measured half by its own best passage, half by the main
/// language's if that is better: of a handful of passages one is always the best, and need not be
/// good.
const FEW_PASSAGES: f32 = 100.0;

/// However many passages it has, a language is measured by the main language's best at least by this
/// share, if that is better: where documents stand in two languages, those of the main one come first
/// among equals. Half of the way between being drowned (1) and competing as equals (0); figures for
/// all three stand in docs/matching.md.
const OTHER: f32 = 0.5;

/// The index's answers to all targets.
pub(super) struct Answers {
    by_target: Vec<Answer>,
    /// Passage → targets that it answers.
    asked: HashMap<usize, Vec<u16>>,
}

/// The index's answer to one target.
#[derive(Default)]
struct Answer {
    /// Passage → its score over the best of its language, 0 to 1.
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
        let mut stems: Vec<Stems> = (0..threads()).map(|_| Stems::default()).collect();
        let found = spread(&mut stems, targets, |stems, n| Answer::ask(matcher, n, inputs, stems));
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
        matcher: &Matcher<'_>,
        n: usize,
        inputs: &Inputs<'_>,
        stems: &mut Stems,
    ) -> Result<Self, IndexError> {
        let mut found: Vec<(u64, Vec<Hit>)> = Vec::new();
        for (language, passages) in inputs.index.languages() {
            let query = matcher.query(n, language, stems);
            found.push((passages, inputs.index.search(language, &query, HITS_PER_TARGET)?));
        }
        let score = |hits: &[Hit]| hits.first().map_or(0.0, |hit| hit.score);
        let main = found.iter().max_by_key(|(passages, _)| *passages);
        let main = main.map_or(0.0, |(_, hits)| score(hits));
        let mut answer = Self::default();
        let mut order: Vec<(f32, usize, usize)> = Vec::new();
        for (passages, hits) in &found {
            // A language is measured by its own best passage, as far as it has passages enough for
            // one of them to be good, and by the main language's.
            let passages = *passages as f32;
            let share = (FEW_PASSAGES / (passages + FEW_PASSAGES)).max(OTHER);
            let own = score(hits);
            let scale = own + share * (main - own).max(0.0);
            if scale <= 0.0 {
                continue;
            }
            let mut counts: HashMap<usize, u32> = HashMap::new();
            for hit in hits {
                let score = hit.score / scale;
                let document = inputs.documents.partition_point(|d| d.passages.end <= hit.passage);
                let count = counts.entry(document).or_default();
                if *count < 3 {
                    *answer.documents.entry(document).or_default() += score / 3.0;
                    *count += 1;
                }
                answer.passages.insert(hit.passage, score);
                order.push((score, hit.passage, document));
            }
        }
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        answer.order =
            order.into_iter().map(|(_, passage, document)| (passage, document)).collect();
        Ok(answer)
    }
}

impl Matcher<'_> {
    /// The weighted words that fetch the `n`th target's passages in a language: title 3, terms 2,
    /// description 1.
    fn query(&self, n: usize, language: Language, stems: &mut Stems) -> BTreeMap<String, f32> {
        let target = self.targets[n];
        let local = self.catalog.local_words(&target.id, beside_english(language));
        let local = local.filter(|_| self.features.languages);
        let analyzer = stems.of(language);
        let mut words: BTreeMap<String, f32> = BTreeMap::new();
        let mut add = |text: &str, weight: f32| {
            analyzer.each(text, |_, word| match words.get_mut(word) {
                Some(known) => *known = known.max(weight),
                None => {
                    words.insert(word.to_owned(), weight);
                }
            });
        };
        add(&target.title, TITLE);
        add(&target.description, 1.0);
        for term in target.terms.iter().chain(local.iter().flat_map(|words| &words.terms)) {
            add(term, 2.0);
        }
        // A language's first term counts as a title: not every language has a title of its own.
        let first =
            local.filter(|_| language != Language::En).and_then(|words| words.terms.first());
        first.into_iter().for_each(|term| add(term, TITLE));
        let texts = self.catalog.texts(&target.id, language);
        if let Some(texts) = texts.filter(|_| self.features.languages) {
            add(&texts.title, TITLE);
            add(&texts.description, 1.0);
        }
        words
    }
}
