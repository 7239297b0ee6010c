//! Scores of (passage, target) pairs: a passage against all targets in memory ([`super::forward`]),
//! and the targets against all passages through the index ([`super::answers`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Matcher,
    answers::Answers,
    calibrate::ProposalFeatures,
    citation::Citation,
    forward::{Found, Worker, repeated},
    nudge::Nudges,
    propose::Inputs,
};
use crate::{
    domain::{Passage, Talk},
    index::{IndexError, spread, threads},
};

/// A target gets candidates from at least this many documents, if the index finds so many.
const FEWEST_DOCUMENTS: usize = 12;
/// What talk can reach at most: never a band that is exported for review.
pub(super) const TALK_CAP: f32 = 0.30;
/// What an exact citation in the section is worth. Not 1: sections cite what they only touch.
pub(super) const CITED: f32 = 0.93;
/// What it is worth in a passage that lists targets rather than treats one.
pub(super) const LISTED_CITED: f32 = 0.5;
/// A term of a confusable neighbour, and none of the target's own, takes this share away.
pub(super) const NEIGHBOUR: f32 = 0.8;
/// A target keeps this many pairs, the best by what ranks them (cited ones first) …
const KEPT: usize = 2000;
/// … and beside them, of this many documents (those with the best single pairs), this many pairs
/// each. Both are many times what can become a proposal (`rank.rs`).
const KEPT_DOCUMENTS: usize = 200;
const KEPT_PER_DOCUMENT: usize = 6;
/// Documents are handed out to threads in blocks of at least so many passages …
const BLOCK: usize = 500;
/// … and so many blocks at a time, which bounds what waits to be merged.
const WAVE: usize = 64;

/// A (passage, target) pair on its way to becoming a proposal.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) passage: usize,
    pub(super) document: usize,
    pub(super) features: ProposalFeatures,
    /// Mean + ½ top 3 + ¼ title of the document for the target.
    pub(super) document_score: f32,
    pub(super) cited: Option<Box<Citation>>,
    /// True if the passage cites so many targets that it lists rather than treats them.
    pub(super) listed: bool,
    pub(super) talk: Option<Talk>,
    /// How well the subject fits the framework, and the document the system, 0 to 1.
    pub(super) subject: f32,
    pub(super) confidence: f32,
    /// What decisions and indexes add.
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

/// Pairs by target.
pub(super) type Pairs = BTreeMap<usize, Vec<Pair>>;

impl Matcher<'_> {
    /// Scores everything against everything, and keeps for each target what can become a proposal.
    ///
    /// # Errors
    /// The index is damaged.
    pub(super) fn pairs(&self, inputs: &Inputs<'_>) -> Result<Pairs, IndexError> {
        let answers = Answers::ask(self, inputs)?;
        let repeated = repeated(inputs.passages);
        let mut workers: Vec<Worker<'_>> = (0..threads()).map(|_| Worker::new(self)).collect();
        let mut kept: Vec<Vec<Pair>> = self.targets.iter().map(|_| Vec::new()).collect();
        let mut late: Vec<Vec<Pair>> = self.targets.iter().map(|_| Vec::new()).collect();
        for wave in blocks(inputs).chunks(WAVE) {
            let found = spread(&mut workers, wave.len(), |worker, n| {
                let mut found = Found::default();
                for d in wave[n].clone() {
                    self.forward(inputs, &answers, &repeated, worker, d, &mut found);
                }
                found
            });
            // In the order of documents, whoever was first.
            for found in found {
                for (t, pair) in found.pairs {
                    kept[t].push(pair);
                    if kept[t].len() > 2 * KEPT {
                        prune(&mut kept[t], KEPT);
                    }
                }
                found.late.into_iter().for_each(|(t, pair)| late[t].push(pair));
            }
        }
        drop(workers);
        let work: Vec<_> = kept.into_iter().zip(late).map(std::sync::Mutex::new).collect();
        let judged = spread(&mut vec![(); threads()], work.len(), |(), n| {
            let mut work = work[n].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let (mut pairs, late) = std::mem::take(&mut *work);
            drop(work);
            prune(&mut pairs, KEPT);
            pairs.extend(chosen(&pairs, late, answers.order(n)));
            for pair in &mut pairs {
                self.judge(n, &inputs.passages[pair.passage], pair);
            }
            pairs
        });
        let judged = judged.into_iter().enumerate().filter(|(_, pairs)| !pairs.is_empty());
        let mut pairs: Pairs = judged.collect();
        self.named(inputs, &mut pairs);
        Ok(pairs)
    }

    /// Turns a pair's features into a confidence.
    fn judge(&self, n: usize, passage: &Passage, pair: &mut Pair) {
        let mut confidence = self.calibration.proposal.probability(&pair.features.values());
        if self.features.negatives && self.has_negative(n, passage.text()) {
            confidence *= NEIGHBOUR;
        }
        confidence *= pair.subject;
        confidence = confidence.max(pair.worth_of_citation());
        if pair.talk.is_some() {
            confidence = confidence.min(TALK_CAP);
        }
        pair.confidence = confidence;
    }

    /// True if a text holds a term of a confusable neighbour of the `n`th target, and none of its
    /// own.
    pub(super) fn has_negative(&self, n: usize, text: &str) -> bool {
        let (negatives, own) = &self.terms[n];
        if negatives.is_empty() {
            return false;
        }
        let lower = text.to_lowercase();
        let holds = |terms: &[String]| terms.iter().any(|term| lower.contains(term.as_str()));
        holds(negatives) && !holds(own)
    }
}

/// Documents in runs of enough passages to be worth a thread's while.
fn blocks(inputs: &Inputs<'_>) -> Vec<std::ops::Range<usize>> {
    let mut blocks = Vec::new();
    let (mut start, mut passages) = (0, 0);
    for (d, document) in inputs.documents.iter().enumerate() {
        passages += document.passages.len();
        if passages >= BLOCK {
            blocks.push(start..d + 1);
            (start, passages) = (d + 1, 0);
        }
    }
    if start < inputs.documents.len() {
        blocks.push(start..inputs.documents.len());
    }
    blocks
}

/// Leaves the best pairs of a target if there are more than `most`. Pruning a part of a collection
/// first changes nothing: what is among the best of all is among the best of its part.
fn prune(pairs: &mut Vec<Pair>, most: usize) {
    if pairs.len() <= most {
        return;
    }
    let mut order: Vec<(f32, usize)> =
        pairs.iter().enumerate().map(|(n, pair)| (pair.order(), n)).collect();
    order.sort_unstable_by(|(a, n), (b, m)| {
        b.total_cmp(a).then(pairs[*n].passage.cmp(&pairs[*m].passage))
    });
    let mut keep = vec![false; pairs.len()];
    let mut documents: HashMap<usize, usize> = HashMap::new();
    for (place, (_, n)) in order.iter().enumerate() {
        let known = documents.len();
        let listed = match documents.get_mut(&pairs[*n].document) {
            Some(count) => {
                *count += 1;
                *count <= KEPT_PER_DOCUMENT
            }
            None if known < KEPT_DOCUMENTS => {
                documents.insert(pairs[*n].document, 1);
                true
            }
            None => false,
        };
        keep[*n] = place < most || listed;
    }
    let mut keep = keep.into_iter();
    pairs.retain(|_| keep.next().unwrap_or(false));
}

/// Of the pairs that only the index brought up, the best of each document until the target has
/// candidates from enough documents.
fn chosen(pairs: &[Pair], late: Vec<Pair>, order: &[(usize, usize)]) -> Vec<Pair> {
    let mut documents: BTreeSet<usize> = pairs.iter().map(|pair| pair.document).collect();
    let mut late: HashMap<usize, Pair> =
        late.into_iter().map(|pair| (pair.passage, pair)).collect();
    let mut chosen = Vec::new();
    for (passage, document) in order {
        if documents.len() >= FEWEST_DOCUMENTS {
            break;
        }
        if documents.insert(*document) {
            chosen.extend(late.remove(passage));
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::calibrate::PassageFeatures;

    fn pair(passage: usize, document: usize, score: f32) -> Pair {
        let z = PassageFeatures { z: score, margin: 0.0, inverse_rank: 0.0, density: 0.0 };
        let features = ProposalFeatures {
            passage: z,
            prior: 0.0,
            title: 0.0,
            backward: 0.0,
            backward_document: 0.0,
        };
        Pair {
            passage,
            document,
            features,
            document_score: 0.0,
            cited: None,
            listed: false,
            talk: None,
            subject: 1.0,
            confidence: 0.0,
            nudges: Nudges::default(),
        }
    }

    #[test]
    fn pruning_in_parts_is_pruning_the_whole() {
        // Document 0 has the best 100 passages, the others 20 middling ones each.
        let all: Vec<Pair> = (0..2500)
            .map(|n| match n {
                0..100 => pair(n, 0, 5.0 + (n % 13) as f32 / 100.0),
                _ => pair(n, n / 20, (n * 7919 % 1009) as f32 / 300.0),
            })
            .collect();
        let places = |pairs: &[Pair]| pairs.iter().map(|p| p.passage).collect::<Vec<_>>();
        let mut whole = all.clone();
        prune(&mut whole, 50);
        let mut parts: Vec<Pair> = Vec::new();
        for part in all.chunks(300) {
            parts.extend(part.iter().cloned());
            prune(&mut parts, 50);
        }
        assert_eq!(places(&parts), places(&whole));
        // The best come first, and no document's flood drowns the others.
        assert_eq!(whole.iter().filter(|p| p.document == 0).count(), 50);
        let documents: BTreeSet<usize> = whole.iter().map(|p| p.document).collect();
        assert_eq!(documents.len(), 121);
        assert!(whole.len() <= 50 + KEPT_DOCUMENTS * KEPT_PER_DOCUMENT);
        let mut few = all[..40].to_vec();
        prune(&mut few, 50);
        assert_eq!(few.len(), 40);
    }
}
