//! Figures of merit over ranked lists and probabilities.

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

/// Expected calibration error over ten equal-width bins: the mean distance between stated
/// probability and observed frequency, weighted by bin size.
pub fn expected_calibration_error(samples: &[(f32, bool)]) -> f64 {
    let mut bins = [(0.0f64, 0.0f64, 0usize); 10];
    for (probability, outcome) in samples {
        let bin = &mut bins[((probability * 10.0) as usize).min(9)];
        bin.0 += f64::from(*probability);
        bin.1 += f64::from(u8::from(*outcome));
        bin.2 += 1;
    }
    let total = samples.len().max(1) as f64;
    bins.iter().filter(|b| b.2 > 0).map(|(p, hit, _)| (p - hit).abs() / total).sum()
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
    fn perfect_and_useless_probabilities() {
        let perfect = [(1.0, true), (1.0, true), (0.0, false)];
        assert_eq!((expected_calibration_error(&perfect), auc(&perfect)), (0.0, 1.0));
        let useless = [(0.5, true), (0.5, false)];
        assert_eq!((expected_calibration_error(&useless), auc(&useless)), (0.0, 0.5));
        assert_eq!(expected_calibration_error(&[(0.9, false)]), f64::from(0.9f32));
    }
}
