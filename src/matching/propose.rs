//! The batch: all passages of a collection against all targets.

use std::ops::Range;

use super::{
    Matcher,
    calibrate::ProposalFeatures,
    learn::Example,
    pairs::{DocumentScores, Pair, Pairs},
    systems::{Names, rows, serves},
};
use crate::{
    config::System,
    domain::{DocumentProfile, Passage, Proposal, TargetId, TargetView},
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
    /// How well the subject fits, 0 to 1.
    pub subject: f32,
}

impl Matcher<'_> {
    /// Proposes evidence for every target. Deterministic: the same collection gives the same
    /// proposals in the same order.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn propose(&self, inputs: &Inputs<'_>) -> Result<Matched, IndexError> {
        let mut analyzer = Analyzer::default();
        let (mut pairs, scores) = self.pairs(inputs, &mut analyzer)?;
        self.learn(inputs, &mut analyzer, &self.examples, &mut pairs);
        Ok(self.matched(inputs, &mut analyzer, pairs, &scores))
    }

    /// The same with each of several sets of decisions in place of the matcher's own, for
    /// `evimap eval --learning`.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn propose_after(
        &self,
        inputs: &Inputs<'_>,
        sets: &[Vec<Example>],
    ) -> Result<Vec<Matched>, IndexError> {
        let mut analyzer = Analyzer::default();
        let (pairs, scores) = self.pairs(inputs, &mut analyzer)?;
        Ok(sets
            .iter()
            .map(|examples| {
                let mut pairs = pairs.clone();
                self.learn(inputs, &mut analyzer, examples, &mut pairs);
                self.matched(inputs, &mut analyzer, pairs, &scores)
            })
            .collect())
    }

    fn matched(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        mut pairs: Pairs,
        scores: &[DocumentScores],
    ) -> Matched {
        let names = Names::new(inputs.systems, &self.lexicon, analyzer);
        let mut matched = Matched::default();
        for (n, target) in self.targets.iter().enumerate() {
            let candidates = pairs.remove(&n).unwrap_or_default();
            let first = matched.proposals.len();
            for system in rows(target, inputs.systems) {
                let mine: Vec<Pair> = candidates
                    .iter()
                    .filter_map(|pair| self.towards(inputs, &names, target, system, pair))
                    .collect();
                let (proposals, view) =
                    self.rank(inputs, analyzer, n, target, system, &mine, scores);
                // A proposal from a document that serves all systems is shown once, not per system.
                for proposal in proposals {
                    if !matched.proposals[first..].iter().any(|known| known.id == proposal.id) {
                        matched.proposals.push(proposal);
                    }
                }
                matched.views.push(view);
            }
        }
        matched
    }

    /// Every (passage, target) pair that the matcher considered, with its features: what
    /// `evimap eval` measures and fits. Passages by position, targets best first.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn considered(&self, inputs: &Inputs<'_>) -> Result<Vec<Considered>, IndexError> {
        let mut analyzer = Analyzer::default();
        let (pairs, scores) = self.pairs(inputs, &mut analyzer)?;
        let mut out = Vec::new();
        for (n, candidates) in pairs {
            let target = self.targets[n];
            for pair in candidates {
                out.push(Considered {
                    passage: pair.passage,
                    document: pair.document,
                    target: target.id.clone(),
                    fused: pair.features.fused(),
                    confidence: pair.confidence,
                    features: pair.features,
                    document_score: scores[pair.document].of(n),
                    talk: pair.talk.is_some(),
                    subject: pair.subject,
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

    /// A pair as it counts for one row; `None` if it does not count at all.
    pub(super) fn towards(
        &self,
        inputs: &Inputs<'_>,
        names: &Names<'_>,
        target: &crate::domain::Target,
        system: Option<&str>,
        pair: &Pair,
    ) -> Option<Pair> {
        let document = &inputs.documents[pair.document];
        if !serves(target, document.profile, system) {
            return None;
        }
        let mut pair = pair.clone();
        if let (Some(system), None) = (system, &document.profile.system) {
            let title = format!("{} {}", document.path, document.profile.title);
            let fit = match self.features.subject {
                true => names.fit(system, &title, &inputs.passages[pair.passage]),
                false => 1.0,
            };
            if fit == 0.0 {
                return None;
            }
            pair.subject *= fit;
            pair.confidence *= fit;
        }
        Some(pair)
    }
}
