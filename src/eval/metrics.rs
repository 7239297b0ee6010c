//! Figures of merit over ranked lists and probabilities.

use std::collections::BTreeMap;

/// Ranking quality over queries with at least one right answer.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Ranking {
    pub queries: usize,
    pub hit_at_1: f64,
    pub hit_at_5: f64,
    pub mrr: f64,
}

impl Ranking {
    /// `ranks` holds the rank (from 0) of the first right answer for each query; `None` if it is
    /// not in the list at all.
    pub fn of(ranks: &[Option<usize>]) -> Self {
        let n = ranks.len().max(1) as f64;
        let share =
            |limit: usize| ranks.iter().filter(|r| r.is_some_and(|r| r < limit)).count() as f64 / n;
        let mrr = ranks.iter().flatten().map(|r| 1.0 / (*r as f64 + 1.0)).sum::<f64>() / n;
        Self { queries: ranks.len(), hit_at_1: share(1), hit_at_5: share(5), mrr }
    }
}

/// Equal-width bins of probability.
const BINS: usize = 10;

/// Sum of stated probabilities, of outcomes, and the count of each bin.
fn binned(samples: &[(f32, bool)]) -> [(f64, f64, usize); BINS] {
    let mut bins = [(0.0f64, 0.0f64, 0usize); BINS];
    for (probability, outcome) in samples {
        let bin = &mut bins[((probability * BINS as f32) as usize).min(BINS - 1)];
        bin.0 += f64::from(*probability);
        bin.1 += f64::from(u8::from(*outcome));
        bin.2 += 1;
    }
    bins
}

/// Expected calibration error over ten equal-width bins: the mean distance between stated
/// probability and observed frequency, weighted by bin size.
pub fn expected_calibration_error(samples: &[(f32, bool)]) -> f64 {
    let total = samples.len().max(1) as f64;
    let bins = binned(samples);
    bins.iter().filter(|b| b.2 > 0).map(|(p, hit, _)| (p - hit).abs() / total).sum()
}

/// One bin of a reliability plot.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Bin {
    /// Lower edge; the upper is .1 higher.
    pub from: f64,
    pub count: usize,
    /// Mean stated probability; `None` if empty.
    pub stated: Option<f64>,
    /// Share that is right; `None` if empty.
    pub observed: Option<f64>,
}

/// The ten bins behind [`expected_calibration_error`], lowest first.
pub fn reliability(samples: &[(f32, bool)]) -> Vec<Bin> {
    let bins = binned(samples).into_iter().enumerate();
    bins.map(|(n, (stated, right, count))| {
        let mean = |sum: f64| (count > 0).then(|| sum / count as f64);
        let from = n as f64 / BINS as f64;
        Bin { from, count, stated: mean(stated), observed: mean(right) }
    })
    .collect()
}

/// Cohen's κ of pairs of judgements in any categories: agreement beyond what their frequencies give by
/// chance. 1 is perfect, 0 chance; undefined (`None`) for nothing, or where chance alone agrees always.
pub fn kappa<T: Ord + Copy>(pairs: &[(T, T)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let mut counts: BTreeMap<T, (f64, f64)> = BTreeMap::new();
    for (one, other) in pairs {
        counts.entry(*one).or_default().0 += 1.0;
        counts.entry(*other).or_default().1 += 1.0;
    }
    let agreed = pairs.iter().filter(|(one, other)| one == other).count() as f64 / n;
    let chance = counts.values().map(|(one, other)| (one / n) * (other / n)).sum::<f64>();
    (n > 0.0 && chance < 1.0 - 1e-12).then(|| (agreed - chance) / (1.0 - chance))
}

/// Wilson's 95 % interval of a share; `None` for nothing.
pub fn wilson(hits: usize, n: usize) -> Option<(f64, f64)> {
    const Z: f64 = 1.96;
    if n == 0 {
        return None;
    }
    let (n, p) = (n as f64, hits as f64 / n as f64);
    let middle = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some((((middle - spread) / scale).max(0.0), ((middle + spread) / scale).min(1.0)))
}

/// Area under the ROC curve: how often a positive outranks a negative; ties count half.
pub fn auc(samples: &[(f32, bool)]) -> f64 {
    let positives: Vec<f32> = samples.iter().filter(|s| s.1).map(|s| s.0).collect();
    let negatives: Vec<f32> = samples.iter().filter(|s| !s.1).map(|s| s.0).collect();
    if positives.is_empty() || negatives.is_empty() {
        return f64::NAN;
    }
    let mut wins = 0.0;
    for p in &positives {
        for n in &negatives {
            wins += if p > n {
                1.0
            } else if p == n {
                0.5
            } else {
                0.0
            };
        }
    }
    wins / (positives.len() * negatives.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranking_figures() {
        let r = Ranking::of(&[Some(0), Some(1), Some(9), None]);
        assert_eq!((r.hit_at_1, r.hit_at_5), (0.25, 0.5));
        assert!((r.mrr - (1.0 + 0.5 + 0.1) / 4.0).abs() < 1e-9);
    }

    #[test]
    fn agreement_beyond_chance_in_any_categories() {
        assert_eq!(kappa(&[(1, 1), (2, 2), (3, 3)]), Some(1.0));
        // Observed .5; by chance .5 * .75 + .25 * .25.
        let half = kappa(&[(1, 1), (1, 1), (2, 1), (3, 2)]).unwrap();
        assert!((half - (0.5 - 0.4375) / (1.0 - 0.4375)).abs() < 1e-9, "{half}");
        assert_eq!(kappa(&[(1, 1), (1, 1)]), None);
        assert_eq!(kappa::<u8>(&[]), None);
    }

    #[test]
    fn an_interval_narrows_with_n_and_holds_the_share() {
        let (low, high) = wilson(18, 24).unwrap();
        assert!((low - 0.551).abs() < 0.001 && (high - 0.880).abs() < 0.001, "{low} {high}");
        let (wide, narrow) = (wilson(5, 10).unwrap(), wilson(500, 1000).unwrap());
        assert!(wide.1 - wide.0 > narrow.1 - narrow.0);
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(0, 5).unwrap().0, 0.0);
    }

    #[test]
    fn perfect_and_useless_probabilities() {
        let perfect = [(1.0, true), (1.0, true), (0.0, false)];
        assert_eq!((expected_calibration_error(&perfect), auc(&perfect)), (0.0, 1.0));
        let useless = [(0.5, true), (0.5, false)];
        assert_eq!((expected_calibration_error(&useless), auc(&useless)), (0.0, 0.5));
        assert_eq!(expected_calibration_error(&[(0.9, false)]), f64::from(0.9f32));
    }

    #[test]
    fn bins_hold_what_the_error_sums_over() {
        let samples = [(0.05, false), (0.85, true), (0.89, false), (1.0, true)];
        let bins = reliability(&samples);
        assert_eq!(
            bins.iter().map(|b| b.count).collect::<Vec<_>>(),
            [1, 0, 0, 0, 0, 0, 0, 0, 2, 1]
        );
        assert_eq!((bins[8].observed, bins[1].observed), (Some(0.5), None));
        assert!((bins[8].stated.unwrap() - 0.87).abs() < 1e-6);
        let sum: f64 = bins
            .iter()
            .filter_map(|b| Some((b.stated? - b.observed?).abs() * b.count as f64 / 4.0))
            .sum();
        assert!((sum - expected_calibration_error(&samples)).abs() < 1e-9);
    }

    #[test]
    fn kappa_is_agreement_beyond_chance() {
        // Cohen's own kind of table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives .4.
        let table =
            [(20, (true, true)), (5, (true, false)), (10, (false, true)), (15, (false, false))];
        let all: Vec<(bool, bool)> = table.iter().flat_map(|(n, j)| vec![*j; *n]).collect();
        assert!((kappa(&all).unwrap() - 0.4).abs() < 1e-9);
        assert_eq!(kappa(&[(true, true), (false, false)]), Some(1.0));
        assert_eq!((kappa::<bool>(&[]), kappa(&[(true, true)])), (None, None));
    }
}
