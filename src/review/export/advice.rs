//! What a language model said, as reviewers read it.

use std::collections::BTreeMap;

use crate::domain::{Judgement, TargetId, TargetJudgement, squash_whitespace};

/// The judge's opinions. Shown beside a row, and its place within the target; nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Advice<'a> {
    pub judgements: &'a [Judgement],
    pub targets: &'a [TargetJudgement],
    /// By verdict: how many of the proposals with it people accepted, in words, where enough are
    /// decided.
    pub shares: &'a BTreeMap<String, String>,
}

impl Advice<'_> {
    /// Verdict and reason, each point's verdict, what is missing, the target as a whole, and how far
    /// people agreed so far.
    pub(super) fn cell(
        &self,
        judgement: &Judgement,
        target: &TargetId,
        system: Option<&str>,
    ) -> String {
        let verdict = judgement.verdict.as_str();
        let mut text = format!("{verdict}: {}", squash_whitespace(&judgement.reason));
        let points: Vec<String> = judgement
            .points
            .iter()
            .filter_map(|o| Some(format!("{} {}", o.point.as_ref()?.short(), o.verdict.as_str())))
            .collect();
        if !points.is_empty() {
            text.push_str(&format!(" [{}]", points.join(", ")));
        }
        if !judgement.missing.is_empty() {
            text.push_str(&format!("; missing: {}", squash_whitespace(&judgement.missing)));
        }
        let fits = |t: &&TargetJudgement| t.target == *target && t.system.as_deref() == system;
        if let Some(whole) = self.targets.iter().find(fits) {
            text.push_str(&format!("; target: {}", whole.verdict.as_str()));
            if !whole.missing.is_empty() {
                text.push_str(&format!(", missing: {}", squash_whitespace(&whole.missing)));
            }
        }
        if let Some(share) = self.shares.get(verdict) {
            text.push_str(&format!("; {share}"));
        }
        text
    }
}
