//! The batch: all passages of a collection against all targets.

use std::ops::Range;

use super::{
    Matcher,
    calibrate::ProposalFeatures,
    learn::Example,
    pairs::{Pair, Pairs},
    stems::Stems,
    systems::{Names, rows, serves},
};
use crate::{
    config::System,
    domain::{DocumentProfile, Language, Passage, Proposal, TargetId, TargetView},
    index::{Index, IndexError, spread, threads},
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
        let mut pairs = self.pairs(inputs)?;
        self.learn(inputs, &mut Stems::default(), &self.examples, &mut pairs);
        Ok(self.matched(inputs, &pairs))
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
        let pairs = self.pairs(inputs)?;
        Ok(sets
            .iter()
            .map(|examples| {
                let mut pairs = pairs.clone();
                self.learn(inputs, &mut Stems::default(), examples, &mut pairs);
                self.matched(inputs, &pairs)
            })
            .collect())
    }

    fn matched(&self, inputs: &Inputs<'_>, pairs: &Pairs) -> Matched {
        let names = self.names(inputs, &mut Stems::default());
        let mut stems: Vec<Stems> = (0..threads()).map(|_| Stems::default()).collect();
        let ranked = spread(&mut stems, self.targets.len(), |stems, n| {
            let pairs = pairs.get(&n).map_or(&[][..], Vec::as_slice);
            self.rows(inputs, &names, stems, n, pairs)
        });
        let mut matched = Matched::default();
        for rows in ranked {
            matched.proposals.extend(rows.proposals);
            matched.views.extend(rows.views);
        }
        matched
    }

    /// How documents call the systems. A word that the catalogue uses in any of the collection's
    /// languages names none.
    pub(super) fn names<'s>(&self, inputs: &Inputs<'s>, stems: &mut Stems) -> Names<'s> {
        let languages: Vec<Language> =
            inputs.index.languages().map(|(language, _)| language).collect();
        Names::new(inputs.systems, |word| {
            languages.iter().any(|language| {
                let lexicon = self.lexicon(*language);
                stems.words(lexicon, word).iter().any(|stem| lexicon.knows(stem))
            })
        })
    }

    /// The rows of one target.
    fn rows(
        &self,
        inputs: &Inputs<'_>,
        names: &Names<'_>,
        stems: &mut Stems,
        n: usize,
        candidates: &[Pair],
    ) -> Matched {
        let target = self.targets[n];
        let mut matched = Matched::default();
        for system in rows(target, inputs.systems) {
            let mine: Vec<Pair> = candidates
                .iter()
                .filter_map(|pair| self.towards(inputs, names, target, system, pair))
                .collect();
            let (proposals, view) = self.rank(inputs, stems, n, system, &mine);
            // A proposal from a document that serves all systems is shown once, not per system.
            for proposal in proposals {
                if !matched.proposals.iter().any(|known| known.id == proposal.id) {
                    matched.proposals.push(proposal);
                }
            }
            matched.views.push(view);
        }
        matched
    }

    /// Every (passage, target) pair that the matcher considered, with its features: what
    /// `evimap eval` measures and fits. Passages by position, targets best first.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn considered(&self, inputs: &Inputs<'_>) -> Result<Vec<Considered>, IndexError> {
        let pairs = self.pairs(inputs)?;
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
                    document_score: pair.document_score,
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
