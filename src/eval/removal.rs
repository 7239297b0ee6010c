//! Gaps made by hand: documents taken out of a collection, and what the matcher says then.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Set, leaves,
    metrics::{auc, expected_calibration_error, kappa},
};
use crate::{
    domain::{MachineView, TargetId},
    matching::{Considered, Matcher, TargetFeatures, view},
};

/// How often half of the documents is removed.
pub const REPEATS: usize = 20;

/// One labelled target in one halved collection.
pub(super) struct Removed {
    pub(super) label: TargetId,
    pub(super) features: TargetFeatures,
    /// That the collection holds any evidence.
    pub(super) probability: f32,
    /// Truth: one of its labelled documents is still there.
    pub(super) there: bool,
}

/// Verdicts over halved collections against the labels. A share of nothing is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct GapFigures {
    /// Pairs of a labelled target and a halved collection.
    pub cases: usize,
    /// Of these, without any labelled document left.
    pub gone: usize,
    /// Called `likely-gap`.
    pub called: usize,
    /// Called so and gone.
    pub hits: usize,
    /// Area under the ROC curve of the probability; undefined if all or none are gone.
    pub auc: Option<f64>,
    /// Of `likely-gap` against the rest; 0 if there is nothing to find and nothing was called.
    pub f1: f64,
    /// Of the gone: still called `likely-evidence`.
    pub hidden: Option<f64>,
    /// Cohen's κ of `likely-gap` or not against gone or not: agreement beyond chance.
    pub kappa: Option<f64>,
    /// The same without the cases called `unsure`, and the share of cases left then.
    pub kappa_decided: Option<f64>,
    pub decided: f64,
    /// Of the probability that there is evidence.
    pub calibration_error: f64,
}

impl GapFigures {
    pub(super) fn of<'r>(removed: impl Iterator<Item = &'r Removed>) -> Self {
        let cases: Vec<(f32, MachineView, bool)> =
            removed.map(|r| (r.probability, view(r.probability), !r.there)).collect();
        let count = |test: &dyn Fn(MachineView, bool) -> bool| {
            cases.iter().filter(|(_, said, gone)| test(*said, *gone)).count()
        };
        let gap = |said: MachineView| said == MachineView::LikelyGap;
        let gone = count(&|_, gone| gone);
        let called = count(&|said, _| gap(said));
        let hits = count(&|said, gone| gap(said) && gone);
        let hidden = count(&|said, gone| said == MachineView::LikelyEvidence && gone);
        let decided: Vec<(bool, bool)> = cases
            .iter()
            .filter(|(_, said, _)| *said != MachineView::Unsure)
            .map(|(_, said, gone)| (gap(*said), *gone))
            .collect();
        let all: Vec<(bool, bool)> =
            cases.iter().map(|(_, said, gone)| (gap(*said), *gone)).collect();
        let stated: Vec<(f32, bool)> = cases.iter().map(|(p, _, gone)| (*p, !gone)).collect();
        let scores: Vec<(f32, bool)> = cases.iter().map(|(p, _, gone)| (1.0 - p, *gone)).collect();
        Self {
            cases: cases.len(),
            gone,
            called,
            hits,
            auc: Some(auc(&scores)).filter(|auc| auc.is_finite()),
            f1: 2.0 * hits as f64 / ((called + gone) as f64).max(1.0),
            hidden: (gone > 0).then(|| hidden as f64 / gone as f64),
            kappa: kappa(&all),
            kappa_decided: kappa(&decided),
            decided: decided.len() as f64 / cases.len().max(1) as f64,
            calibration_error: expected_calibration_error(&stated),
        }
    }
}

/// Removes half of the documents again and again (seeded) and looks at every labelled target: is any
/// of its documents still there, and what does the matcher say?
pub(super) fn removal(
    matcher: &Matcher<'_>,
    set: &Set<'_>,
    considered: &[Considered],
    gold: &BTreeSet<(usize, TargetId)>,
) -> Vec<Removed> {
    let mut out = Vec::new();
    let labelled: BTreeSet<&TargetId> = gold.iter().map(|(_, t)| t).collect();
    let mut seed: u64 = 0x5eed;
    for _ in 0..REPEATS {
        let mut kept = BTreeSet::new();
        for d in 0..set.inputs.documents.len() {
            if heads(&mut seed) {
                kept.insert(d);
            }
        }
        for label in &labelled {
            let there = gold.iter().any(|(d, t)| t == *label && kept.contains(d));
            let leaves = leaves(matcher, label);
            let mut best: Option<(TargetFeatures, f32)> = None;
            for leaf in &leaves {
                let mut features = TargetFeatures::default();
                for c in considered.iter().filter(|c| {
                    c.target == *leaf && !c.talk && c.subject >= 0.5 && kept.contains(&c.document)
                }) {
                    let log_odds = matcher.log_odds_alone(&c.features, c.subject);
                    features.add(log_odds, c.features.passage.margin > 0.0, c.document_score);
                }
                let p = matcher.calibration().target.probability(&features.values());
                if best.as_ref().is_none_or(|(_, q)| p > *q) {
                    best = Some((features, p));
                }
            }
            if let Some((features, p)) = best {
                out.push(Removed { label: (*label).clone(), features, probability: p, there });
            }
        }
    }
    out
}

/// Tosses a coin. SplitMix64: small, seeded, the same everywhere.
pub(super) fn heads(seed: &mut u64) -> bool {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut x = *seed;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) & 1 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(probability: f32, there: bool) -> Removed {
        let label = "ISO27001:A.5.1".parse().unwrap();
        Removed { label, features: TargetFeatures::default(), probability, there }
    }

    #[test]
    fn verdicts_against_what_was_taken_out() {
        let cases = [
            case(0.9, true),
            case(0.6, true),
            case(0.2, false),
            case(0.88, false),
            case(0.3, true),
        ];
        let f = GapFigures::of(cases.iter());
        assert_eq!((f.cases, f.gone, f.called, f.hits), (5, 2, 2, 1));
        assert_eq!((f.f1, f.hidden), (0.5, Some(0.5)));
        // Agreement 3/5 where chance gives (2·2 + 3·3)/25.
        assert!((f.kappa.unwrap() - (0.6 - 0.52) / 0.48).abs() < 1e-9, "{f:?}");
        assert_eq!((f.kappa_decided, f.decided), (Some(0.0), 0.8));
        assert_eq!(f.auc, Some(4.0 / 6.0));
        let none = GapFigures::of([case(0.9, true)].iter());
        assert_eq!((none.auc, none.hidden, none.kappa), (None, None, None));
    }
}
