//! From scores to probabilities: logistic functions whose coefficients are fitted by
//! `evimap eval --fit` and shipped in `seeds/calibration.toml`.

use serde::{Deserialize, Serialize};

const SHIPPED: &str = include_str!("../../seeds/calibration.toml");

/// `1 / (1 + exp(-(bias + weights · features)))`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Logistic {
    pub bias: f32,
    pub weights: Vec<f32>,
}

impl Logistic {
    /// The log-odds for one feature vector; missing features count as 0.
    pub fn log_odds(&self, features: &[f32]) -> f32 {
        let sum: f64 =
            self.weights.iter().zip(features).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum();
        (sum + f64::from(self.bias)) as f32
    }

    /// The probability for one feature vector.
    pub fn probability(&self, features: &[f32]) -> f32 {
        let sum = f64::from(self.log_odds(features));
        let p = 1.0 / (1.0 + (-sum).exp());
        ((p * 1e4).round() / 1e4) as f32
    }

    /// Maximum-likelihood fit with a ridge penalty by Newton's method (iteratively reweighted least
    /// squares). `samples` are feature vectors of one length with their outcome and weight.
    pub fn fit(samples: &[(Vec<f32>, bool, f32)], ridge: f64) -> Self {
        let dims = samples.first().map_or(0, |(x, ..)| x.len()) + 1;
        let mut beta = vec![0f64; dims];
        for _ in 0..50 {
            let mut gradient = vec![0f64; dims];
            let mut hessian = vec![vec![0f64; dims]; dims];
            for (features, outcome, weight) in samples {
                let x: Vec<f64> =
                    std::iter::once(1.0).chain(features.iter().map(|v| f64::from(*v))).collect();
                let sum: f64 = beta.iter().zip(&x).map(|(b, x)| b * x).sum();
                let p = 1.0 / (1.0 + (-sum).exp());
                let weight = f64::from(*weight);
                let error = (f64::from(u8::from(*outcome)) - p) * weight;
                let curve = (p * (1.0 - p)).max(1e-9) * weight;
                for i in 0..dims {
                    gradient[i] += error * x[i];
                    for j in 0..dims {
                        hessian[i][j] += curve * x[i] * x[j];
                    }
                }
            }
            for i in 1..dims {
                gradient[i] -= ridge * beta[i];
                hessian[i][i] += ridge;
            }
            hessian[0][0] += 1e-9;
            let Some(step) = solve(hessian, gradient) else { break };
            let size: f64 = step.iter().map(|s| s.abs()).fold(0.0, f64::max);
            for (b, s) in beta.iter_mut().zip(step) {
                *b += s;
            }
            if size < 1e-7 {
                break;
            }
        }
        let round = |v: f64| ((v * 1e4).round() / 1e4) as f32;
        Self { bias: round(beta[0]), weights: beta[1..].iter().map(|b| round(*b)).collect() }
    }
}

/// Gaussian elimination with partial pivoting; `None` for a singular matrix.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for column in 0..n {
        let pivot =
            (column..n).max_by(|i, j| a[*i][column].abs().total_cmp(&a[*j][column].abs()))?;
        if a[pivot][column].abs() < 1e-12 {
            return None;
        }
        a.swap(column, pivot);
        b.swap(column, pivot);
        for row in column + 1..n {
            let factor = a[row][column] / a[column][column];
            let (above, below) = a.split_at_mut(row);
            for (x, y) in below[0][column..].iter_mut().zip(&above[column][column..]) {
                *x -= factor * y;
            }
            b[row] -= factor * b[column];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| a[row][k] * b[k]).sum();
        b[row] = (b[row] - known) / a[row][row];
    }
    Some(b)
}

/// The fits: a text alone, a passage in its collection, a passage in its document, a target over the
/// whole collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// How the numbers came about, for people.
    pub provenance: String,
    /// Features: [`PassageFeatures::values`].
    pub passage: Logistic,
    /// Features: [`ProposalFeatures::values`].
    pub proposal: Logistic,
    /// The same without what depends on the rest of the collection.
    /// Features: [`ProposalFeatures::alone`].
    pub alone: Logistic,
    /// Features: [`TargetFeatures::values`].
    pub target: Logistic,
}

impl Calibration {
    /// The calibration in `seeds/`.
    ///
    /// # Panics
    /// Never in a released binary: a test reads it.
    pub fn shipped() -> Self {
        toml::from_str(SHIPPED).expect("seeds/calibration.toml is held by a test")
    }

    /// Reads a calibration that `evimap eval` wrote.
    ///
    /// # Errors
    /// Why it can't be used, in words: no TOML, or made for other features than this version's.
    pub fn parse(text: &str) -> Result<Self, String> {
        let own: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let shipped = Self::shipped();
        for (name, own, shipped) in [
            ("passage", &own.passage, &shipped.passage),
            ("proposal", &own.proposal, &shipped.proposal),
            ("alone", &own.alone, &shipped.alone),
            ("target", &own.target, &shipped.target),
        ] {
            let (has, needs) = (own.weights.len(), shipped.weights.len());
            if has != needs {
                return Err(format!("`{name}` has {has} weights, this version needs {needs}"));
            }
            if !own.weights.iter().chain([&own.bias]).all(|weight| weight.is_finite()) {
                return Err(format!("`{name}` holds something that is no number"));
            }
        }
        Ok(own)
    }
}

/// What is known of a text and a target without a collection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PassageFeatures {
    /// Standard score among the targets.
    pub z: f32,
    /// Distance to the best other target; negative unless this is the best.
    pub margin: f32,
    /// 1 / rank.
    pub inverse_rank: f32,
    /// Raw score over the root of the number of words: long texts collect score by length.
    pub density: f32,
}

impl PassageFeatures {
    /// `order` lists the targets best first; `rank` counts from 0.
    pub fn new(z: &[f32], order: &[usize], rank: usize, raw: f32, words: u32) -> Self {
        let own = order.get(rank).map_or(0.0, |n| z[*n]);
        let other = order.get(usize::from(rank == 0)).map_or(0.0, |n| z[*n]);
        Self {
            z: own,
            margin: own - other,
            inverse_rank: 1.0 / (rank as f32 + 1.0),
            density: raw / (words as f32).max(1.0).sqrt(),
        }
    }

    pub fn values(&self) -> [f32; 4] {
        [self.z, self.margin, self.inverse_rank, self.density]
    }
}

/// What is known of a passage and a target within a collection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProposalFeatures {
    pub passage: PassageFeatures,
    /// Mean standard score of the document's other passages for the target.
    pub prior: f32,
    /// Standard score of the document's title.
    pub title: f32,
    /// tantivy's score over the best for this target, 0 to 1.
    pub backward: f32,
    /// Mean of the document's three best such scores.
    pub backward_document: f32,
}

impl ProposalFeatures {
    /// The plain sum by which proposals are ranked. Weights are rounded from a coarse search over
    /// two labelled sets of different authors (docs/matching.md); nothing finer held on both.
    pub fn fused(&self) -> f32 {
        self.passage.z
            + 0.5 * self.prior
            + 0.25 * self.title
            + 3.0 * self.backward
            + 8.0 * self.backward_document
    }

    /// The features that do not depend on what else the collection holds: they can tell that even
    /// the best passage is not good.
    pub fn alone(&self) -> [f32; 6] {
        let [z, margin, inverse_rank, density] = self.passage.values();
        [z, margin, inverse_rank, density, self.prior, self.title]
    }

    pub fn values(&self) -> [f32; 8] {
        let [z, margin, inverse_rank, density] = self.passage.values();
        [
            z,
            margin,
            inverse_rank,
            density,
            self.prior,
            self.title,
            self.backward,
            self.backward_document,
        ]
    }
}

/// What is known of a target from the whole collection, talk left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetFeatures {
    /// Best [`ProposalFeatures::alone`] log-odds of a passage, with the subject's fit.
    best: f32,
    /// Second and third best.
    next: [f32; 2],
    /// Best over documents of: mean + ½ top 3 of the standard scores + ¼ title.
    document: f32,
    /// Passages for which this is the best target of all.
    wins: u32,
}

/// Log-odds of "nothing at all".
const NOTHING: f32 = -8.0;

impl Default for TargetFeatures {
    fn default() -> Self {
        Self { best: NOTHING, next: [NOTHING; 2], document: 0.0, wins: 0 }
    }
}

impl TargetFeatures {
    /// Takes one passage into account: the log-odds that it is evidence by what does not depend on
    /// the rest of the collection, and its document's score.
    pub fn add(&mut self, log_odds: f32, wins: bool, document: f32) {
        let mut top = [self.best, self.next[0], self.next[1], log_odds];
        top.sort_by(|a, b| b.total_cmp(a));
        [self.best, self.next[0], self.next[1], _] = top;
        self.document = self.document.max(document);
        self.wins += u32::from(wins);
    }

    pub fn values(&self) -> [f32; 4] {
        let next = (self.next[0] + self.next[1]) / 2.0;
        [self.best, next, self.document, (1.0 + self.wins as f32).ln()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_calibration_fits_the_features() {
        let shipped = Calibration::shipped();
        assert_eq!(shipped.passage.weights.len(), 4);
        assert_eq!(shipped.proposal.weights.len(), 8);
        assert_eq!(shipped.alone.weights.len(), 6);
        assert_eq!(shipped.target.weights.len(), 4);
        assert!(!shipped.provenance.is_empty());
    }

    #[test]
    fn a_calibration_of_other_features_is_refused() {
        let shipped = Calibration::shipped();
        let text = toml::to_string(&shipped).unwrap();
        assert_eq!(Calibration::parse(&text), Ok(shipped.clone()));
        let mut short = shipped.clone();
        short.proposal.weights.pop();
        let why = Calibration::parse(&toml::to_string(&short).unwrap()).unwrap_err();
        assert!(why.contains("`proposal` has") && why.contains("this version needs"), "{why}");
        let mut odd = shipped;
        odd.target.bias = f32::NAN;
        assert!(Calibration::parse(&toml::to_string(&odd).unwrap()).is_err());
        assert!(Calibration::parse("provenance = 1").is_err());
    }

    #[test]
    fn a_fit_recovers_the_curve_that_made_the_data() {
        // Outcome frequencies of 1/(1+exp(-(x-1))) at x = -3 … 4, as weighted samples.
        let mut samples = Vec::new();
        for x in -3..=4 {
            let p = 1.0 / (1.0 + (-(x as f32 - 1.0)).exp());
            samples.push((vec![x as f32], true, p * 100.0));
            samples.push((vec![x as f32], false, (1.0 - p) * 100.0));
        }
        let fit = Logistic::fit(&samples, 1e-6);
        assert!((fit.bias + 1.0).abs() < 0.01 && (fit.weights[0] - 1.0).abs() < 0.01, "{fit:?}");
        assert!((fit.probability(&[1.0]) - 0.5).abs() < 0.01);
    }
}
