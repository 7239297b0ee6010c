//! The passages of one document against every target.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use super::{
    Matcher,
    answers::Answers,
    calibrate::{PassageFeatures, ProposalFeatures},
    citation::{self, Citation, Context},
    lexicon::Lexicon,
    nudge::Nudges,
    pairs::Pair,
    propose::Inputs,
    reader::{Read, Reader},
    subject::{Subject, speaks_of_ai},
    table::Table,
    talk,
};
use crate::domain::{BlockKind, Language, Passage, Talk};

/// A passage enters the ranking of its best targets only.
const TARGETS_PER_PASSAGE: usize = 12;
/// A passage with fewer words than this carries no statement by itself.
const FEWEST_WORDS: usize = 4;
/// A passage that cites more targets than this lists them.
const LISTED: usize = 2;
/// A passage with more words than this, which no sentence's end could cut, is data.
const LONGEST: u32 = 2000;
/// A document that cites so many different targets is an index …
const INDEX_TARGETS: usize = 40;
/// … where a passage lists them, or has no more than so many words for each.
const INDEX_WORDS: usize = 15;
/// A thread remembers the scores of at most so many texts that recur (1.6 kB each).
const REMEMBERED: usize = 8192;

/// A passage's scores against all targets.
struct Scored {
    z: Vec<f32>,
    /// The best targets, best first.
    order: Vec<usize>,
    raw: Vec<f32>,
    words: u32,
    /// Terms or repetitions instead of a statement.
    word_list: bool,
}

/// Sums over the passages of a document, by target.
struct Document {
    mean: Vec<f32>,
    top3: Vec<[f32; 3]>,
    title: Vec<f32>,
    passages: usize,
}

impl Document {
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

    /// Mean + ½ top 3 + ¼ title: what separates "there is evidence" from "there is none" best
    /// (research: document mean + ½ top 3).
    fn score(&self, target: usize) -> f32 {
        let top = self.top3[target].iter().sum::<f32>() / 3.0;
        self.mean[target] + 0.5 * top + 0.25 * self.title[target]
    }

    /// Mean over the other passages; 0 for the only one.
    fn prior(&self, target: usize, own: f32) -> f32 {
        match self.passages.saturating_sub(1) {
            0 => 0.0,
            others => (self.mean[target] * self.passages as f32 - own) / others as f32,
        }
    }
}

/// What one thread keeps between documents. Nothing in it changes a result.
pub(super) struct Worker<'m> {
    table: &'m Table,
    readers: BTreeMap<Language, Reader<'m>>,
    read: Read,
    remembered: HashMap<u64, Arc<Scored>>,
    titles: HashMap<(Language, String, String), Vec<f32>>,
}

impl<'m> Worker<'m> {
    pub(super) fn new(matcher: &'m Matcher<'_>) -> Self {
        Self {
            table: matcher.meaning.table(),
            readers: BTreeMap::new(),
            read: Read::default(),
            remembered: HashMap::new(),
            titles: HashMap::new(),
        }
    }

    /// Reads a text made of several parts by a lexicon.
    fn read<'t>(&mut self, lexicon: &'m Lexicon, parts: impl Iterator<Item = &'t str>) {
        let new = || Reader::new(lexicon, self.table);
        let reader = self.readers.entry(lexicon.language()).or_insert_with(new);
        reader.read(parts, &mut self.read);
    }
}

/// Pairs with their targets, in reading order.
#[derive(Default)]
pub(super) struct Found {
    pub(super) pairs: Vec<(usize, Pair)>,
    /// Passages that the index names for a target which is not among their own best.
    pub(super) late: Vec<(usize, Pair)>,
}

impl Matcher<'_> {
    /// Scores the passages of one document against every target. `repeated` holds the keys
    /// ([`key`]) of passages that occur more than once, ascending.
    pub(super) fn forward<'m>(
        &'m self,
        inputs: &Inputs<'_>,
        answers: &Answers,
        repeated: &[u64],
        worker: &mut Worker<'m>,
        d: usize,
        found: &mut Found,
    ) {
        let document = &inputs.documents[d];
        let passages = &inputs.passages[document.passages.clone()];
        let name = document.path.rsplit('/').next().unwrap_or(document.path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).replace(['_', '-'], " ");
        let profile = document.profile;
        let mut sums = self.titled(worker, profile.language, &profile.title, &stem);
        let speaking: Vec<bool> = passages.iter().map(speaks_of_ai).collect();
        let subject =
            Subject::of(&format!("{} {stem}", profile.title), profile.language, &speaking);
        let context = self.context(document.profile.title.as_str(), name, passages);
        let mut cited: Vec<Vec<Citation>> =
            passages.iter().map(|passage| self.cited(&context, passage)).collect();
        let index = index_passages(passages, &cited);
        if !self.features.citations {
            cited.iter_mut().for_each(Vec::clear);
        }
        let (first, first_late) = (found.pairs.len(), found.late.len());
        for (offset, passage) in passages.iter().enumerate() {
            let p = document.passages.start + offset;
            let Some(scored) = self.score(worker, repeated, passage) else { continue };
            sums.add(&scored.z);
            let own_talk = talk::passage_talk(passage, document.profile.talk)
                .or_else(|| scored.word_list.then_some(Talk::WordList))
                .filter(|_| self.features.talk);
            let talk = own_talk
                .or_else(|| index[offset].then_some(Talk::Soa))
                .filter(|_| self.features.talk);
            let pair = |t: usize, talk: Option<Talk>| {
                let target = self.targets[t];
                let rank = scored.order.iter().position(|o| *o == t).unwrap_or(TARGETS_PER_PASSAGE);
                let Scored { z, order, raw, words, .. } = &*scored;
                let mut features = PassageFeatures::new(z, order, rank, raw[t], *words);
                if rank == TARGETS_PER_PASSAGE {
                    features.z = z[t];
                    features.margin = z[t] - z[order[0]];
                }
                let fit = || subject.fit(&target.framework, passage, speaking[offset]);
                Pair {
                    passage: p,
                    document: d,
                    features: ProposalFeatures {
                        passage: features,
                        prior: 0.0,
                        title: sums.title[t],
                        backward: answers.of_passage(t, p),
                        backward_document: answers.of_document(t, d),
                    },
                    document_score: 0.0,
                    cited: None,
                    listed: false,
                    talk: talk.filter(|talk| !talk::is_object(target, *talk)),
                    subject: if self.features.subject { fit() } else { 1.0 },
                    confidence: 0.0,
                    nudges: Nudges::default(),
                }
            };
            let mut wanted = scored.order.clone();
            for citation in &cited[offset] {
                if let Ok(t) = self.targets.binary_search_by(|x| x.id.cmp(&citation.target))
                    && !wanted.contains(&t)
                {
                    wanted.push(t);
                }
            }
            for t in answers.asked(p).filter(|t| !wanted.contains(t)) {
                found.late.push((t, pair(t, own_talk)));
            }
            for t in wanted {
                let mut pair = pair(t, talk);
                let id = &self.targets[t].id;
                pair.cited = cited[offset].iter().find(|c| c.target == *id).cloned().map(Box::new);
                pair.listed = cited[offset].len() > LISTED;
                found.pairs.push((t, pair));
            }
        }
        let n = sums.passages.max(1) as f32;
        sums.mean.iter_mut().for_each(|mean| *mean /= n);
        for (t, pair) in found.pairs[first..].iter_mut().chain(&mut found.late[first_late..]) {
            pair.document_score = sums.score(*t);
            if self.features.prior {
                pair.features.prior = sums.prior(*t, pair.features.passage.z);
            }
        }
    }

    fn titled<'m>(
        &'m self,
        worker: &mut Worker<'m>,
        language: Language,
        title: &str,
        stem: &str,
    ) -> Document {
        let count = self.targets.len();
        let mut title_scores = vec![0.0; count];
        if self.features.title {
            let key = (language, title.to_owned(), stem.to_owned());
            match worker.titles.get(&key) {
                Some(known) => title_scores.clone_from(known),
                None => {
                    let lexicon = self.lexicon(language);
                    worker.read(lexicon, [title, stem].into_iter());
                    let likeness = self.meaning.likeness(&worker.read.vector);
                    let raw = lexicon.scores_of(&worker.read.ids);
                    title_scores = self.fuse(language, &likeness, &raw);
                    if worker.titles.len() >= REMEMBERED {
                        worker.titles.clear();
                    }
                    worker.titles.insert(key, title_scores.clone());
                }
            }
        }
        Document {
            mean: vec![0.0; count],
            top3: vec![[0.0; 3]; count],
            title: title_scores,
            passages: 0,
        }
    }

    /// A passage with its nearest headings and its table's header against all targets; `None` if it
    /// carries no statement.
    fn score<'m>(
        &'m self,
        worker: &mut Worker<'m>,
        repeated: &[u64],
        passage: &Passage,
    ) -> Option<Arc<Scored>> {
        let text = passage.text();
        let enough = text.split_whitespace().nth(FEWEST_WORDS - 1).is_some();
        if !enough || !text.chars().any(char::is_alphabetic) {
            return None;
        }
        let key = Some(key(passage)).filter(|key| repeated.binary_search(key).is_ok());
        if let Some(known) = key.and_then(|key| worker.remembered.get(&key)) {
            return Some(known.clone());
        }
        let headings = passage.heading.iter().rev().take(if self.features.heading { 2 } else { 0 });
        let parts =
            [text].into_iter().chain(headings.map(String::as_str)).chain([&*passage.table_header]);
        let lexicon = self.lexicon(passage.language);
        worker.read(lexicon, parts);
        let read = &worker.read;
        let raw = lexicon.scores_of(&read.ids);
        let z = self.fuse(passage.language, &self.meaning.likeness(&read.vector), &raw);
        let by_score = |a: &usize, b: &usize| z[*b].total_cmp(&z[*a]).then(a.cmp(b));
        let mut order: Vec<usize> = (0..z.len()).collect();
        if order.len() > TARGETS_PER_PASSAGE {
            order.select_nth_unstable_by(TARGETS_PER_PASSAGE, by_score);
            order.truncate(TARGETS_PER_PASSAGE);
        }
        order.sort_unstable_by(by_score);
        let word_list = read.is_word_list(passage.kind == BlockKind::Row) || read.words > LONGEST;
        let scored = Arc::new(Scored { z, order, raw, words: read.words, word_list });
        if let Some(key) = key {
            if worker.remembered.len() >= REMEMBERED {
                worker.remembered.clear();
            }
            worker.remembered.insert(key, scored.clone());
        }
        Some(scored)
    }

    pub(super) fn context(&self, title: &str, name: &str, passages: &[Passage]) -> Context {
        let mut above: &[String] = &[];
        let texts = passages.iter().flat_map(|p| {
            // Passages of one section need their headings read once.
            let new = *p.heading != *above;
            above = &p.heading;
            let headings = p.heading.iter().filter(move |_| new).map(String::as_str);
            headings.chain([p.text(), &*p.table_header])
        });
        Context::of(self.catalog, texts.chain([title, name]))
    }

    /// Citations in a passage or its own (innermost) heading.
    pub(super) fn cited(&self, context: &Context, passage: &Passage) -> Vec<Citation> {
        let heading = passage.heading.last().filter(|_| self.features.heading);
        let heading = heading.map_or("", String::as_str);
        if !citation::numbered(heading) && !citation::numbered(passage.text()) {
            return Vec::new();
        }
        let text = format!("{heading}\n{}", passage.text());
        let mut found = citation::citations(self.catalog, context, &text);
        found.retain(|c| self.features.renumbered || c.from_2013.is_none());
        found
    }
}

/// What a passage's scores depend on, as one number.
pub(super) fn key(passage: &Passage) -> u64 {
    let mut hasher = DefaultHasher::new();
    passage.text().hash(&mut hasher);
    for heading in passage.heading.iter().rev().take(2) {
        heading.hash(&mut hasher);
    }
    passage.table_header.hash(&mut hasher);
    passage.language.hash(&mut hasher);
    // A row need not be prose.
    (passage.kind == BlockKind::Row).hash(&mut hasher);
    hasher.finish()
}

/// The keys of passages that occur more than once, ascending.
pub(super) fn repeated(passages: &[Passage]) -> Vec<u64> {
    let mut keys: Vec<u64> = passages.iter().map(key).collect();
    keys.sort_unstable();
    let mut repeated: Vec<u64> =
        keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    repeated.dedup();
    repeated
}

/// Which passages point to targets instead of treating them: rows of a table that cites one in
/// every other row, and mere mentions in a document that cites the whole catalogue.
fn index_passages(passages: &[Passage], cited: &[Vec<Citation>]) -> Vec<bool> {
    let mut index = index_rows(passages, cited);
    let targets: BTreeSet<&str> = cited.iter().flatten().map(|c| c.target.as_str()).collect();
    if targets.len() >= INDEX_TARGETS {
        for ((index, passage), cited) in index.iter_mut().zip(passages).zip(cited) {
            let words = || passage.text().split_whitespace().count();
            *index |=
                !cited.is_empty() && (cited.len() > LISTED || words() <= INDEX_WORDS * cited.len());
        }
    }
    index
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
                    .get(&*passage.heading)
                    .is_some_and(|(rows, citing)| talk::is_index(*rows, *citing))
        })
        .collect()
}
