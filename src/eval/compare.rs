//! Two judged runs against each other: how far they agree, where they differ, what each cost. Neither is
//! the truth; for that, see what people decided.

use std::collections::BTreeMap;

use serde::Serialize;

use super::kappa;
use crate::domain::{PointId, ProposalId, Stance, TargetId, TargetStance};

/// What a judged run said, and what it cost.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JudgedRun {
    /// File or number.
    pub name: String,
    pub model: String,
    pub prompt: String,
    pub proposals: BTreeMap<ProposalId, (TargetId, Stance)>,
    pub points: BTreeMap<(ProposalId, PointId), Stance>,
    pub targets: BTreeMap<(TargetId, Option<String>), TargetStance>,
    pub calls: usize,
    pub bytes: u64,
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
}

/// Agreement on what both runs speak about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    pub both: usize,
    pub only_first: usize,
    pub only_second: usize,
    pub same: usize,
    /// Cohen's κ over the four verdicts, each as far from the others.
    pub kappa: Option<f64>,
    /// Counts by first and second verdict; pairs that occur.
    pub table: Vec<(String, String, usize)>,
}

/// A proposal or target with another verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub target: TargetId,
    /// The proposal, or the system of a target.
    pub what: String,
    pub first: String,
    pub second: String,
}

/// Cost of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cost {
    pub name: String,
    pub model: String,
    pub prompt: String,
    pub calls: usize,
    pub bytes: u64,
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    pub runs: [Cost; 2],
    pub proposals: Agreement,
    pub points: Agreement,
    pub targets: Agreement,
    pub changed_proposals: Vec<Change>,
    pub changed_targets: Vec<Change>,
}

/// Compares two runs.
pub fn compare_judged(first: &JudgedRun, second: &JudgedRun) -> Comparison {
    let stances = |run: &JudgedRun| -> BTreeMap<ProposalId, Stance> {
        run.proposals.iter().map(|(id, (_, stance))| (id.clone(), *stance)).collect()
    };
    let mut changed_proposals: Vec<Change> = first
        .proposals
        .iter()
        .filter_map(|(id, (target, one))| {
            let (_, other) = second.proposals.get(id)?;
            (one != other).then(|| Change {
                target: target.clone(),
                what: id.to_string(),
                first: one.as_str().to_owned(),
                second: other.as_str().to_owned(),
            })
        })
        .collect();
    changed_proposals.sort_by(|a, b| (&a.target, &a.what).cmp(&(&b.target, &b.what)));
    let changed_targets = first
        .targets
        .iter()
        .filter_map(|(key, one)| {
            let other = second.targets.get(key)?;
            (one != other).then(|| Change {
                target: key.0.clone(),
                what: key.1.clone().unwrap_or_default(),
                first: one.as_str().to_owned(),
                second: other.as_str().to_owned(),
            })
        })
        .collect();
    Comparison {
        runs: [cost(first), cost(second)],
        proposals: agreement(&stances(first), &stances(second), Stance::as_str),
        points: agreement(&first.points, &second.points, Stance::as_str),
        targets: agreement(&first.targets, &second.targets, TargetStance::as_str),
        changed_proposals,
        changed_targets,
    }
}

fn cost(run: &JudgedRun) -> Cost {
    Cost {
        name: run.name.clone(),
        model: run.model.clone(),
        prompt: run.prompt.clone(),
        calls: run.calls,
        bytes: run.bytes,
        prompt_tokens: run.prompt_tokens,
        completion_tokens: run.completion_tokens,
    }
}

fn agreement<K: Ord, T: Ord + Copy>(
    first: &BTreeMap<K, T>,
    second: &BTreeMap<K, T>,
    word: fn(T) -> &'static str,
) -> Agreement {
    let pairs: Vec<(T, T)> =
        first.iter().filter_map(|(key, one)| Some((*one, *second.get(key)?))).collect();
    let mut table: BTreeMap<(T, T), usize> = BTreeMap::new();
    for pair in &pairs {
        *table.entry(*pair).or_default() += 1;
    }
    Agreement {
        both: pairs.len(),
        only_first: first.len() - pairs.len(),
        only_second: second.len() - pairs.len(),
        same: pairs.iter().filter(|(one, other)| one == other).count(),
        kappa: kappa(&pairs),
        table: table
            .into_iter()
            .map(|((one, other), n)| (word(one).to_owned(), word(other).to_owned(), n))
            .collect(),
    }
}

/// Changes listed in the text; JSON has them all.
const LISTED: usize = 50;

/// The comparison as text.
pub fn comparison_text(c: &Comparison) -> String {
    let mut lines = Vec::new();
    for (n, run) in (1..).zip(&c.runs) {
        lines.push(format!(
            "{n}: {}: model {}, prompt {}; {} calls, {} bytes sent, {} tokens in, {} out",
            run.name,
            run.model,
            run.prompt,
            run.calls,
            run.bytes,
            run.prompt_tokens,
            run.completion_tokens
        ));
    }
    for (what, a) in [("proposals", &c.proposals), ("points", &c.points), ("targets", &c.targets)] {
        let kappa = a.kappa.map_or_else(|| "–".to_owned(), |k| format!("{k:.3}"));
        lines.push(format!(
            "{what:<10} {} in both ({} only in 1, {} only in 2): {} the same, κ {kappa}",
            a.both, a.only_first, a.only_second, a.same
        ));
        let differ = a.table.iter().filter(|(one, other, _)| one != other);
        for (one, other, n) in differ {
            lines.push(format!("           {one} → {other}: {n}"));
        }
    }
    let changes = c.changed_targets.iter().chain(&c.changed_proposals);
    for change in changes.clone().take(LISTED) {
        lines.push(format!(
            "  {} {}: {} → {}",
            change.target, change.what, change.first, change.second
        ));
    }
    let more = changes.count().saturating_sub(LISTED);
    if more > 0 {
        lines.push(format!("  … and {more} more; --json lists them"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(stances: &[(u8, Stance)]) -> JudgedRun {
        let target: TargetId = "ISO27001:A.5.18".parse().unwrap();
        let id = |n: u8| ProposalId::derive(&target, None, &format!("quote {n}"));
        JudgedRun {
            name: "a".into(),
            proposals: stances.iter().map(|(n, s)| (id(*n), (target.clone(), *s))).collect(),
            targets: BTreeMap::from([((target.clone(), None), TargetStance::Partial)]),
            prompt_tokens: 100,
            ..JudgedRun::default()
        }
    }

    #[test]
    fn agreement_is_over_what_both_speak_about() {
        let first = run(&[(1, Stance::Supported), (2, Stance::Not), (3, Stance::Partly)]);
        let mut second = run(&[(1, Stance::Supported), (2, Stance::Partly), (4, Stance::Not)]);
        second.targets.values_mut().for_each(|t| *t = TargetStance::Evidence);
        let c = compare_judged(&first, &second);
        let p = &c.proposals;
        assert_eq!((p.both, p.only_first, p.only_second, p.same), (2, 1, 1, 1));
        // Observed .5, by chance .25.
        assert!((p.kappa.unwrap() - (0.5 - 0.25) / 0.75).abs() < 1e-9, "{p:?}");
        assert_eq!(c.changed_proposals.len(), 1);
        assert_eq!(c.changed_targets[0].second, "evidence");
        let text = comparison_text(&c);
        assert!(text.contains("not → partly: 1") && text.contains("100 tokens in"), "{text}");
    }

    #[test]
    fn a_run_agrees_with_itself() {
        let one = run(&[(1, Stance::Supported), (2, Stance::Not)]);
        let c = compare_judged(&one, &one);
        assert_eq!((c.proposals.kappa, c.changed_proposals.len()), (Some(1.0), 0));
    }
}
