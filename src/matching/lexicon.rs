//! The targets' own words as an inverted index in memory: how well does a text fit each target?
//!
//! BM25F with fields title, description, terms, exemplars, points and typical evidence: a word's
//! frequency is summed over fields with weights and length normalisation before saturation
//! (Robertson, Zaragoza, Taylor 2004). Neighbouring word pairs count as words of their own, so that
//! "access review" differs from a text that holds both words apart. A long k1 lets words that
//! recur over terms, exemplars and points add up. Statistics come from the catalogue alone, so a
//! passage scores the same in every collection.
//!
//! Each language has a lexicon of its own: the English words, and key terms and exemplars in that
//! language.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{beside_english, features::Features, stems::Stems};
use crate::{
    catalog::Catalog,
    domain::{Language, Target},
};

const WEIGHTS: [f32; 6] = [3.0, 1.0, 2.0, 0.5, 0.5, 0.5];
const K1: f32 = 4.0;
const B: f32 = 0.4;

/// Scores texts of one language against all targets of a catalogue.
pub struct Lexicon {
    language: Language,
    /// Stems of the language's key terms and exemplars; empty for English.
    own: HashSet<String>,
    compounds: bool,
    /// Word or word pair → its number, in alphabetical order: sums over ascending numbers are sums
    /// over ordered words.
    ids: HashMap<String, u32>,
    /// The numbers of two neighbouring words → the pair's.
    pairs: HashMap<(u32, u32), u32>,
    /// By number: (position of the target in catalogue order, BM25F weight).
    postings: Vec<Vec<(u16, f32)>>,
    targets: usize,
    /// Mean size of each field.
    average: [f32; 6],
}

/// The words of a text with their neighbours, ready to be scored: word → occurrences.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bag {
    /// Ordered, so that sums come out the same everywhere.
    counts: BTreeMap<String, u32>,
    words: u32,
}

impl Bag {
    /// Adds the words and word pairs of a text. Pairs don't span two calls.
    pub(super) fn add(&mut self, stems: &mut Stems, lexicon: &Lexicon, text: &str) {
        self.add_by(|take| stems.each(lexicon, text, take));
    }

    fn add_by(&mut self, each: impl FnOnce(&mut dyn FnMut(&str))) {
        let mut previous = String::new();
        each(&mut |word| {
            self.words += 1;
            *self.counts.entry(word.to_owned()).or_default() += 1;
            if !previous.is_empty() {
                let pair = format!("{previous} {word}");
                *self.counts.entry(pair).or_default() += 1;
            }
            previous.clear();
            previous.push_str(word);
        });
    }

    /// How many words (not pairs) were added.
    pub fn words(&self) -> u32 {
        self.words
    }
}

impl Lexicon {
    /// Builds the index over all targets for texts of one language.
    pub fn new(catalog: &Catalog, language: Language, features: Features) -> Self {
        let mut stems = Stems::default();
        let mut own = HashSet::new();
        for target in catalog.targets().filter(|_| language != Language::En) {
            let words = catalog.local_words(&target.id, language);
            let short = words.into_iter().flat_map(|w| w.terms.iter().chain(&w.exemplars));
            let texts = catalog.texts(&target.id, language);
            let long = texts.into_iter().flat_map(|t| {
                let heads = [&t.title, &t.description];
                heads.into_iter().chain(t.points.values()).chain(t.evidence.values())
            });
            for text in short.chain(long) {
                stems.of(language).each(text, |_, stem| {
                    own.insert(stem.to_owned());
                });
            }
        }
        let fields: Vec<[Bag; 6]> = catalog
            .targets()
            .map(|target| field_bags(catalog, target, (language, &own), &mut stems, features))
            .collect();
        let mut average = [0f32; 6];
        for bags in &fields {
            for (sum, bag) in average.iter_mut().zip(bags) {
                *sum += size(bag) / fields.len() as f32;
            }
        }
        let mut frequencies: BTreeMap<String, Vec<(u16, f32)>> = BTreeMap::new();
        for (n, bags) in fields.iter().enumerate() {
            let mut merged: BTreeMap<&str, f32> = BTreeMap::new();
            for (field, bag) in bags.iter().enumerate() {
                let norm = 1.0 - B + B * size(bag) / average[field].max(1.0);
                for (word, count) in &bag.counts {
                    *merged.entry(word).or_default() += WEIGHTS[field] * *count as f32 / norm;
                }
            }
            for (word, frequency) in merged {
                frequencies.entry(word.to_owned()).or_default().push((n as u16, frequency));
            }
        }
        let targets = fields.len();
        for postings in frequencies.values_mut() {
            let df = postings.len() as f32;
            let idf = (1.0 + (targets as f32 - df + 0.5) / (df + 0.5)).ln();
            for (_, weight) in postings.iter_mut() {
                *weight = idf * *weight / (K1 + *weight);
            }
            postings.sort_unstable_by_key(|(target, _)| *target);
        }
        let (words, postings): (Vec<String>, Vec<_>) = frequencies.into_iter().unzip();
        let ids: HashMap<String, u32> = words.into_iter().zip(0..).collect();
        let both = |pair: &str| {
            let (first, second) = pair.split_once(' ')?;
            Some((*ids.get(first)?, *ids.get(second)?))
        };
        let pairs = ids.iter().filter_map(|(word, id)| Some((both(word)?, *id))).collect();
        let compounds = features.compounds;
        Self { language, own, compounds, ids, pairs, postings, targets, average }
    }

    /// Whose texts it scores.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// True if a stem, by the rules of its language, is one of that language's words. Others are
    /// read as English.
    pub(super) fn is_own(&self, stem: &str) -> bool {
        self.own.contains(stem)
    }

    /// Whether words that it does not know are taken apart.
    pub(super) fn splits_compounds(&self) -> bool {
        self.compounds
    }

    /// The raw score of a bag for every target, in catalogue order.
    pub fn scores(&self, bag: &Bag) -> Vec<f32> {
        let mut scores = vec![0f64; self.targets];
        for (word, count) in &bag.counts {
            if let Some(id) = self.id(word) {
                self.count(id, *count, &mut scores);
            }
        }
        scores.into_iter().map(|s| s as f32).collect()
    }

    /// The same for ascending numbers of words and pairs, with repetitions.
    pub(super) fn scores_of(&self, ids: &[u32]) -> Vec<f32> {
        let mut scores = vec![0f64; self.targets];
        for same in ids.chunk_by(|a, b| a == b) {
            self.count(same[0], same.len() as u32, &mut scores);
        }
        scores.into_iter().map(|s| s as f32).collect()
    }

    fn count(&self, id: u32, count: u32, scores: &mut [f64]) {
        let repeated = if count == 1 { 1.0 } else { 1.0 + f64::from(count).ln() };
        for (target, weight) in &self.postings[id as usize] {
            scores[usize::from(*target)] += repeated * f64::from(*weight);
        }
    }

    /// The number of a stemmed word that the catalogue uses.
    pub(super) fn id(&self, word: &str) -> Option<u32> {
        self.ids.get(word).copied()
    }

    /// The number of a pair that the catalogue uses, by the numbers of its words.
    pub(super) fn pair(&self, first: u32, second: u32) -> Option<u32> {
        self.pairs.get(&(first, second)).copied()
    }

    /// How a bag's score for a target (the `n`th) comes about, as shares of 1 in the order of the
    /// fields: a word's weight is shared out by what each field adds to its frequency.
    pub(super) fn by_field(
        &self,
        catalog: &Catalog,
        target: &Target,
        features: Features,
        stems: &mut Stems,
        bag: &Bag,
        n: usize,
    ) -> [f32; 6] {
        let fields = field_bags(catalog, target, (self.language, &self.own), stems, features);
        let mut shares = [0f32; 6];
        for (word, count) in &bag.counts {
            let weight = self.weight(word, n) * (1.0 + (*count as f32).ln());
            let adds: Vec<f32> = fields
                .iter()
                .enumerate()
                .map(|(field, words)| {
                    let norm = 1.0 - B + B * size(words) / self.average[field].max(1.0);
                    let count = words.counts.get(word).copied().unwrap_or(0);
                    WEIGHTS[field] * count as f32 / norm
                })
                .collect();
            let all = adds.iter().sum::<f32>();
            if all > 0.0 {
                shares.iter_mut().zip(&adds).for_each(|(share, add)| *share += weight * add / all);
            }
        }
        let total: f32 = shares.iter().sum();
        if total > 0.0 { shares.map(|share| share / total) } else { shares }
    }

    /// True if the catalogue uses a stemmed word.
    pub fn knows(&self, word: &str) -> bool {
        self.ids.contains_key(word)
    }

    /// The weight of a single word or pair for one target.
    pub fn weight(&self, word: &str, target: usize) -> f32 {
        self.id(word)
            .and_then(|id| {
                let p = &self.postings[id as usize];
                p.binary_search_by_key(&target, |(t, _)| usize::from(*t)).ok().map(|n| p[n].1)
            })
            .unwrap_or(0.0)
    }

    /// The words and pairs of a bag that count most for a target, best first.
    pub fn strongest<'a>(&self, bag: &'a Bag, target: usize, most: usize) -> Vec<&'a str> {
        let mut words: Vec<(f32, &str)> = bag
            .counts
            .keys()
            .map(|word| (self.weight(word, target), word.as_str()))
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        words.into_iter().take(most).map(|(_, word)| word).collect()
    }
}

fn size(bag: &Bag) -> f32 {
    bag.counts.values().sum::<u32>() as f32
}

fn field_bags(
    catalog: &Catalog,
    target: &Target,
    (language, own): (Language, &HashSet<String>),
    stems: &mut Stems,
    features: Features,
) -> [Bag; 6] {
    let mut bags: [Bag; 6] = Default::default();
    let mut add = |field: usize, text: &str| {
        let is_own = |stem: &str| own.contains(stem);
        bags[field].add_by(|take| stems.each_by(language, features.compounds, is_own, text, take));
    };
    add(0, &target.title);
    add(1, &target.description);
    target.terms.iter().for_each(|term| add(2, term));
    for exemplar in target.exemplars.iter().filter(|_| features.exemplars) {
        add(3, exemplar);
    }
    for point in target.points.iter().filter(|_| features.points) {
        add(4, &point.text);
        add(5, &point.typical_evidence);
    }
    let local = catalog.local_words(&target.id, beside_english(language));
    if let Some(words) = local.filter(|_| features.languages) {
        words.terms.iter().for_each(|term| add(2, term));
        words.exemplars.iter().for_each(|exemplar| add(3, exemplar));
    }
    let texts = catalog.texts(&target.id, language);
    if let Some(texts) = texts.filter(|_| features.languages) {
        add(0, &texts.title);
        add(1, &texts.description);
        texts.points.values().filter(|_| features.points).for_each(|point| add(4, point));
        texts.evidence.values().filter(|_| features.points).for_each(|text| add(5, text));
    }
    if !features.bigrams {
        bags.iter_mut().for_each(|bag| bag.counts.retain(|word, _| !word.contains(' ')));
    }
    bags
}

/// Standard scores of a vector: mean 0, standard deviation 1. All zero if the vector is constant.
pub fn standardise(scores: &[f32]) -> Vec<f32> {
    let n = scores.len().max(1) as f32;
    let mean = scores.iter().sum::<f32>() / n;
    let deviation = (scores.iter().map(|s| (s - mean).powi(2)).sum::<f32>() / n).sqrt();
    if deviation < 1e-6 {
        return vec![0.0; scores.len()];
    }
    scores.iter().map(|s| (s - mean) / deviation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(text: &str) -> Vec<String> {
        let catalog = Catalog::builtin();
        let lexicon = Lexicon::new(catalog, Language::En, Features::default());
        let mut bag = Bag::default();
        bag.add(&mut Stems::default(), &lexicon, text);
        let scores = lexicon.scores(&bag);
        let ids: Vec<String> = catalog.targets().map(|t| t.id.to_string()).collect();
        let mut order: Vec<usize> = (0..ids.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        order.into_iter().take(3).map(|n| ids[n].clone()).collect()
    }

    #[test]
    fn plain_sentences_find_their_control() {
        for (text, id) in [
            (
                "Visitors sign the log at reception and wear a badge inside the office.",
                "ISO27001:A.7.2",
            ),
            ("All servers synchronise their clocks with two NTP sources.", "ISO27001:A.8.17"),
            (
                "Model drift is monitored weekly and alerts go to the on-call engineer.",
                "ISO42001:A.6.2.6",
            ),
        ] {
            assert!(best(text).iter().any(|b| b == id), "{text}: {:?}", best(text));
        }
    }

    #[test]
    fn a_text_without_known_words_scores_nothing() {
        let lexicon = Lexicon::new(Catalog::builtin(), Language::En, Features::default());
        let mut bag = Bag::default();
        bag.add(&mut Stems::default(), &lexicon, "xyzzy plugh");
        assert!(lexicon.scores(&bag).iter().all(|s| *s == 0.0));
        assert_eq!(standardise(&[0.0, 0.0]), [0.0, 0.0]);
    }
}
