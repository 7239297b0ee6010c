//! What a language model says about proposals and targets. Advice, never a decision.

use serde::{Deserialize, Serialize};

use super::{PointId, ProposalId, TargetId};

/// What it says about a passage, or about one point of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// The passage by itself shows the point in full.
    Supported,
    /// It shows a part of the point.
    Partly,
    /// It can't be told from the passage.
    Abstain,
    /// It shows nothing of it.
    Not,
}

impl Stance {
    /// All of them, the strongest first.
    pub const ALL: [Self; 4] = [Self::Supported, Self::Partly, Self::Abstain, Self::Not];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Partly => "partly",
            Self::Abstain => "abstain",
            Self::Not => "not",
        }
    }

    /// Whether it has to stand on a quote.
    pub fn needs_quote(self) -> bool {
        matches!(self, Self::Supported | Self::Partly)
    }

    /// Where suggestions with it stand among those of their target: supported, then partly, then
    /// those without an opinion and those that the model abstained on, then the others.
    pub fn place(stance: Option<Self>) -> u8 {
        match stance {
            Some(Self::Supported) => 0,
            Some(Self::Partly) => 1,
            None | Some(Self::Abstain) => 2,
            Some(Self::Not) => 3,
        }
    }
}

/// What it says about a target, from the passages that it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetStance {
    Evidence,
    Partial,
    Abstain,
    None,
}

impl TargetStance {
    /// All of them, the strongest first.
    pub const ALL: [Self; 4] = [Self::Evidence, Self::Partial, Self::Abstain, Self::None];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Partial => "partial",
            Self::Abstain => "abstain",
            Self::None => "none",
        }
    }
}

/// What it says about one point of the target in one passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointOpinion {
    /// `None` where the passage is judged as a whole.
    pub point: Option<PointId>,
    pub verdict: Stance,
    /// Numbers of the passage's sentences, from 1.
    pub sentences: Vec<u32>,
    /// Verbatim, checked against the passage; empty for `not` and `abstain`.
    pub quote: String,
    /// One sentence.
    pub reason: String,
    /// What the point asks for and the passage lacks; may be empty.
    pub missing: String,
}

/// What it says about a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    pub proposal_id: ProposalId,
    /// The strongest of `points`.
    pub verdict: Stance,
    /// At least one, the strongest first.
    pub points: Vec<PointOpinion>,
    /// Quote, reason and what is missing of the strongest.
    pub quote: String,
    pub reason: String,
    pub missing: String,
    pub model: String,
    pub prompt_version: String,
}

impl Judgement {
    /// Puts what was said about the points of a passage together; `None` for nothing.
    pub fn of(
        proposal_id: ProposalId,
        mut points: Vec<PointOpinion>,
        model: &str,
        prompt_version: &str,
    ) -> Option<Self> {
        points.sort_by(|a, b| (a.verdict, &a.point).cmp(&(b.verdict, &b.point)));
        let first = points.first()?;
        Some(Self {
            proposal_id,
            verdict: first.verdict,
            quote: first.quote.clone(),
            reason: first.reason.clone(),
            missing: first.missing.clone(),
            points,
            model: model.to_owned(),
            prompt_version: prompt_version.to_owned(),
        })
    }
}

/// What it says about a target (and system), from some of the passages proposed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetJudgement {
    pub target: TargetId,
    pub system: Option<String>,
    pub verdict: TargetStance,
    /// What none of the passages shows; may be empty.
    pub missing: String,
    pub model: String,
    pub prompt_version: String,
}

impl TargetJudgement {
    /// One a target and system, the strongest of those given; in order of target and system.
    pub fn merged(all: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut all: Vec<Self> = all.into_iter().collect();
        all.sort_by(|a, b| {
            (&a.target, &a.system, a.verdict).cmp(&(&b.target, &b.system, b.verdict))
        });
        all.dedup_by(|later, first| {
            (&later.target, &later.system) == (&first.target, &first.system)
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(verdict: TargetStance) -> TargetJudgement {
        TargetJudgement {
            target: "ISO27001:A.5.18".parse().unwrap(),
            system: None,
            verdict,
            missing: String::new(),
            model: "m".into(),
            prompt_version: "p".into(),
        }
    }

    #[test]
    fn of_several_calls_about_a_target_the_strongest_counts_and_doubt_beats_none() {
        use TargetStance::{Abstain, Evidence, None, Partial};
        for (all, wanted) in [
            (vec![None, Partial, Evidence], Evidence),
            (vec![None, Partial], Partial),
            (vec![None, Abstain], Abstain),
            (vec![None, None], None),
        ] {
            let merged = TargetJudgement::merged(all.into_iter().map(said));
            assert_eq!(merged.len(), 1);
            assert_eq!(merged[0].verdict, wanted);
        }
    }

    #[test]
    fn an_opinion_is_as_strong_as_its_strongest_point() {
        let about = |short: &str, verdict| PointOpinion {
            point: Some(PointId::new(&"ISO27001:A.5.18".parse().unwrap(), short)),
            verdict,
            sentences: vec![1],
            quote: short.into(),
            reason: format!("because of {short}"),
            missing: String::new(),
        };
        let id = ProposalId::derive(&"ISO27001:A.5.18".parse().unwrap(), Option::None, "quote");
        let points = vec![about("d1", Stance::Not), about("o1", Stance::Partly)];
        let made = Judgement::of(id.clone(), points, "m", "p").unwrap();
        assert_eq!((made.verdict, made.quote.as_str()), (Stance::Partly, "o1"));
        assert_eq!(Judgement::of(id, Vec::new(), "m", "p"), Option::None);
    }
}
