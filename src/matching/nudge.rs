//! Small, bounded shifts of a proposal's place and confidence by what people wrote elsewhere: an
//! index that names its document ([`super::named`]), decisions on quotes like it
//! ([`super::learn`]).

use super::rank::STRONG;

/// What a nudge can reach at most: a suggestion never becomes strong by nudges alone.
const BELOW_STRONG: f32 = STRONG - 0.01;

/// One shift, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Nudge {
    /// Added to the score that ranks proposals within a target.
    pub(super) score: f32,
    /// Added to the log-odds of the confidence.
    pub(super) log_odds: f32,
    /// For people, in a few words.
    pub(super) why: String,
}

/// All shifts of a pair, in the order in which they apply.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Nudges(pub(super) Vec<Nudge>);

impl Nudge {
    /// The confidence after the shift, rounded as probabilities are.
    pub(super) fn apply(&self, confidence: f32) -> f32 {
        if self.log_odds == 0.0 {
            return confidence;
        }
        let p = f64::from(confidence).clamp(1e-4, 1.0 - 1e-4);
        let odds = (p / (1.0 - p)).ln() + f64::from(self.log_odds);
        let shifted = ((1e4 / (1.0 + (-odds).exp())).round() / 1e4) as f32;
        match self.log_odds > 0.0 {
            true => shifted.min(BELOW_STRONG).max(confidence),
            false => shifted.min(confidence),
        }
    }
}

impl Nudges {
    /// What they add to the score, all together.
    pub(super) fn score(&self) -> f32 {
        self.0.iter().map(|nudge| nudge.score).sum()
    }

    /// Why, each.
    pub(super) fn reasons(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(|nudge| nudge.why.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nudge_alone_makes_no_suggestion_strong() {
        let nudge = |log_odds| Nudge { score: 0.0, log_odds, why: String::new() };
        assert!((nudge(0.5).apply(0.5) - 0.6225).abs() < 1e-4);
        assert!((nudge(-0.5).apply(0.5) - 0.3775).abs() < 1e-4);
        assert_eq!(nudge(9.0).apply(0.7), BELOW_STRONG);
        assert_eq!(nudge(9.0).apply(0.93), 0.93);
        assert!(nudge(-0.5).apply(0.93) < 0.93);
        for p in [0.0, 0.3, 1.0] {
            assert_eq!(nudge(0.0).apply(p), p);
            assert!(nudge(1.0).apply(p) >= p && nudge(-1.0).apply(p) <= p);
        }
    }
}
