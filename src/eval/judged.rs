//! A judged run against what reviewers decided: the share of accepted proposals by verdict, and what the
//! order by verdict does to the ranking.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Decided, Ranking, wilson};
use crate::domain::{ProposalId, Stance};

/// Decided proposals with one verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StanceFigures {
    /// `None` for proposals that the run says nothing about.
    pub verdict: Option<Stance>,
    pub accepted: usize,
    pub rejected: usize,
    /// 95 % interval of the share of accepted ones.
    pub interval: Option<(f64, f64)>,
}

/// Figures of a judged run. People may have seen its verdicts before they decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JudgedFigures {
    pub verdicts: Vec<StanceFigures>,
    /// Where the first accepted proposal of a target stands, by rank alone and with the verdicts applied.
    pub by_rank: Ranking,
    pub with_verdicts: Ranking,
}

/// Measures a judged run. `ranks` are those with the verdicts applied, from 1; what is not in it keeps
/// its own.
pub fn measure_judged(
    decided: &[Decided],
    stances: &BTreeMap<ProposalId, Stance>,
    ranks: &BTreeMap<ProposalId, u32>,
) -> JudgedFigures {
    let kinds = Stance::ALL.into_iter().map(Some).chain([None]);
    let verdicts = kinds
        .map(|verdict| {
            let with = |d: &&Decided| stances.get(&d.proposal).copied() == verdict;
            let accepted = decided.iter().filter(with).filter(|d| d.accepted).count();
            let all = decided.iter().filter(with).count();
            let interval = wilson(accepted, all);
            StanceFigures { verdict, accepted, rejected: all - accepted, interval }
        })
        .collect();
    let ranking = |rank: &dyn Fn(&Decided) -> u32| {
        let mut first: BTreeMap<&str, u32> = BTreeMap::new();
        for d in decided.iter().filter(|d| d.accepted) {
            let best = first.entry(&d.row).or_insert(u32::MAX);
            *best = rank(d).min(*best);
        }
        let ranks: Vec<Option<usize>> =
            first.values().map(|rank| (*rank as usize).checked_sub(1)).collect();
        Ranking::of(&ranks)
    };
    JudgedFigures {
        verdicts,
        by_rank: ranking(&|d| d.rank),
        with_verdicts: ranking(&|d| ranks.get(&d.proposal).copied().unwrap_or(d.rank)),
    }
}

/// The figures as text.
pub fn judged_text(f: &JudgedFigures) -> String {
    let mut lines = Vec::new();
    for v in &f.verdicts {
        let word = v.verdict.map_or("no verdict", Stance::as_str);
        let share = v.interval.map_or_else(String::new, |(low, high)| {
            let share = v.accepted as f64 / (v.accepted + v.rejected).max(1) as f64;
            format!(": {:.0} % accepted ({:.0}–{:.0} %)", share * 100.0, low * 100.0, high * 100.0)
        });
        lines.push(format!("  {word:<11} {} accepted, {} rejected{share}", v.accepted, v.rejected));
    }
    for (name, r) in [("by rank", &f.by_rank), ("with verdicts", &f.with_verdicts)] {
        lines.push(format!(
            "  target → accepted, {name:<13} hit@1 {:.3}  hit@5 {:.3}  MRR {:.3}  ({} targets)",
            r.hit_at_1, r.hit_at_5, r.mrr, r.queries
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(n: u32, accepted: bool) -> Decided {
        let target = "ISO27001:A.5.18".parse().unwrap();
        Decided {
            proposal: ProposalId::derive(&target, None, &format!("quote {n}")),
            accepted,
            confidence: 0.5,
            rank: n,
            row: "row".into(),
            group: "g".into(),
            plain: None,
        }
    }

    #[test]
    fn verdicts_are_counted_and_move_the_rank() {
        let all = [decided(1, false), decided(2, true), decided(3, true)];
        let stances = BTreeMap::from([
            (all[0].proposal.clone(), Stance::Not),
            (all[1].proposal.clone(), Stance::Supported),
        ]);
        let ranks = BTreeMap::from([(all[0].proposal.clone(), 3), (all[1].proposal.clone(), 1)]);
        let f = measure_judged(&all, &stances, &ranks);
        let counts = |v: Option<Stance>| {
            let found = f.verdicts.iter().find(|x| x.verdict == v).unwrap();
            (found.accepted, found.rejected)
        };
        assert_eq!(counts(Some(Stance::Supported)), (1, 0));
        assert_eq!(counts(Some(Stance::Not)), (0, 1));
        assert_eq!(counts(None), (1, 0));
        assert_eq!((f.by_rank.hit_at_1, f.with_verdicts.hit_at_1), (0.0, 1.0));
        assert!(judged_text(&f).contains("supported   1 accepted, 0 rejected: 100 %"));
    }
}
