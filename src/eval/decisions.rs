//! Proposals against what reviewers decided, and a calibration fitted to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    BandFigures,
    metrics::{Bin, Ranking, expected_calibration_error, kappa, reliability},
};
use crate::{
    domain::ProposalId,
    matching::{Calibration, Logistic, ProposalFeatures},
};

/// Fewest decisions of use that a calibration is fitted to, and fewest of each kind. Two
/// coefficients are fitted; below that, a handful of rows would move every confidence.
pub const FEWEST: usize = 50;
pub const FEWEST_OF_EACH: usize = 10;
/// The shipped calibration counts as much as this many decisions.
const PRIOR: f32 = 20.0;
/// Groups of documents are held out in this many turns, or as many as there are groups.
const FOLDS: usize = 5;
/// Bounds of the stretch.
const STRETCH: (f32, f32) = (0.25, 4.0);
/// A confidence from which the machine says yes, for κ.
const YES: f32 = 0.5;

/// A proposal that a reviewer accepted or rejected.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    pub proposal: ProposalId,
    pub accepted: bool,
    /// As proposed.
    pub confidence: f32,
    /// Position within the target (and system), from 1.
    pub rank: u32,
    /// Target and system.
    pub row: String,
    /// What is never split between fit and measurement: a document's author, or the document.
    pub group: String,
    /// What the fit works on; `None` where a citation or talk decides the confidence, or the
    /// proposal can't be worked out again.
    pub plain: Option<Plain>,
}

/// A confidence that is the logistic function's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plain {
    pub features: ProposalFeatures,
    /// What other rules leave of the probability, .9 to 1.
    pub factor: f32,
}

/// Figures over decisions. They see only what people were shown and decided: not what the machine
/// missed, and mostly the upper bands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DecisionFigures {
    pub accepted: usize,
    pub rejected: usize,
    /// For each target (and system) with something accepted: where the first accepted proposal
    /// stands among its proposals.
    pub accepted_among_proposals: Ranking,
    pub bands: Vec<BandFigures>,
    pub calibration_error: f64,
    pub reliability: Vec<Bin>,
    /// Of "confidence is at least .5" against accepted or rejected.
    pub kappa: Option<f64>,
}

/// Measures proposals against decisions.
pub fn measure_decisions(decided: &[Decided]) -> DecisionFigures {
    let samples: Vec<(f32, bool)> = decided.iter().map(|d| (d.confidence, d.accepted)).collect();
    let mut first: BTreeMap<&str, u32> = BTreeMap::new();
    for d in decided.iter().filter(|d| d.accepted) {
        let rank = first.entry(&d.row).or_insert(d.rank);
        *rank = d.rank.min(*rank);
    }
    let ranks: Vec<Option<usize>> =
        first.values().map(|rank| (*rank as usize).checked_sub(1)).collect();
    let judged: Vec<(bool, bool)> = samples.iter().map(|(p, is)| (*p >= YES, *is)).collect();
    let accepted = decided.iter().filter(|d| d.accepted).count();
    DecisionFigures {
        accepted,
        rejected: decided.len() - accepted,
        accepted_among_proposals: Ranking::of(&ranks),
        bands: BandFigures::of(&samples),
        calibration_error: expected_calibration_error(&samples),
        reliability: reliability(&samples),
        kappa: kappa(&judged),
    }
}

/// A calibration fitted to decisions, and what it is worth on documents that the fit has not seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refit {
    pub calibration: Calibration,
    /// Decisions it rests on.
    pub decisions: usize,
    /// Groups (authors or documents) and turns of holding some of them out.
    pub groups: usize,
    pub folds: usize,
    /// ECE of the shipped calibration over these decisions, and of fits on the other groups.
    pub shipped_error: f64,
    pub held_out_error: f64,
}

/// Why there is no fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFit {
    #[error(
        "{usable} decisions are of use ({accepted} accepted, {rejected} rejected); a fit needs \
         {}, with {} of each kind",
        FEWEST,
        FEWEST_OF_EACH
    )]
    TooFew { usable: usize, accepted: usize, rejected: usize },
    #[error("all decisions are about documents of one group, so none can be held out")]
    OneGroup,
}

/// Fits the confidence of proposals to decisions: a shift and a stretch of the shipped log-odds,
/// with the shipped calibration counting as [`PRIOR`] decisions. Whole groups are held out to
/// measure it. Fits of other things stay as shipped.
///
/// # Errors
/// There is too little to fit to.
pub fn refit(decided: &[Decided]) -> Result<Refit, NoFit> {
    let shipped = Calibration::shipped();
    let usable: Vec<(&Decided, Plain)> =
        decided.iter().filter_map(|d| Some((d, d.plain?))).collect();
    let accepted = usable.iter().filter(|(d, _)| d.accepted).count();
    let rejected = usable.len() - accepted;
    if usable.len() < FEWEST || accepted.min(rejected) < FEWEST_OF_EACH {
        return Err(NoFit::TooFew { usable: usable.len(), accepted, rejected });
    }
    let fold_of = folds(usable.iter().map(|(d, _)| d.group.as_str()));
    let groups = fold_of.len();
    if groups < 2 {
        return Err(NoFit::OneGroup);
    }
    let folds: BTreeSet<usize> = fold_of.values().copied().collect();
    let mut held_out = Vec::new();
    for fold in &folds {
        let inside = |d: &Decided| fold_of.get(d.group.as_str()) == Some(fold);
        let rest: Vec<_> = usable.iter().filter(|(d, _)| !inside(d)).copied().collect();
        let fitted = stretched(&shipped.proposal, &rest);
        held_out.extend(usable.iter().filter(|(d, _)| inside(d)).map(|u| stated(&fitted, u)));
    }
    let as_shipped: Vec<_> = usable.iter().map(|u| stated(&shipped.proposal, u)).collect();
    let proposal = stretched(&shipped.proposal, &usable);
    let provenance = format!(
        "evimap eval --decisions --fit over {} decisions ({accepted} accepted) on {groups} groups \
         of documents; shift and stretch of the shipped proposal fit, the rest as shipped",
        usable.len()
    );
    Ok(Refit {
        calibration: Calibration { provenance, proposal, ..shipped },
        decisions: usable.len(),
        groups,
        folds: folds.len(),
        shipped_error: expected_calibration_error(&as_shipped),
        held_out_error: expected_calibration_error(&held_out),
    })
}

fn stated(logistic: &Logistic, (decided, plain): &(&Decided, Plain)) -> (f32, bool) {
    (logistic.probability(&plain.features.values()) * plain.factor, decided.accepted)
}

/// Shift and stretch of the shipped fit that suit the decisions best. The stretch stays within
/// [`STRETCH`]: people decide on a narrow range of confidences only, in which a few odd rows could
/// turn the order around.
fn stretched(shipped: &Logistic, usable: &[(&Decided, Plain)]) -> Logistic {
    let mut samples = Vec::new();
    let prior = PRIOR / usable.len().max(1) as f32;
    for (decided, plain) in usable {
        let values = plain.features.values();
        let (x, p) = (vec![shipped.log_odds(&values)], shipped.probability(&values));
        samples.push((x.clone(), decided.accepted, 1.0));
        samples.push((x.clone(), true, prior * p));
        samples.push((x, false, prior * (1.0 - p)));
    }
    let free = Logistic::fit(&samples, 1e-3);
    let best = free.weights.first().copied().unwrap_or(1.0);
    let stretch = best.clamp(STRETCH.0, STRETCH.1);
    let shift = if stretch == best { free.bias } else { shift(&samples, stretch) };
    let round = |v: f32| (v * 1e4).round() / 1e4;
    Logistic {
        bias: round(shift + stretch * shipped.bias),
        weights: shipped.weights.iter().map(|weight| round(stretch * weight)).collect(),
    }
}

/// The shift for a given stretch at which as many are accepted as stated, by bisection.
fn shift(samples: &[(Vec<f32>, bool, f32)], stretch: f32) -> f32 {
    let (mut low, mut high) = (-50f64, 50f64);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        let excess: f64 = samples
            .iter()
            .map(|(x, accepted, weight)| {
                let sum = middle + f64::from(stretch * x.first().copied().unwrap_or(0.0));
                let p = 1.0 / (1.0 + (-sum).exp());
                (p - f64::from(u8::from(*accepted))) * f64::from(*weight)
            })
            .sum();
        if excess > 0.0 { high = middle } else { low = middle }
    }
    low as f32
}

/// A fold for each group: the largest groups first, each into the fold that has least.
fn folds<'g>(groups: impl Iterator<Item = &'g str>) -> BTreeMap<&'g str, usize> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for group in groups {
        *sizes.entry(group).or_default() += 1;
    }
    let mut order: Vec<(&str, usize)> = sizes.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut filled = vec![0usize; FOLDS.min(order.len())];
    let mut out = BTreeMap::new();
    for (group, size) in order {
        let Some(least) = (0..filled.len()).min_by_key(|fold| filled[*fold]) else { continue };
        filled[least] += size;
        out.insert(group, least);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::PassageFeatures;

    /// A decision whose only feature is the passage's z.
    fn decided(z: f32, accepted: bool, group: usize) -> Decided {
        let passage = PassageFeatures { z, margin: 0.0, inverse_rank: 0.0, density: 0.0 };
        let features = ProposalFeatures {
            passage,
            prior: 1.0,
            title: 0.0,
            backward: 1.0,
            backward_document: 1.0,
        };
        let confidence = Calibration::shipped().proposal.probability(&features.values());
        let target = "ISO27001:A.5.15".parse().unwrap();
        Decided {
            proposal: ProposalId::derive(&target, None, &format!("{z} {accepted} {group}")),
            accepted,
            confidence,
            rank: 1 + group as u32,
            row: format!("row {}", group % 3),
            group: format!("document {group}"),
            plain: Some(Plain { features, factor: 1.0 }),
        }
    }

    #[test]
    fn a_fit_needs_enough_of_each_kind_and_several_groups() {
        let some = |n: usize, accepted: usize, groups: usize| -> Vec<Decided> {
            (0..n).map(|i| decided((i % 12) as f32, i < accepted, i % groups)).collect()
        };
        assert_eq!(
            refit(&some(49, 20, 5)),
            Err(NoFit::TooFew { usable: 49, accepted: 20, rejected: 29 })
        );
        assert!(matches!(refit(&some(60, 9, 5)), Err(NoFit::TooFew { .. })));
        assert_eq!(refit(&some(60, 30, 1)), Err(NoFit::OneGroup));
        let mut cited = some(60, 30, 5);
        cited.iter_mut().take(20).for_each(|d| d.plain = None);
        assert!(matches!(refit(&cited), Err(NoFit::TooFew { usable: 40, .. })));
    }

    #[test]
    fn a_fit_mends_confidences_that_are_too_high() {
        // Half as often right as stated: every second one of those that would be right is rejected.
        let mut all = Vec::new();
        for i in 0..240usize {
            let d = decided((i % 12) as f32, false, i % 8);
            let right = ((i / 12) as f32 + 0.5) / 20.0 < d.confidence * 0.5;
            all.push(Decided { accepted: right, ..d });
        }
        let fit = refit(&all).unwrap();
        assert!(fit.held_out_error < 0.6 * fit.shipped_error, "{fit:?}");
        assert_eq!((fit.folds, fit.groups, fit.decisions), (5, 8, 240));
        let shipped = Calibration::shipped();
        assert_eq!(
            (&fit.calibration.alone, &fit.calibration.target),
            (&shipped.alone, &shipped.target)
        );
        let text = toml::to_string(&fit.calibration).unwrap();
        assert_eq!(Calibration::parse(&text), Ok(fit.calibration));
    }

    #[test]
    fn contrary_reviewers_don_t_turn_the_order_around() {
        let all: Vec<Decided> =
            (0..240).map(|i| decided((i % 12) as f32, i % 12 < 4, i % 8)).collect();
        let fit = refit(&all).unwrap();
        let (own, shipped) = (&fit.calibration.proposal, Calibration::shipped().proposal);
        for (own, shipped) in own.weights.iter().zip(&shipped.weights) {
            assert!((own - 0.25 * shipped).abs() < 1e-3, "{fit:?}");
        }
        // As many as are accepted: a third, but for what the shipped calibration still counts.
        let stated: f32 =
            all.iter().map(|d| own.probability(&d.plain.unwrap().features.values())).sum();
        assert!((stated / 240.0 - 1.0 / 3.0).abs() < 0.03, "{stated}");
    }

    #[test]
    fn groups_are_never_split() {
        let names = ["a", "a", "a", "b", "b", "c", "d", "e", "f", "g"];
        let folds = folds(names.into_iter());
        assert_eq!(folds.len(), 7);
        assert_eq!(folds.values().collect::<BTreeSet<_>>().len(), FOLDS);
        assert_ne!(folds["a"], folds["b"]);
    }

    #[test]
    fn figures_of_decisions() {
        let row = |accepted, confidence, rank| Decided {
            accepted,
            confidence,
            rank,
            ..decided(0.0, accepted, 0)
        };
        let f = measure_decisions(&[row(true, 0.9, 2), row(true, 0.5, 1), row(false, 0.45, 3)]);
        assert_eq!((f.accepted, f.rejected, f.kappa), (2, 1, Some(1.0)));
        assert_eq!(f.accepted_among_proposals.hit_at_1, 1.0);
        assert_eq!(f.accepted_among_proposals.queries, 1);
        assert_eq!(f.bands[0].precision, Some(1.0));
        assert_eq!((f.bands[1].proposals, f.bands[1].right), (2, 1));
    }
}
