//! Scores of (passage, target) pairs: a passage against all targets in memory, and the targets
//! against all passages through the index.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Matcher,
    calibrate::{PassageFeatures, ProposalFeatures},
    citation::{self, Citation, Context},
    lexicon::Bag,
    nudge::Nudges,
    propose::Inputs,
    subject::Subject,
    talk,
};
use crate::{
    domain::{BlockKind, Passage, Talk, Target},
    index::{Analyzer, IndexError},
};

/// A passage enters the ranking of its best targets only.
const TARGETS_PER_PASSAGE: usize = 12;
/// tantivy's candidates per target.
const HITS_PER_TARGET: usize = 300;
/// A target gets candidates from at least this many documents, if the index finds so many.
const FEWEST_DOCUMENTS: usize = 12;
/// A passage with fewer words than this carries no statement by itself.
const FEWEST_WORDS: usize = 4;
/// What talk can reach at most: never a band that is exported for review.
pub(super) const TALK_CAP: f32 = 0.30;
/// What an exact citation in the section is worth. Not 1: sections cite what they only touch.
pub(super) const CITED: f32 = 0.93;
/// A passage that cites more targets than this lists them …
const LISTED: usize = 2;
/// … and is worth this for each.
pub(super) const LISTED_CITED: f32 = 0.5;
/// A term of a confusable neighbour, and none of the target's own, takes this share away.
pub(super) const NEIGHBOUR: f32 = 0.8;

/// A (passage, target) pair on its way to becoming a proposal.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) passage: usize,
    pub(super) document: usize,
    pub(super) features: ProposalFeatures,
    pub(super) cited: Option<Citation>,
    /// True if the passage cites so many targets that it lists rather than treats them.
    pub(super) listed: bool,
    pub(super) talk: Option<Talk>,
    /// How well the subject fits the framework, and the document the system, 0 to 1.
    pub(super) subject: f32,
    pub(super) confidence: f32,
    pub(super) nudges: Nudges,
}

impl Pair {
    /// What the citation says by itself, as a probability; 0 if there is none.
    pub(super) fn worth_of_citation(&self) -> f32 {
        match (&self.cited, self.listed) {
            (None, _) => 0.0,
            (Some(_), false) => CITED,
            (Some(_), true) => LISTED_CITED,
        }
    }

    /// What ranks proposals within a target: the fused score, citations first, talk last.
    pub(super) fn order(&self) -> f32 {
        let shift = match (self.talk, self.worth_of_citation()) {
            // A template for the very subject is at least the place where evidence would stand.
            (Some(Talk::Template), _) => -2.0,
            (Some(_), _) => -6.0,
            (None, worth) => 6.0 * worth,
        };
        // A wrong subject costs as much as the whole range of a good passage's score.
        self.features.fused() + shift - 8.0 * (1.0 - self.subject) + self.nudges.score()
    }
}

/// Per document: what gives means and priors.
pub(super) struct DocumentScores {
    mean: Vec<f32>,
    top3: Vec<[f32; 3]>,
    title: Vec<f32>,
    passages: usize,
    subject: Subject,
}

impl DocumentScores {
    /// Mean + ½ top 3 + ¼ title: what separates "there is evidence" from "there is none" best
    /// (research: document mean + ½ top 3).
    pub(super) fn of(&self, target: usize) -> f32 {
        let top = self.top3[target].iter().sum::<f32>() / 3.0;
        self.mean[target] + 0.5 * top + 0.25 * self.title[target]
    }

    fn add(&mut self, z: &[f32]) {
        self.passages += 1;
        for (t, z) in z.iter().enumerate() {
            self.mean[t] += z;
            let top = &mut self.top3[t];
            if *z > top[2] {
                top[2] = *z;
                top.sort_by(|a, b| b.total_cmp(a));
            }
        }
    }

    /// Mean over the other passages; 0 for the only one.
    fn prior(&self, target: usize, own: f32) -> f32 {
        match self.passages.saturating_sub(1) {
            0 => 0.0,
            others => (self.mean[target] * self.passages as f32 - own) / others as f32,
        }
    }
}

/// A passage's scores against all targets.
struct Scored {
    z: Vec<f32>,
    /// The best targets, best first.
    order: Vec<usize>,
    raw: Vec<f32>,
    words: u32,
}

/// Pairs by target, and the scores of each document.
pub(super) type Pairs = BTreeMap<usize, Vec<Pair>>;

impl Matcher<'_> {
    /// Scores everything against everything.
    ///
    /// # Errors
    /// The index is damaged.
    pub(super) fn pairs(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
    ) -> Result<(Pairs, Vec<DocumentScores>), IndexError> {
        let mut pairs = Pairs::new();
        let scores: Vec<DocumentScores> = (0..inputs.documents.len())
            .map(|document| self.forward(inputs, analyzer, document, &mut pairs))
            .collect();
        self.backward(inputs, analyzer, &scores, &mut pairs)?;
        for (n, candidates) in &mut pairs {
            for pair in candidates {
                self.judge(self.targets[*n], &inputs.passages[pair.passage], pair);
            }
        }
        self.named(inputs, &mut pairs);
        Ok((pairs, scores))
    }

    /// Scores the passages of one document against every target.
    fn forward(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        d: usize,
        pairs: &mut Pairs,
    ) -> DocumentScores {
        let count = self.targets.len();
        let document = &inputs.documents[d];
        let passages = &inputs.passages[document.passages.clone()];
        let name = document.path.rsplit('/').next().unwrap_or(document.path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).replace(['_', '-'], " ");
        let mut title = Bag::default();
        title.add(analyzer, &document.profile.title);
        title.add(analyzer, &stem);
        let named = self
            .meaning
            .likeness(&self.meaning.embed([document.profile.title.as_str(), &stem].into_iter()));
        let mut scores = DocumentScores {
            mean: vec![0.0; count],
            top3: vec![[0.0; 3]; count],
            title: match self.features.title {
                true => named.fuse(&self.lexicon.scores(&title)),
                false => vec![0.0; count],
            },
            passages: 0,
            subject: Subject::of(&format!("{} {stem}", document.profile.title), passages),
        };
        let context = self.context(document.profile.title.as_str(), name, passages);
        let mut cited: Vec<Vec<Citation>> =
            passages.iter().map(|passage| self.cited(&context, passage)).collect();
        let index = index_rows(passages, &cited);
        if !self.features.citations {
            cited.iter_mut().for_each(Vec::clear);
        }
        let scored: Vec<Option<Scored>> = passages
            .iter()
            .map(|passage| {
                let scored = self.score(analyzer, passage)?;
                scores.add(&scored.z);
                Some(scored)
            })
            .collect();
        let n = scores.passages.max(1) as f32;
        scores.mean.iter_mut().for_each(|mean| *mean /= n);

        for (offset, scored) in scored.into_iter().enumerate() {
            let Some(Scored { z, order, raw, words }) = scored else { continue };
            let passage = &passages[offset];
            let passage_talk = talk::passage_talk(passage, document.profile.talk)
                .or_else(|| index[offset].then_some(Talk::Soa))
                .filter(|_| self.features.talk);
            let mut wanted = order.clone();
            for citation in &cited[offset] {
                if let Ok(t) = self.targets.binary_search_by(|x| x.id.cmp(&citation.target))
                    && !wanted.contains(&t)
                {
                    wanted.push(t);
                }
            }
            for t in wanted {
                let rank = order.iter().position(|o| *o == t).unwrap_or(TARGETS_PER_PASSAGE);
                let mut features = PassageFeatures::new(&z, &order, rank, raw[t], words);
                if rank == TARGETS_PER_PASSAGE {
                    features.z = z[t];
                    features.margin = z[t] - z[order[0]];
                }
                let features = ProposalFeatures {
                    passage: features,
                    prior: if self.features.prior { scores.prior(t, z[t]) } else { 0.0 },
                    title: scores.title[t],
                    backward: 0.0,
                    backward_document: 0.0,
                };
                let target = self.targets[t];
                pairs.entry(t).or_default().push(Pair {
                    passage: document.passages.start + offset,
                    document: d,
                    features,
                    cited: cited[offset].iter().find(|c| c.target == target.id).cloned(),
                    listed: cited[offset].len() > LISTED,
                    talk: passage_talk,
                    subject: self.fit(scores.subject, &target.framework, passage),
                    confidence: 0.0,
                    nudges: Nudges::default(),
                });
            }
        }
        scores
    }

    /// A passage with its nearest headings and its table's header against all targets; `None` if it
    /// carries no statement.
    fn score(&self, analyzer: &mut Analyzer, passage: &Passage) -> Option<Scored> {
        let text = passage.text();
        let enough = text.split_whitespace().count() >= FEWEST_WORDS;
        if !enough || !text.chars().any(char::is_alphabetic) {
            return None;
        }
        let mut bag = Bag::default();
        bag.add(analyzer, text);
        let headings: Vec<&str> = match self.features.heading {
            true => passage.heading.iter().rev().take(2).map(String::as_str).collect(),
            false => Vec::new(),
        };
        headings.iter().for_each(|heading| bag.add(analyzer, heading));
        bag.add(analyzer, &passage.table_header);
        let raw = self.lexicon.scores(&bag);
        let parts = [text].into_iter().chain(headings).chain([passage.table_header.as_str()]);
        let likeness = self.meaning.likeness(&self.meaning.embed(parts));
        let z = likeness.fuse(&raw);
        let mut order: Vec<usize> = (0..z.len()).collect();
        order.sort_by(|a, b| z[*b].total_cmp(&z[*a]).then(a.cmp(b)));
        order.truncate(TARGETS_PER_PASSAGE);
        Some(Scored { z, order, raw, words: bag.words() })
    }

    pub(super) fn context(&self, title: &str, name: &str, passages: &[Passage]) -> Context {
        let texts = passages.iter().flat_map(|p| {
            p.heading.iter().map(String::as_str).chain([p.text(), p.table_header.as_str()])
        });
        Context::of(self.catalog, texts.chain([title, name]))
    }

    /// Citations in a passage or its own (innermost) heading.
    pub(super) fn cited(&self, context: &Context, passage: &Passage) -> Vec<Citation> {
        let heading = passage.heading.last().filter(|_| self.features.heading);
        let text = format!("{}\n{}", heading.map_or("", String::as_str), passage.text());
        let mut found = citation::citations(self.catalog, context, &text);
        found.retain(|c| self.features.renumbered || c.from_2013.is_none());
        found
    }

    /// Adds tantivy's view: how well a passage, and its document, answer a target compared with the
    /// best one.
    fn backward(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        scores: &[DocumentScores],
        pairs: &mut Pairs,
    ) -> Result<(), IndexError> {
        for (n, target) in self.targets.iter().enumerate().filter(|_| self.features.backward) {
            let hits = inputs.index.search(&target_query(target, analyzer), HITS_PER_TARGET)?;
            let Some(best) = hits.first().map(|hit| hit.score).filter(|s| *s > 0.0) else {
                continue;
            };
            let found: HashMap<usize, f32> =
                hits.iter().map(|hit| (hit.passage, hit.score / best)).collect();
            let mut top: HashMap<usize, (f32, u32)> = HashMap::new();
            for hit in &hits {
                let document = inputs.documents.partition_point(|d| d.passages.end <= hit.passage);
                let (sum, count) = top.entry(document).or_default();
                if *count < 3 {
                    *sum += hit.score / best / 3.0;
                    *count += 1;
                }
            }
            let pairs = pairs.entry(n).or_default();
            let mut documents: BTreeSet<usize> = pairs.iter().map(|pair| pair.document).collect();
            for hit in &hits {
                if documents.len() >= FEWEST_DOCUMENTS {
                    break;
                }
                let document = inputs.documents.partition_point(|d| d.passages.end <= hit.passage);
                if documents.insert(document) {
                    let scores = &scores[document];
                    pairs.extend(self.late(inputs, analyzer, hit.passage, document, n, scores));
                }
            }
            for pair in pairs {
                pair.features.backward = found.get(&pair.passage).copied().unwrap_or(0.0);
                pair.features.backward_document =
                    top.get(&pair.document).map_or(0.0, |(sum, _)| *sum);
            }
        }
        Ok(())
    }

    /// A pair that no passage's own ranking brought up: the best that its document has.
    fn late(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        p: usize,
        document: usize,
        t: usize,
        scores: &DocumentScores,
    ) -> Option<Pair> {
        let passage = &inputs.passages[p];
        let Scored { z, order, raw, words } = self.score(analyzer, passage)?;
        let mut features = PassageFeatures::new(&z, &order, TARGETS_PER_PASSAGE, raw[t], words);
        features.z = z[t];
        features.margin = z[t] - z[order[0]];
        Some(Pair {
            passage: p,
            document,
            features: ProposalFeatures {
                passage: features,
                prior: if self.features.prior { scores.prior(t, z[t]) } else { 0.0 },
                title: scores.title[t],
                backward: 0.0,
                backward_document: 0.0,
            },
            cited: None,
            listed: false,
            talk: talk::passage_talk(passage, inputs.documents[document].profile.talk)
                .filter(|_| self.features.talk),
            subject: self.fit(scores.subject, &self.targets[t].framework, passage),
            confidence: 0.0,
            nudges: Nudges::default(),
        })
    }

    fn fit(&self, subject: Subject, framework: &str, passage: &Passage) -> f32 {
        if self.features.subject { subject.fit(framework, passage) } else { 1.0 }
    }

    /// Turns a pair's features into a confidence.
    fn judge(&self, target: &Target, passage: &Passage, pair: &mut Pair) {
        if pair.talk.is_some_and(|t| talk::is_object(target, t)) {
            pair.talk = None;
        }
        let mut confidence = self.calibration.proposal.probability(&pair.features.values());
        if self.features.negatives && has_negative(target, passage.text()) {
            confidence *= NEIGHBOUR;
        }
        confidence *= pair.subject;
        confidence = confidence.max(pair.worth_of_citation());
        if pair.talk.is_some() {
            confidence = confidence.min(TALK_CAP);
        }
        pair.confidence = confidence;
    }
}

/// Which passages are rows of a table that cites a target in every other row.
pub(super) fn index_rows(passages: &[Passage], cited: &[Vec<Citation>]) -> Vec<bool> {
    let mut tables: BTreeMap<&[String], (usize, usize)> = BTreeMap::new();
    for (passage, cited) in passages.iter().zip(cited) {
        if passage.kind == BlockKind::Row {
            let (rows, citing) = tables.entry(&passage.heading).or_default();
            *rows += 1;
            *citing += usize::from(!cited.is_empty());
        }
    }
    passages
        .iter()
        .map(|passage| {
            passage.kind == BlockKind::Row
                && tables
                    .get(passage.heading.as_slice())
                    .is_some_and(|(rows, citing)| talk::is_index(*rows, *citing))
        })
        .collect()
}

/// The weighted words that fetch a target's passages: title 3, terms 2, description 1.
fn target_query(target: &Target, analyzer: &mut Analyzer) -> BTreeMap<String, f32> {
    let mut words: BTreeMap<String, f32> = BTreeMap::new();
    let mut add = |text: &str, weight: f32, analyzer: &mut Analyzer| {
        for word in analyzer.words(text) {
            let slot = words.entry(word).or_default();
            *slot = slot.max(weight);
        }
    };
    add(&target.title, 3.0, analyzer);
    add(&target.description, 1.0, analyzer);
    for term in &target.terms {
        add(term, 2.0, analyzer);
    }
    words
}

pub(super) fn has_negative(target: &Target, text: &str) -> bool {
    let lower = text.to_lowercase();
    target.negative_terms.iter().any(|term| lower.contains(&term.to_lowercase()))
        && !target.terms.iter().any(|term| lower.contains(&term.to_lowercase()))
}
