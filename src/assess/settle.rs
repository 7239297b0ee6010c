//! What several people's words on one proposal add up to.
//!
//! Everybody's last word counts, by proposal and target; a defer is none for or against it.
//!
//! - All opinions agree: the latest of them is in force, with its points, system and dates.
//! - Accept against reject: a conflict. `[review] conflict` says what settles it: a lead (the
//!   default), the latest, or the strictest word. Unsettled, the evidence doesn't count.
//! - An answer to "reconfirm" overtakes what was said of an earlier state: who accepted the old
//!   version is not in conflict with who rejects the new one. So does a decision on the words that
//!   took the place of the decided ones.
//! - Under four eyes an accept is in force once two people gave it, neither of them the target's
//!   owner. One reject is enough.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    config::{Config, ConflictRule},
    domain::{
        Decision, Position, ProposalId, QuestionKind, TargetId, Unsettled, Verdict, same_name,
    },
};

/// Accepted by somebody, but not in force.
pub(super) struct Open<'a> {
    pub(super) kind: QuestionKind,
    /// The latest accept.
    pub(super) decision: &'a Decision,
    /// Who said what, and what is missing.
    pub(super) why: String,
}

impl Open<'_> {
    /// Begins with the kind.
    pub(super) fn text(&self) -> String {
        format!("{}: {}", self.kind.as_str(), self.why)
    }

    pub(super) fn shown(&self) -> Unsettled {
        Unsettled {
            proposal_id: self.decision.proposal_id.clone(),
            document: self.decision.document.clone(),
            why: self.text(),
        }
    }
}

/// What holds, and what is open.
#[derive(Default)]
pub(super) struct Settled<'a> {
    /// At most one per proposal and target, in the order of the ledger.
    pub(super) in_force: Vec<&'a Decision>,
    /// In the same order.
    pub(super) open: Vec<Open<'a>>,
}

/// The decisions in force, in the order of the ledger.
pub fn in_force<'a>(
    decisions: &'a [Decision],
    positions: &'a [Position],
    config: &Config,
) -> Vec<&'a Decision> {
    settle(decisions, positions, config).in_force
}

/// Goes through the whole ledger.
pub(super) fn settle<'a>(
    decisions: &'a [Decision],
    positions: &'a [Position],
    config: &Config,
) -> Settled<'a> {
    // Not per system: who corrects the system of a decided row moves the evidence, and doesn't
    // double it.
    let mut groups: BTreeMap<(&ProposalId, &TargetId), Vec<usize>> = BTreeMap::new();
    for (n, decision) in decisions.iter().enumerate() {
        groups.entry((&decision.proposal_id, &decision.target)).or_default().push(n);
    }
    let owners = Owners::new(positions);
    let mut replaced: BTreeSet<(&ProposalId, &TargetId)> = BTreeSet::new();
    let (mut in_force, mut open) = (Vec::new(), Vec::new());
    for numbers in groups.into_values() {
        let words = last_words(&numbers, decisions);
        for word in words.iter().filter(|(_, d)| d.verdict != Verdict::Defer) {
            replaced.extend(word.1.replaces.iter().map(|id| (id, &word.1.target)));
        }
        match weigh(&words, &owners, config) {
            (n, Ok(decision)) => in_force.push((n, decision)),
            (n, Err(unsettled)) => open.push((n, unsettled)),
        }
    }
    in_force.sort_by_key(|(n, _)| *n);
    open.sort_by_key(|(n, _)| *n);
    let current = |d: &Decision| !replaced.contains(&(&d.proposal_id, &d.target));
    Settled {
        in_force: in_force.into_iter().map(|(_, d)| d).filter(|d| current(d)).collect(),
        open: open.into_iter().map(|(_, o)| o).filter(|o| current(o.decision)).collect(),
    }
}

/// Each person's last word on the present state, in the order of the ledger.
fn last_words<'a>(numbers: &[usize], decisions: &'a [Decision]) -> Vec<(usize, &'a Decision)> {
    let all: Vec<(usize, &Decision)> = numbers.iter().map(|n| (*n, &decisions[*n])).collect();
    let answer = all.iter().rposition(|(_, d)| d.reconfirms && d.verdict != Verdict::Defer);
    let holds = |at: usize, d: &Decision| {
        answer.is_none_or(|answer| at >= answer || d.basis == all[answer].1.basis)
    };
    let said = |(at, (_, d)): &(usize, &(usize, &Decision))| {
        let later = all[at + 1..].iter().any(|(_, other)| same_name(&other.reviewer, &d.reviewer));
        holds(*at, d) && !later
    };
    all.iter().enumerate().filter(said).map(|(_, word)| *word).collect()
}

fn weigh<'a>(
    words: &[(usize, &'a Decision)],
    owners: &Owners<'_>,
    config: &Config,
) -> (usize, Result<&'a Decision, Open<'a>>) {
    let opinions = || words.iter().copied().filter(|(_, d)| d.verdict != Verdict::Defer);
    let last = |verdict| opinions().rfind(|(_, d)| d.verdict == verdict);
    let verdict = match (last(Verdict::Accept), last(Verdict::Reject)) {
        (Some(_), None) => Verdict::Accept,
        (None, Some(_)) => Verdict::Reject,
        (None, None) => Verdict::Defer,
        (Some((n, accept)), Some((other, _))) => match ruling(opinions().map(|(_, d)| d), config) {
            Some(verdict) => verdict,
            None => {
                let said = opinions().map(|(_, d)| said(d)).collect::<Vec<_>>().join(", ");
                let why = format!("{said}: {}", way_out(config));
                let kind = QuestionKind::Conflict;
                return (n.max(other), Err(Open { kind, decision: accept, why }));
            }
        },
    };
    let found = match verdict {
        Verdict::Defer => words.last().copied(),
        verdict => last(verdict),
    };
    // A group is never empty, and each verdict above was found in it.
    let (n, decision) = found.unwrap_or(words[0]);
    if verdict == Verdict::Accept && config.needs_four_eyes(&decision.target) {
        let accepts = opinions().map(|(_, d)| d).filter(|d| d.verdict == Verdict::Accept);
        let (own, others): (Vec<_>, Vec<_>) =
            accepts.partition(|d| owners.own(&d.target, d.system.as_deref(), &d.reviewer));
        if others.len() < 2 {
            let mut why =
                [&others[..], &own[..]].concat().into_iter().map(said).collect::<Vec<_>>();
            if let Some(owner) = own.first() {
                why.push(format!("{} owns the target and doesn't count", owner.reviewer));
            }
            let missing = if others.is_empty() { "two people" } else { "a second person" };
            let why = format!("{}: {missing} other than the owner must accept", why.join(", "));
            return (n, Err(Open { kind: QuestionKind::SecondPerson, decision, why }));
        }
    }
    (n, Ok(decision))
}

/// `Ada accepted on 2026-05-25`.
pub(super) fn said(decision: &Decision) -> String {
    let verb = match decision.verdict {
        Verdict::Accept => "accepted",
        Verdict::Reject => "rejected",
        Verdict::Defer => "deferred",
    };
    format!("{} {verb} on {}", decision.reviewer, decision.decided_on)
}

/// The verdict that holds between people who differ, if the rule finds one.
fn ruling<'a>(opinions: impl Iterator<Item = &'a Decision>, config: &Config) -> Option<Verdict> {
    match config.conflict {
        ConflictRule::Strictest => Some(Verdict::Reject),
        ConflictRule::Latest => opinions.last().map(|d| d.verdict),
        ConflictRule::Lead => {
            let mut leads = opinions.filter(|d| config.is_lead(&d.reviewer)).map(|d| d.verdict);
            let first = leads.next()?;
            leads.all(|verdict| verdict == first).then_some(first)
        }
    }
}

fn way_out(config: &Config) -> &'static str {
    if config.reviewers.iter().any(|r| r.lead) {
        "a lead has to decide, or they agree"
    } else {
        "they have to agree, or name a lead or a rule in evimap.toml"
    }
}

/// Who owns which target, as positions say.
struct Owners<'a> {
    by_row: BTreeMap<(&'a TargetId, Option<&'a str>), &'a str>,
}

impl<'a> Owners<'a> {
    fn new(positions: &'a [Position]) -> Self {
        let rows = positions.iter().map(|p| ((&p.target, p.system.as_deref()), p.owner.as_str()));
        Self { by_row: rows.collect() }
    }

    /// Whether a person owns the target, or its part of the system.
    fn own(&self, target: &TargetId, system: Option<&str>, person: &str) -> bool {
        [system, None].iter().any(|system| {
            self.by_row.get(&(target, *system)).is_some_and(|owner| same_name(owner, person))
        })
    }
}

#[cfg(test)]
mod tests;
