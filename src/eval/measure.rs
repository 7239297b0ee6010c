//! Figures of one collection, and of labelled texts without one.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    LabelledText, Set, leaves,
    metrics::{Bin, Ranking, expected_calibration_error, reliability},
    pairs,
    removal::{GapFigures, REPEATS, removal},
    target_of,
};
use crate::{
    domain::{Band, Proposal, TargetId, letters_and_digits},
    index::IndexError,
    matching::{Considered, Matcher, band},
};

/// Pairs below this confidence are no proposals (as in `matching/rank.rs`).
pub(super) const FLOOR: f32 = 0.1;
/// A confidence from which a proposal counts as sure.
const SURE: f32 = 0.9;

/// What one collection gave.
#[derive(Debug, Clone, Serialize)]
pub struct SetFigures {
    pub name: String,
    pub documents: usize,
    pub passages: usize,
    /// For each labelled target: where the first labelled document stands among the documents.
    pub target_to_document: Ranking,
    /// For each labelled section or passage: where a labelled target stands.
    pub passage_to_target: Ranking,
    /// Best passage of each labelled document for each target, above the floor.
    pub proposals: usize,
    pub precision_at_9: f64,
    pub share_at_9: f64,
    pub bands: Vec<BandFigures>,
    pub calibration_error: f64,
    pub reliability: Vec<Bin>,
    /// How often half of the documents was removed for the figures of gaps.
    pub repeats: usize,
    pub gap_auc: f64,
    pub gap_f1: f64,
    /// Of targets whose documents were removed: still called likely evidence.
    pub hidden_gaps: f64,
    pub gaps: GapFigures,
    pub targets: Vec<TargetFigures>,
}

/// How many proposals of a band are right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BandFigures {
    pub band: Band,
    pub proposals: usize,
    pub right: usize,
    /// `None` if there are no proposals.
    pub precision: Option<f64>,
}

impl BandFigures {
    /// One for each band, best first.
    pub fn of(samples: &[(f32, bool)]) -> Vec<Self> {
        [Band::Strong, Band::Likely, Band::Possible]
            .into_iter()
            .map(|wanted| {
                let inside = samples.iter().filter(|(p, _)| band(*p) == wanted);
                let proposals = inside.clone().count();
                let right = inside.filter(|(_, right)| *right).count();
                let precision = (proposals > 0).then(|| right as f64 / proposals as f64);
                Self { band: wanted, proposals, right, precision }
            })
            .collect()
    }
}

/// What a labelled target gave.
#[derive(Debug, Clone, Serialize)]
pub struct TargetFigures {
    /// As labelled: may be an inner clause.
    pub target: TargetId,
    /// Labelled documents.
    pub documents: usize,
    /// Place of the first of them among the proposed documents, from 1.
    pub rank: Option<usize>,
    /// Labelled documents proposed in a band that is shown for review.
    pub shown_right: usize,
    /// Documents of the set's labelled ones that are proposed so.
    pub shown: usize,
    pub gaps: GapFigures,
}

/// What a set of labelled texts gave.
#[derive(Debug, Clone, Serialize)]
pub struct TextFigures {
    pub name: String,
    pub ranking: Ranking,
    pub calibration_error: f64,
    /// Of the ten best targets of each text.
    pub reliability: Vec<Bin>,
}

/// Measures one collection.
///
/// # Errors
/// The index is damaged.
pub fn measure(matcher: &Matcher<'_>, set: &Set<'_>) -> Result<SetFigures, IndexError> {
    let considered = matcher.considered(&set.inputs)?;
    let gold = pairs(set);
    let matched = matcher.propose(&set.inputs)?;
    let ranked = documents_by_target(&matched.proposals);
    let best = best_pairs(&considered, &gold);
    let samples: Vec<(f32, bool)> = best
        .iter()
        .filter(|(c, _)| c.confidence >= FLOOR)
        .map(|(c, right)| (c.confidence, *right))
        .collect();
    let removed = removal(matcher, set, &considered, &gold);

    let labelled: BTreeSet<&TargetId> = gold.iter().map(|(_, t)| t).collect();
    let mut targets = Vec::new();
    for label in labelled {
        let right: BTreeSet<usize> =
            gold.iter().filter(|(_, t)| t == label).map(|(d, _)| *d).collect();
        let leaves = leaves(matcher, label);
        let rank = first_of(&ranked, &leaves, |path| {
            right.iter().any(|d| set.inputs.documents[*d].path == path)
        });
        let shown: BTreeSet<usize> = best
            .iter()
            .filter(|(c, _)| leaves.contains(&c.target) && band(c.confidence) != Band::Possible)
            .map(|(c, _)| c.document)
            .collect();
        targets.push(TargetFigures {
            target: label.clone(),
            documents: right.len(),
            rank: rank.map(|rank| rank + 1),
            shown_right: shown.intersection(&right).count(),
            shown: shown.len(),
            gaps: GapFigures::of(removed.iter().filter(|r| r.label == *label)),
        });
    }
    let ranks: Vec<Option<usize>> = targets.iter().map(|t| t.rank.map(|rank| rank - 1)).collect();
    let sure: Vec<_> = samples.iter().filter(|(p, _)| *p >= SURE).collect();
    let gaps = GapFigures::of(removed.iter());
    Ok(SetFigures {
        name: set.name.clone(),
        documents: set.inputs.documents.len(),
        passages: set.inputs.passages.len(),
        target_to_document: Ranking::of(&ranks),
        passage_to_target: Ranking::of(&passage_ranks(matcher, set, &considered)),
        proposals: samples.len(),
        precision_at_9: sure.iter().filter(|(_, right)| *right).count() as f64
            / (sure.len().max(1) as f64),
        share_at_9: sure.len() as f64 / samples.len().max(1) as f64,
        bands: BandFigures::of(&samples),
        calibration_error: expected_calibration_error(&samples),
        reliability: reliability(&samples),
        repeats: REPEATS,
        gap_auc: gaps.auc.unwrap_or(f64::NAN),
        gap_f1: gaps.f1,
        hidden_gaps: gaps.hidden.unwrap_or(0.0),
        gaps,
        targets,
    })
}

/// The documents proposed for each target, by the order of proposals.
pub(super) fn documents_by_target(proposals: &[Proposal]) -> BTreeMap<&TargetId, Vec<&str>> {
    let mut by_target: BTreeMap<&TargetId, Vec<&str>> = BTreeMap::new();
    for proposal in proposals {
        let list = by_target.entry(&proposal.target).or_default();
        for path in std::iter::once(&proposal.document).chain(&proposal.also_in) {
            if !list.contains(&path.as_str()) {
                list.push(path);
            }
        }
    }
    by_target
}

/// Where the first right document stands (from 0) in the best of the lists of some targets.
pub(super) fn first_of(
    ranked: &BTreeMap<&TargetId, Vec<&str>>,
    leaves: &BTreeSet<TargetId>,
    right: impl Fn(&str) -> bool,
) -> Option<usize> {
    leaves
        .iter()
        .filter_map(|leaf| ranked.get(leaf)?.iter().position(|document| right(document)))
        .min()
}

/// For each labelled section: the first passage that lies in it, and where a labelled target
/// stands among that passage's targets of the same framework and kind.
fn passage_ranks(
    matcher: &Matcher<'_>,
    set: &Set<'_>,
    considered: &[Considered],
) -> Vec<Option<usize>> {
    let mut by_passage: BTreeMap<usize, Vec<&Considered>> = BTreeMap::new();
    for c in considered {
        by_passage.entry(c.passage).or_default().push(c);
    }
    let keys: Vec<String> =
        set.inputs.passages.iter().map(|p| letters_and_digits(p.text())).collect();
    let mut sections: BTreeMap<(usize, String), BTreeSet<TargetId>> = BTreeMap::new();
    for gold in &set.gold {
        let (Some(text), Some(target)) =
            (&gold.text_masked, target_of(&gold.standard, &gold.reference))
        else {
            continue;
        };
        let name = gold.doc_masked.as_ref().unwrap_or(&gold.doc);
        let Some(d) = set.inputs.documents.iter().position(|d| name.ends_with(d.path)) else {
            continue;
        };
        sections.entry((d, letters_and_digits(text))).or_default().extend(leaves(matcher, &target));
    }
    let mut ranks = Vec::new();
    for ((d, section), right) in sections {
        let range = set.inputs.documents[d].passages.clone();
        let inside: Vec<usize> = range
            .filter(|p| {
                keys[*p].len() > 20 && (section.contains(&keys[*p]) || keys[*p].contains(&section))
            })
            .collect();
        if inside.is_empty() {
            continue;
        }
        // The section's targets by their best passage.
        let mut best: BTreeMap<&TargetId, f32> = BTreeMap::new();
        for c in inside.iter().filter_map(|p| by_passage.get(p)).flatten() {
            let slot = best.entry(&c.target).or_insert(f32::MIN);
            *slot = slot.max(c.fused);
        }
        let frameworks: BTreeSet<&str> = right.iter().map(TargetId::framework).collect();
        let mut order: Vec<(&TargetId, f32)> =
            best.into_iter().filter(|(t, _)| frameworks.contains(t.framework())).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        ranks.push(order.iter().position(|(t, _)| right.contains(*t)));
    }
    ranks
}

/// The best pair for each (document, target) of labelled documents, and whether the label says so.
pub(super) fn best_pairs<'c>(
    considered: &'c [Considered],
    gold: &BTreeSet<(usize, TargetId)>,
) -> Vec<(&'c Considered, bool)> {
    let labelled: BTreeSet<usize> = gold.iter().map(|(d, _)| *d).collect();
    let frameworks: BTreeSet<&str> = gold.iter().map(|(_, t)| t.framework()).collect();
    let mut best: BTreeMap<(usize, &TargetId), &Considered> = BTreeMap::new();
    for c in considered.iter().filter(|c| {
        labelled.contains(&c.document) && frameworks.contains(c.target.framework()) && !c.talk
    }) {
        let slot = best.entry((c.document, &c.target)).or_insert(c);
        if c.fused > slot.fused {
            *slot = c;
        }
    }
    best.into_iter()
        .map(|((d, t), c)| {
            // A label on an inner clause speaks of all its leaves.
            let right = gold
                .iter()
                .any(|(gd, gt)| *gd == d && (gt == t || t.as_str().starts_with(&format!("{gt}."))));
            (c, right)
        })
        .collect()
}

/// Ranks labelled texts among the Annex A controls of their framework.
pub fn measure_texts(matcher: &Matcher<'_>, name: &str, texts: &[LabelledText]) -> TextFigures {
    let mut ranks = Vec::new();
    let mut probabilities = Vec::new();
    for text in texts {
        let right: BTreeSet<TargetId> =
            text.refs.iter().filter_map(|r| target_of(&text.standard, r)).collect();
        let Some(framework) = right.first().map(|t| t.framework().to_owned()) else { continue };
        let fits = matcher.fits(&text.text, &BTreeSet::from([framework]), usize::MAX);
        let controls: Vec<_> = fits.iter().filter(|f| f.target.local().starts_with("A.")).collect();
        ranks.push(controls.iter().position(|f| right.contains(&f.target)));
        probabilities
            .extend(controls.iter().take(10).map(|f| (f.confidence, right.contains(&f.target))));
    }
    TextFigures {
        name: name.to_owned(),
        ranking: Ranking::of(&ranks),
        calibration_error: expected_calibration_error(&probabilities),
        reliability: reliability(&probabilities),
    }
}
