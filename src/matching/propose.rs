//! The batch: all passages of a collection against all targets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::{
    Matcher,
    calibrate::{PassageFeatures, ProposalFeatures, TargetFeatures},
    citation::{self, Context},
    evidence,
    lexicon::{Bag, standardise},
    talk, verdict,
};
use crate::{
    config::System,
    domain::{
        Band, DocumentProfile, DocumentStatus, EvidenceKind, ISO42001, Level, NearestMiss, Passage,
        Proposal, ProposalId, Talk, Target, TargetId, TargetView, letters_and_digits,
    },
    index::{Analyzer, Index, IndexError},
};

/// A document of the collection.
#[derive(Debug, Clone, Copy)]
pub struct DocumentInput<'a> {
    pub path: &'a str,
    pub hash: &'a str,
    pub profile: &'a DocumentProfile,
    /// Where its passages lie in the collection's slice.
    pub passages: &'a Range<usize>,
}

/// What the matcher works on.
pub struct Inputs<'a> {
    pub documents: &'a [DocumentInput<'a>],
    pub passages: &'a [Passage],
    pub index: &'a Index,
    pub systems: &'a [System],
}

/// What the matcher finds.
#[derive(Debug, Default)]
pub struct Matched {
    /// By target, then system, then rank.
    pub proposals: Vec<Proposal>,
    /// One for each row that is assessed, in the same order.
    pub views: Vec<TargetView>,
}

/// A passage enters the ranking of its best targets only.
const TARGETS_PER_PASSAGE: usize = 12;
/// tantivy's candidates per target.
const HITS_PER_TARGET: usize = 300;
/// A target keeps this many proposals …
const PER_TARGET: usize = 40;
/// … of which no more than this many from one document …
const PER_DOCUMENT: usize = 6;
/// … and at least the best of this many documents, whatever their confidence.
const BEST_DOCUMENTS: usize = 10;
/// Below this confidence a proposal is dropped, unless it is among the best documents'.
const FLOOR: f32 = 0.10;
/// Confidence from which a proposal is worth a person's time, and from which it is strong.
const LIKELY: f32 = 0.45;
const STRONG: f32 = 0.75;
/// What talk can reach at most: never a band that is exported for review.
const TALK_CAP: f32 = 0.30;
/// What an exact citation in the section is worth. Not 1: sections cite what they only touch.
const CITED: f32 = 0.93;
/// A passage with fewer words than this carries no statement by itself.
const FEWEST_WORDS: usize = 4;
/// A document that cites this many different targets is an index to evidence, whatever its name.
const INDEX_CITATIONS: usize = 40;

/// A (passage, target) pair on its way to becoming a proposal.
struct Pair {
    passage: usize,
    document: usize,
    features: ProposalFeatures,
    cited: Option<citation::Citation>,
    talk: Option<Talk>,
    confidence: f32,
}

/// A pair as `evimap eval` sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Considered {
    pub passage: usize,
    pub document: usize,
    pub target: TargetId,
    pub fused: f32,
    pub confidence: f32,
    pub features: ProposalFeatures,
    /// Mean + ½ top 3 + ¼ title of the document for the target.
    pub document_score: f32,
    pub talk: bool,
}

/// Per document: sums that give means and priors.
struct DocumentScores {
    mean: Vec<f32>,
    top3: Vec<[f32; 3]>,
    title: Vec<f32>,
    passages: usize,
    talk: Option<Talk>,
}

impl DocumentScores {
    /// Mean + ½ top 3 + ¼ title: what separates "there is evidence" from "there is none" best
    /// (research: document mean + ½ top 3).
    fn of(&self, target: usize) -> f32 {
        let top = self.top3[target].iter().sum::<f32>() / 3.0;
        self.mean[target] + 0.5 * top + 0.25 * self.title[target]
    }
}

impl Matcher<'_> {
    /// Proposes evidence for every target. Deterministic: the same collection gives the same
    /// proposals in the same order.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn propose(&self, inputs: &Inputs<'_>) -> Result<Matched, IndexError> {
        let mut analyzer = Analyzer::default();
        let (mut pairs, scores) = self.forward(inputs, &mut analyzer);
        self.backward(inputs, &mut analyzer, &mut pairs)?;

        let mut matched = Matched::default();
        for (n, target) in self.targets.iter().enumerate() {
            let mut candidates = pairs.remove(&n).unwrap_or_default();
            for pair in &mut candidates {
                self.judge(target, inputs, pair);
            }
            for system in rows(target, inputs.systems) {
                let fits =
                    |pair: &&Pair| serves(target, inputs.documents[pair.document].profile, system);
                let mine: Vec<&Pair> = candidates.iter().filter(fits).collect();
                let (mut proposals, view) =
                    self.rank(inputs, &mut analyzer, n, target, system, mine, &scores);
                // A proposal from a document that serves all systems is shown once, not per system.
                proposals.retain(|p| {
                    p.system.as_deref() == system
                        || !matched
                            .proposals
                            .iter()
                            .rev()
                            .take_while(|q| q.target == p.target)
                            .any(|q| q.id == p.id)
                });
                matched.proposals.extend(proposals);
                matched.views.push(view);
            }
        }
        Ok(matched)
    }

    /// Every (passage, target) pair that the matcher considered, with its features: what
    /// `evimap eval` measures and fits. Passages by position, targets best first.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn considered(&self, inputs: &Inputs<'_>) -> Result<Vec<Considered>, IndexError> {
        let mut analyzer = Analyzer::default();
        let (mut pairs, scores) = self.forward(inputs, &mut analyzer);
        self.backward(inputs, &mut analyzer, &mut pairs)?;
        let mut out = Vec::new();
        for (n, candidates) in pairs {
            let target = self.targets[n];
            for mut pair in candidates {
                self.judge(target, inputs, &mut pair);
                out.push(Considered {
                    passage: pair.passage,
                    document: pair.document,
                    target: target.id.clone(),
                    fused: pair.features.fused(),
                    confidence: pair.confidence,
                    features: pair.features,
                    document_score: scores[pair.document].of(n),
                    talk: pair.talk.is_some(),
                });
            }
        }
        out.sort_by(|a, b| {
            a.passage
                .cmp(&b.passage)
                .then(b.fused.total_cmp(&a.fused))
                .then(a.target.cmp(&b.target))
        });
        Ok(out)
    }

    /// Scores every passage against every target.
    fn forward(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
    ) -> (BTreeMap<usize, Vec<Pair>>, Vec<DocumentScores>) {
        let count = self.targets.len();
        let mut pairs: BTreeMap<usize, Vec<Pair>> = BTreeMap::new();
        let mut all_scores = Vec::with_capacity(inputs.documents.len());
        for (d, document) in inputs.documents.iter().enumerate() {
            let passages = &inputs.passages[document.passages.clone()];
            let name = document.path.rsplit('/').next().unwrap_or(document.path);
            let mut title = Bag::default();
            title.add(analyzer, &document.profile.title);
            title.add(
                analyzer,
                &name.rsplit_once('.').map_or(name, |(stem, _)| stem).replace(['_', '-'], " "),
            );
            let mut scores = DocumentScores {
                mean: vec![0.0; count],
                top3: vec![[0.0; 3]; count],
                title: standardise(&self.lexicon.scores(&title)),
                passages: 0,
                talk: document.profile.talk,
            };
            let texts = passages
                .iter()
                .flat_map(|p| {
                    p.heading.iter().map(String::as_str).chain([p.text(), p.table_header.as_str()])
                })
                .chain([document.profile.title.as_str(), name]);
            let context = Context::of(self.catalog, texts);
            let mut vectors: Vec<Option<(Vec<f32>, Vec<usize>, Vec<f32>, u32)>> = Vec::new();
            let mut cited: Vec<Vec<citation::Citation>> = Vec::new();
            for passage in passages {
                let words = passage.text().split_whitespace().count();
                let usable =
                    words >= FEWEST_WORDS && passage.text().chars().any(char::is_alphabetic);
                cited.push(self.cited(&context, passage));
                if !usable {
                    vectors.push(None);
                    continue;
                }
                let mut bag = Bag::default();
                bag.add(analyzer, passage.text());
                for heading in passage.heading.iter().rev().take(2) {
                    bag.add(analyzer, heading);
                }
                bag.add(analyzer, &passage.table_header);
                let raw = self.lexicon.scores(&bag);
                let z = standardise(&raw);
                scores.passages += 1;
                for (t, z) in z.iter().enumerate() {
                    scores.mean[t] += z;
                    let top = &mut scores.top3[t];
                    if *z > top[2] {
                        top[2] = *z;
                        top.sort_by(|a, b| b.total_cmp(a));
                    }
                }
                let mut order: Vec<usize> = (0..count).collect();
                order.sort_by(|a, b| z[*b].total_cmp(&z[*a]).then(a.cmp(b)));
                order.truncate(TARGETS_PER_PASSAGE.max(2));
                vectors.push(Some((z, order, raw, bag.words())));
            }
            let distinct: BTreeSet<&TargetId> = cited.iter().flatten().map(|c| &c.target).collect();
            if scores.talk.is_none() && distinct.len() >= INDEX_CITATIONS {
                scores.talk = Some(Talk::Soa);
            }
            let n = scores.passages.max(1) as f32;
            for mean in &mut scores.mean {
                *mean /= n;
            }
            for (offset, vector) in vectors.into_iter().enumerate() {
                let Some((z, order, raw, words)) = vector else { continue };
                let passage = document.passages.start + offset;
                let passage_talk = talk::passage_talk(&inputs.passages[passage], scores.talk);
                let mut wanted: Vec<usize> = order.clone();
                for citation in &cited[offset] {
                    if let Ok(t) = self.targets.binary_search_by(|x| x.id.cmp(&citation.target)) {
                        if !wanted.contains(&t) {
                            wanted.push(t);
                        }
                    }
                }
                for t in wanted {
                    let rank = order.iter().position(|o| *o == t).unwrap_or(TARGETS_PER_PASSAGE);
                    let mut features = PassageFeatures::new(&z, &order, rank, raw[t], words);
                    if rank == TARGETS_PER_PASSAGE {
                        features.z = z[t];
                        features.margin = z[t] - z[order[0]];
                    }
                    let others = scores.passages.saturating_sub(1);
                    let prior = if others == 0 {
                        0.0
                    } else {
                        (scores.mean[t] * scores.passages as f32 - z[t]) / others as f32
                    };
                    let title = scores.title[t];
                    let features = ProposalFeatures {
                        passage: features,
                        prior,
                        title,
                        backward: 0.0,
                        backward_document: 0.0,
                    };
                    let cited =
                        cited[offset].iter().find(|c| c.target == self.targets[t].id).cloned();
                    pairs.entry(t).or_default().push(Pair {
                        passage,
                        document: d,
                        features,
                        cited,
                        talk: passage_talk,
                        confidence: 0.0,
                    });
                }
            }
            all_scores.push(scores);
        }
        (pairs, all_scores)
    }

    /// Citations in a passage or its own (innermost) heading.
    fn cited(&self, context: &Context, passage: &Passage) -> Vec<citation::Citation> {
        let heading = passage.heading.last().map_or("", String::as_str);
        let text = format!("{heading}\n{}", passage.text());
        citation::citations(self.catalog, context, &text)
    }

    /// Adds tantivy's view: how well a passage answers a target compared with the best one.
    fn backward(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        pairs: &mut BTreeMap<usize, Vec<Pair>>,
    ) -> Result<(), IndexError> {
        for (n, target) in self.targets.iter().enumerate() {
            let Some(pairs) = pairs.get_mut(&n) else { continue };
            let hits = inputs.index.search(&target_query(target, analyzer), HITS_PER_TARGET)?;
            let Some(best) = hits.first().map(|hit| hit.score).filter(|s| *s > 0.0) else {
                continue;
            };
            let found: HashMap<usize, f32> =
                hits.iter().map(|hit| (hit.passage, hit.score / best)).collect();
            let mut by_document: HashMap<usize, Vec<f32>> = HashMap::new();
            for (passage, score) in &found {
                let document = inputs.documents.partition_point(|d| d.passages.end <= *passage);
                by_document.entry(document).or_default().push(*score);
            }
            let by_document: HashMap<usize, f32> = by_document
                .into_iter()
                .map(|(document, mut scores)| {
                    scores.sort_by(|a, b| b.total_cmp(a));
                    (document, scores.iter().take(3).sum::<f32>() / 3.0)
                })
                .collect();
            for pair in pairs {
                pair.features.backward_document =
                    by_document.get(&pair.document).copied().unwrap_or(0.0);
                pair.features.backward = found.get(&pair.passage).copied().unwrap_or(0.0);
            }
        }
        Ok(())
    }

    /// Turns a pair's features into a confidence.
    fn judge(&self, target: &Target, inputs: &Inputs<'_>, pair: &mut Pair) {
        if pair.talk.is_some_and(|t| talk::is_object(target, t)) {
            pair.talk = None;
        }
        let mut confidence = self.calibration.proposal.probability(&pair.features.values());
        if pair.cited.is_some() {
            confidence = confidence.max(CITED);
        }
        if has_negative(target, inputs.passages[pair.passage].text()) {
            confidence *= 0.8;
        }
        if pair.talk.is_some() {
            confidence = confidence.min(TALK_CAP);
        }
        pair.confidence = confidence;
    }

    #[expect(clippy::too_many_arguments, reason = "one row of the result, all of it")]
    fn rank(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        n: usize,
        target: &Target,
        system: Option<&str>,
        mut pairs: Vec<&Pair>,
        scores: &[DocumentScores],
    ) -> (Vec<Proposal>, TargetView) {
        let order = |pair: &Pair| {
            let cited = if pair.cited.is_some() && pair.talk.is_none() { 3.0 } else { 0.0 };
            let talk = if pair.talk.is_some() { 3.0 } else { 0.0 };
            pair.features.fused() + cited - talk
        };
        pairs.sort_by(|a, b| order(b).total_cmp(&order(a)).then(a.passage.cmp(&b.passage)));
        let features = self.target_features(n, &pairs, scores);
        let best_cited = pairs.iter().any(|p| p.cited.is_some() && p.talk.is_none());
        let mut evidence_probability = self.calibration.target.probability(&features.values());
        if best_cited {
            evidence_probability = evidence_probability.max(CITED);
        }
        let view = verdict::view(evidence_probability);

        let mut proposals: Vec<Proposal> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut per_document: BTreeMap<usize, usize> = BTreeMap::new();
        for pair in &pairs {
            let document_count = per_document.entry(pair.document).or_default();
            let first_of_document = *document_count == 0;
            if *document_count >= PER_DOCUMENT {
                continue;
            }
            let documents = per_document.len();
            let keep = (pair.confidence >= FLOOR && proposals.len() < PER_TARGET)
                || (first_of_document && documents <= BEST_DOCUMENTS);
            if !keep {
                continue;
            }
            let proposal = self.proposal(inputs, analyzer, n, target, system, pair, order(pair));
            let key = letters_and_digits(&proposal.quote);
            let path = proposal.document.clone();
            *per_document.entry(pair.document).or_default() += 1;
            if let Some(at) = seen.get(&key) {
                let known = &mut proposals[*at];
                if known.document != path && !known.also_in.contains(&path) {
                    if supersedes(inputs, &path, &known.document) {
                        let old = std::mem::replace(
                            known,
                            Proposal { also_in: known.also_in.clone(), ..proposal },
                        );
                        known.also_in.push(old.document);
                    } else {
                        known.also_in.push(path);
                    }
                    known.also_in.sort();
                }
                continue;
            }
            seen.insert(key, proposals.len());
            proposals.push(proposal);
        }
        for (rank, proposal) in proposals.iter_mut().enumerate() {
            proposal.rank = rank as u32 + 1;
        }
        let nearest_miss = (view != crate::domain::MachineView::LikelyEvidence)
            .then(|| nearest_miss(&proposals))
            .flatten();
        let view = TargetView {
            target: target.id.clone(),
            system: system.map(str::to_owned),
            machine_view: view,
            evidence_probability,
            nearest_miss,
        };
        (proposals, view)
    }

    fn target_features(
        &self,
        n: usize,
        pairs: &[&Pair],
        scores: &[DocumentScores],
    ) -> TargetFeatures {
        let mut features = TargetFeatures::default();
        for pair in pairs.iter().filter(|p| p.talk.is_none()) {
            let document = scores[pair.document].of(n);
            features.add(&pair.features, document);
        }
        features
    }

    #[expect(clippy::too_many_arguments, reason = "one row of the result, all of it")]
    fn proposal(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        n: usize,
        target: &Target,
        system: Option<&str>,
        pair: &Pair,
        score: f32,
    ) -> Proposal {
        let passage = &inputs.passages[pair.passage];
        let document = &inputs.documents[pair.document];
        let range = evidence::quote_range(&self.lexicon, analyzer, passage, n);
        let quote = passage.text()[range.clone()].to_owned();
        let kind = evidence::evidence_kind(document.profile, passage);
        let context = format!("{} {}", passage.heading.join(" "), passage.table_header);
        let points = evidence::points(&self.point_words, analyzer, target, kind, &context, &quote);
        let own_system = document.profile.system.as_deref().filter(|_| system.is_some());
        let confidence = pair.confidence;
        Proposal {
            id: ProposalId::derive(&target.id, own_system, &quote),
            target: target.id.clone(),
            system: own_system.map(str::to_owned),
            points,
            document: document.path.to_owned(),
            document_hash: document.hash.to_owned(),
            document_status: document.profile.status,
            locator: passage.locate(&range),
            heading: passage.heading.clone(),
            confidence,
            score: (score * 1e4).round() / 1e4,
            band: band(confidence),
            evidence_kind: kind,
            evidence_type: document.profile.document_type,
            evidence_date: document.profile.evidence_date(),
            reasons: self.reasons(inputs, analyzer, n, pair, kind),
            rank: 0,
            talk: pair.talk,
            also_in: Vec::new(),
            also_for: self.catalog.counterparts(&target.id),
            quote,
        }
    }

    /// Short sentences for people, strongest reason first.
    fn reasons(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        n: usize,
        pair: &Pair,
        kind: EvidenceKind,
    ) -> Vec<String> {
        let passage = &inputs.passages[pair.passage];
        let profile = inputs.documents[pair.document].profile;
        let mut reasons = Vec::new();
        if let Some(talk) = pair.talk {
            reasons.push(format!("not evidence by itself: {}", talk.explain()));
        }
        if let Some(citation) = &pair.cited {
            reasons.push(match &citation.from_2013 {
                Some(_) => format!(
                    "cites {} of the 2013 edition, now {}",
                    citation.cited.trim(),
                    citation.target.local()
                ),
                None => format!("cites {}", citation.cited.trim()),
            });
        }
        let mut bag = Bag::default();
        bag.add(analyzer, passage.text());
        let shared = surface(analyzer, passage.text(), &self.lexicon.strongest(&bag, n, 6));
        if !shared.is_empty() {
            reasons.push(format!("shares {}", shared.join(", ")));
        }
        if pair.features.prior >= 1.0 {
            reasons.push("the rest of the document is about it".to_owned());
        }
        if pair.features.title >= 2.0 {
            reasons.push(format!("the title names it ({})", profile.title));
        }
        reasons.push(format!(
            "reads as {} in a {}",
            match kind {
                EvidenceKind::Design => "a rule",
                EvidenceKind::Operation => "a record",
            },
            profile.document_type.as_str()
        ));
        if profile.status.caps_coverage() {
            reasons.push(format!("the document is {}", profile.status.as_str()));
        }
        reasons
    }
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

/// The systems for which a target is assessed; `None` is the organisation.
fn rows<'a>(target: &Target, systems: &'a [System]) -> Vec<Option<&'a str>> {
    let mine = || {
        systems
            .iter()
            .filter(|s| target.framework != ISO42001 || s.ai)
            .map(|s| Some(s.id.as_str()))
            .collect::<Vec<_>>()
    };
    match target.level {
        Level::Organisation => vec![None],
        Level::Application => {
            let rows = mine();
            if rows.is_empty() { vec![None] } else { rows }
        }
        Level::Both => std::iter::once(None).chain(mine()).collect(),
    }
}

/// Whether a document can hold evidence for a row: its own system's, or none's.
fn serves(target: &Target, profile: &DocumentProfile, system: Option<&str>) -> bool {
    match (system, profile.system.as_deref()) {
        (Some(row), Some(own)) => row == own,
        (None, Some(_)) => target.level != Level::Both,
        (Some(_), None) => target.level != Level::Both,
        (None, None) => true,
    }
}

fn has_negative(target: &Target, text: &str) -> bool {
    let lower = text.to_lowercase();
    target.negative_terms.iter().any(|term| lower.contains(&term.to_lowercase()))
        && !target.terms.iter().any(|term| lower.contains(&term.to_lowercase()))
}

fn band(confidence: f32) -> Band {
    if confidence >= STRONG {
        Band::Strong
    } else if confidence >= LIKELY {
        Band::Likely
    } else {
        Band::Possible
    }
}

/// Of two documents with the same text: does the first count before the second? A document in
/// force counts before one that is not, then the later date, then the path.
fn supersedes(inputs: &Inputs<'_>, new: &str, old: &str) -> bool {
    let key = |path: &str| {
        inputs.documents.iter().find(|d| d.path == path).map(|d| {
            let status = match d.profile.status {
                DocumentStatus::Approved => 2,
                DocumentStatus::Unstated => 1,
                _ => 0,
            };
            (status, d.profile.evidence_date())
        })
    };
    key(new) > key(old)
}

fn nearest_miss(proposals: &[Proposal]) -> Option<NearestMiss> {
    let best = proposals
        .iter()
        .find(|p| p.talk.is_some() && p.rank <= 5)
        .filter(|_| proposals.first().is_none_or(|p| p.confidence < LIKELY))
        .or_else(|| proposals.first())?;
    let why = match best.talk {
        Some(talk) => format!("it is {}", talk.explain()),
        None => format!(
            "the best passage found fits with {:.0} % confidence only",
            best.confidence * 100.0
        ),
    };
    Some(NearestMiss {
        document: best.document.clone(),
        locator: best.locator.clone(),
        quote: best.quote.clone(),
        why,
    })
}

/// The words of a text, as they stand in it, whose stems (or pairs of stems) are given.
fn surface(analyzer: &mut Analyzer, text: &str, stems: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let stemmed: Vec<Option<String>> =
        words.iter().map(|w| analyzer.words(w).into_iter().next()).collect();
    for stem in stems {
        let found = match stem.split_once(' ') {
            Some((a, b)) => stemmed
                .windows(2)
                .position(|w| w[0].as_deref() == Some(a) && w[1].as_deref() == Some(b))
                .map(|n| format!("“{} {}”", words[n], words[n + 1])),
            None => stemmed
                .iter()
                .position(|s| s.as_deref() == Some(*stem))
                .map(|n| format!("“{}”", words[n])),
        };
        if let Some(found) = found {
            let inner = found.trim_matches(['“', '”']).to_lowercase();
            if !out.iter().any(|known| known.to_lowercase().contains(&inner)) {
                out.push(found);
            }
        }
        if out.len() == 3 {
            break;
        }
    }
    out
}
