//! What lies behind a proposal: found again in the collection, taken apart into numbers. For
//! `evimap explain`, and for fitting the calibration to decisions; matching itself needs none of it.

use std::collections::BTreeMap;

use super::{
    Matcher,
    calibrate::ProposalFeatures,
    citation::Citation,
    evidence,
    lexicon::Bag,
    pairs::{CITED, LISTED_CITED, NEIGHBOUR, Pair, TALK_CAP},
    propose::Inputs,
    rank::surface,
    stems::Stems,
    systems::{Names, rows},
};
use crate::{
    domain::{Proposal, ProposalId, Talk, Target, TargetId},
    index::IndexError,
};

/// So many words and rivals are named.
const WORDS: usize = 8;
const RIVALS: usize = 3;

/// A feature: its name for people, and its place.
type Slot = (&'static str, fn(&mut ProposalFeatures) -> &mut f32);

/// The features in the order of [`ProposalFeatures::values`].
const SLOTS: [Slot; 8] = [
    ("words and meaning", |f| &mut f.passage.z),
    ("lead over other targets", |f| &mut f.passage.margin),
    ("place among the targets", |f| &mut f.passage.inverse_rank),
    ("score for its length", |f| &mut f.passage.density),
    ("the rest of the document", |f| &mut f.prior),
    ("title and file name", |f| &mut f.title),
    ("against other passages", |f| &mut f.backward),
    ("against other documents", |f| &mut f.backward_document),
];

/// The target's fields, in the order of the lexicon's.
pub const FIELDS: [&str; 6] =
    ["title", "description", "key terms", "exemplars", "points", "typical evidence"];

/// One feature and what it adds.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Part {
    pub name: &'static str,
    pub value: f32,
    /// To the sum by which proposals are ranked.
    pub ranking: f32,
    /// To the log-odds behind the confidence.
    pub log_odds: f32,
}

/// A rule that changes the probability, and what it is afterwards.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Step {
    pub rule: String,
    pub confidence: f32,
}

/// Another target for the same passage.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Rival {
    pub target: TargetId,
    pub score: f32,
    pub confidence: f32,
}

/// A proposal taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Position in the collection.
    pub passage: usize,
    pub features: ProposalFeatures,
    pub parts: Vec<Part>,
    /// Log-odds of a pair whose features are all 0.
    pub bias: f32,
    /// What features and bias give, before any rule.
    pub probability: f32,
    /// Rules that applied, in order; the last one's outcome is the confidence.
    pub steps: Vec<Step>,
    pub confidence: f32,
    /// What ranks the proposal within its target.
    pub score: f32,
    /// Words as they stand in the passage, with their weight for the target.
    pub words: Vec<(String, f32)>,
    /// How the words' score comes about, by field of the target: shares of 1, or all 0.
    pub fields: [f32; 6],
    pub citation: Option<Citation>,
    pub talk: Option<Talk>,
    /// True if an index that names the document, or decisions on like quotes, moved it.
    pub nudged: bool,
    /// Targets of any framework for the same passage, best first.
    pub rivals: Vec<Rival>,
}

impl Trace {
    /// True if the confidence is the logistic function's own: no citation, talk or nudge overrules
    /// it, and the other rules take less than a tenth away.
    pub fn is_plain(&self) -> bool {
        let overruled = self.citation.is_some() || self.talk.is_some() || self.nudged;
        !overruled && self.factor() >= 0.9
    }

    /// What the rules leave of the probability.
    pub fn factor(&self) -> f32 {
        if self.probability > 0.0 { self.confidence / self.probability } else { 0.0 }
    }
}

impl Matcher<'_> {
    /// Finds proposals again and takes them apart; `None` for one that this collection (and these
    /// systems) does not give.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn traces(
        &self,
        inputs: &Inputs<'_>,
        proposals: &[&Proposal],
    ) -> Result<Vec<Option<Trace>>, IndexError> {
        let mut stems = Stems::default();
        let mut pairs = self.pairs(inputs)?;
        self.learn(inputs, &mut stems, &self.examples, &mut pairs);
        let names = self.names(inputs, &mut stems);
        let mut by_passage: BTreeMap<usize, Vec<(usize, &Pair)>> = BTreeMap::new();
        for (n, candidates) in &pairs {
            for pair in candidates {
                by_passage.entry(pair.passage).or_default().push((*n, pair));
            }
        }
        Ok(proposals
            .iter()
            .map(|proposal| {
                let n = self.targets.binary_search_by(|t| t.id.cmp(&proposal.target)).ok()?;
                let (raw, pair) =
                    self.found(inputs, &mut stems, &names, n, pairs.get(&n)?, proposal)?;
                let rivals = by_passage.get(&pair.passage).map_or(&[][..], Vec::as_slice);
                Some(self.trace(inputs, &mut stems, n, raw, &pair, rivals))
            })
            .collect())
    }

    /// The pair behind a proposal, as it is and as it counts for its row.
    fn found<'p>(
        &self,
        inputs: &Inputs<'_>,
        stems: &mut Stems,
        names: &Names<'_>,
        n: usize,
        pairs: &'p [Pair],
        proposal: &Proposal,
    ) -> Option<(&'p Pair, Pair)> {
        let target: &Target = self.targets[n];
        for system in rows(target, inputs.systems) {
            let mut mine: Vec<(&Pair, Pair)> = pairs
                .iter()
                .filter(|pair| inputs.documents[pair.document].path == proposal.document)
                .filter_map(|raw| Some((raw, self.towards(inputs, names, target, system, raw)?)))
                .collect();
            mine.sort_by(|(_, a), (_, b)| {
                b.order().total_cmp(&a.order()).then(a.passage.cmp(&b.passage))
            });
            for (raw, pair) in mine {
                let passage = &inputs.passages[pair.passage];
                let range =
                    evidence::quote_range(self.lexicon(passage.language), stems, passage, n);
                let profile = inputs.documents[pair.document].profile;
                let own = profile.system.as_deref().filter(|_| system.is_some());
                let id = ProposalId::derive(&target.id, own, &passage.text()[range]);
                if id == proposal.id {
                    return Some((raw, pair));
                }
            }
        }
        None
    }

    fn trace(
        &self,
        inputs: &Inputs<'_>,
        stems: &mut Stems,
        n: usize,
        raw: &Pair,
        pair: &Pair,
        same_passage: &[(usize, &Pair)],
    ) -> Trace {
        let passage = &inputs.passages[pair.passage];
        let mut bag = Bag::default();
        let lexicon = self.lexicon(passage.language);
        bag.add(stems, lexicon, passage.text());
        let strongest = lexicon.strongest(&bag, n, WORDS);
        let words = strongest
            .iter()
            .filter_map(|stem| {
                let word = surface(stems, lexicon, passage.text(), &[*stem]).pop()?;
                Some((word, lexicon.weight(stem, n)))
            })
            .collect();
        for heading in passage.heading.iter().rev().take(2) {
            bag.add(stems, lexicon, heading);
        }
        bag.add(stems, lexicon, &passage.table_header);
        let mut rivals: Vec<(f32, Rival)> = same_passage
            .iter()
            .filter(|(other, _)| *other != n)
            .map(|(other, pair)| {
                let target = self.targets[*other].id.clone();
                let (score, confidence) = (pair.order(), pair.confidence);
                (score, Rival { target, score, confidence })
            })
            .collect();
        rivals.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.target.cmp(&b.1.target)));
        let logistic = &self.calibration.proposal;
        Trace {
            passage: pair.passage,
            features: pair.features,
            parts: self.parts(&pair.features),
            bias: logistic.bias,
            probability: logistic.probability(&pair.features.values()),
            steps: self.steps(n, passage.text(), raw, pair),
            confidence: pair.confidence,
            score: pair.order(),
            words,
            fields: lexicon.by_field(self.catalog, self.targets[n], self.features, stems, &bag, n),
            citation: pair.cited.as_deref().cloned(),
            talk: pair.talk,
            nudged: !pair.nudges.0.is_empty(),
            rivals: rivals.into_iter().take(RIVALS).map(|(_, rival)| rival).collect(),
        }
    }

    fn parts(&self, features: &ProposalFeatures) -> Vec<Part> {
        let weights = &self.calibration.proposal.weights;
        SLOTS
            .iter()
            .zip(weights)
            .map(|((name, slot), weight)| {
                let mut without = *features;
                let value = std::mem::take(slot(&mut without));
                let ranking = features.fused() - without.fused();
                Part { name, value, ranking, log_odds: weight * value }
            })
            .collect()
    }

    /// The rules of `pairs.rs` and `propose.rs` in their order, those that did something.
    fn steps(&self, n: usize, text: &str, raw: &Pair, pair: &Pair) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut p = self.calibration.proposal.probability(&pair.features.values());
        let mut step = |rule: String, after: f32, p: &mut f32| {
            if after != *p {
                *p = after;
                steps.push(Step { rule, confidence: after });
            }
        };
        if self.features.negatives && self.has_negative(n, text) {
            let rule = format!("a term of a confusable neighbour, none of its own: × {NEIGHBOUR}");
            step(rule, p * NEIGHBOUR, &mut p);
        }
        let fit = raw.subject;
        step(format!("how well the subject fits the standard: × {fit}"), p * fit, &mut p);
        let worth = raw.worth_of_citation();
        let listed = if raw.listed { LISTED_CITED } else { CITED };
        step(format!("an exact citation: at least {listed}"), p.max(worth), &mut p);
        if pair.talk.is_some() {
            step(format!("no evidence by itself: at most {TALK_CAP}"), p.min(TALK_CAP), &mut p);
        }
        for nudge in &pair.nudges.0 {
            let rule = format!("{}: log-odds {:+.2}", nudge.why, nudge.log_odds);
            step(rule, nudge.apply(p), &mut p);
        }
        // The last rule is the row's: a document of all systems counts less for one of them.
        step("how far the passage speaks of this system".to_owned(), pair.confidence, &mut p);
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::calibrate::PassageFeatures;

    #[test]
    fn every_feature_has_its_place_and_name() {
        let passage = PassageFeatures { z: 0.0, margin: 0.0, inverse_rank: 0.0, density: 0.0 };
        let zero = ProposalFeatures {
            passage,
            prior: 0.0,
            title: 0.0,
            backward: 0.0,
            backward_document: 0.0,
        };
        assert_eq!(SLOTS.len(), zero.values().len());
        for (n, (name, slot)) in SLOTS.iter().enumerate() {
            let mut one = zero;
            *slot(&mut one) = 1.0;
            let at: Vec<usize> = (0..SLOTS.len()).filter(|m| one.values()[*m] != 0.0).collect();
            assert_eq!(at, [n], "{name}");
        }
    }
}
