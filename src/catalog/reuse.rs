//! What evidence for one framework is worth for another: chains of two links through a common
//! control, and the reuse rate that follows.
//!
//! A relation reads `common control REL target`. Evidence for the source target covers the common
//! control if that is `equal` to it or a `subset` of it; the common control covers the counterpart
//! if it is `equal` to it or a `superset` of it. Only both together make a chain strong. Chains
//! have a direction: strong one way may be weak the other way.

use std::collections::BTreeMap;

use super::Catalog;
use crate::domain::{CommonControl, Link, Relation, Target, TargetId};

/// How far evidence carries over a chain. The better one sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// What proves the source proves the counterpart.
    Strong,
    /// They share work, but something has to be added or looked at.
    Weak,
}

impl Strength {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Weak => "weak",
        }
    }
}

/// One way from a source target over a common control to a counterpart in another framework.
#[derive(Debug, Clone, Copy)]
pub struct Chain<'a> {
    pub source: &'a TargetId,
    /// The counterpart.
    pub target: &'a TargetId,
    pub strength: Strength,
    pub common_control: &'a CommonControl,
    /// The link between the common control and the source, with its rationale.
    pub from: &'a Link,
    /// The link between the common control and the counterpart, with its rationale.
    pub to: &'a Link,
}

impl<'a> Chain<'a> {
    fn new(common_control: &'a CommonControl, from: &'a Link, to: &'a Link) -> Self {
        let covered = matches!(from.relation, Relation::Equal | Relation::Subset);
        let covers = matches!(to.relation, Relation::Equal | Relation::Superset);
        let strength = if covered && covers { Strength::Strong } else { Strength::Weak };
        Self { source: &from.target, target: &to.target, strength, common_control, from, to }
    }

    /// What the chain says about source and counterpart: `equal`, `superset` (the source is the
    /// wider one), `subset`, or `intersects`, which here claims no more than shared work.
    pub fn relation(&self) -> Relation {
        use Relation::{Equal, Intersects, Subset, Superset};
        match (self.from.relation, self.to.relation) {
            (Equal, Equal) => Equal,
            (Equal | Subset, Equal | Superset) => Superset,
            (Equal | Superset, Equal | Subset) => Subset,
            _ => Intersects,
        }
    }
}

/// One target of the framework that is reused for, with the chains that lead to it.
#[derive(Debug, Clone)]
pub struct ReuseRow<'a> {
    pub target: &'a Target,
    /// Of the best chain; none if the target is specific to its framework.
    pub strength: Option<Strength>,
    /// Strong ones first.
    pub chains: Vec<Chain<'a>>,
}

/// Counts of targets; each target counts once, by its best chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub targets: usize,
    pub strong: usize,
    /// Targets that have weak chains only.
    pub weak: usize,
}

impl Tally {
    /// Targets without any chain.
    pub fn specific(self) -> usize {
        self.targets - self.strong - self.weak
    }

    /// `part` of the targets in whole percent.
    pub fn percent(self, part: usize) -> usize {
        if self.targets == 0 { 0 } else { (200 * part + self.targets) / (2 * self.targets) }
    }

    fn count(&mut self, strength: Option<Strength>) {
        self.targets += 1;
        match strength {
            Some(Strength::Strong) => self.strong += 1,
            Some(Strength::Weak) => self.weak += 1,
            None => {}
        }
    }
}

/// How much of `to` evidence for `from` can serve.
#[derive(Debug, Clone)]
pub struct Reuse<'a> {
    pub from: String,
    pub to: String,
    /// Every target of `to`, in order.
    pub rows: Vec<ReuseRow<'a>>,
    /// Per clause and per annex group, in order.
    pub groups: Vec<(String, Tally)>,
    pub overall: Tally,
}

impl Reuse<'_> {
    /// Targets that no chain reaches: what is genuinely new in `to`.
    pub fn specific(&self) -> impl Iterator<Item = &Target> {
        self.rows.iter().filter(|row| row.strength.is_none()).map(|row| row.target)
    }
}

impl Catalog {
    /// Chains from a target to every counterpart in other frameworks: strong ones first, then in
    /// order of the counterparts.
    pub fn chains(&self, id: &TargetId) -> Vec<Chain<'_>> {
        let mut chains: Vec<Chain<'_>> = self
            .common_controls
            .iter()
            .flat_map(|control| {
                let from = control.links.iter().filter(|link| link.target == *id);
                from.flat_map(move |from| {
                    let to = control.links.iter();
                    to.filter(|to| to.target.framework() != id.framework())
                        .map(move |to| Chain::new(control, from, to))
                })
            })
            .collect();
        chains.sort_by(|a, b| {
            (a.strength, a.target, &a.common_control.id).cmp(&(
                b.strength,
                b.target,
                &b.common_control.id,
            ))
        });
        chains
    }

    /// Counterparts of a target in other frameworks, each once: those with a strong chain first.
    pub fn counterparts(&self, id: &TargetId) -> Vec<TargetId> {
        let mut found: Vec<TargetId> = Vec::new();
        for chain in self.chains(id) {
            if !found.contains(chain.target) {
                found.push(chain.target.clone());
            }
        }
        found
    }

    /// How much of framework `to` evidence for framework `from` can serve.
    pub fn reuse(&self, from: &str, to: &str) -> Reuse<'_> {
        let mut chains: BTreeMap<&TargetId, Vec<Chain<'_>>> = BTreeMap::new();
        for source in self.targets.values().filter(|t| t.framework == from) {
            for chain in self.chains(&source.id) {
                chains.entry(chain.target).or_default().push(chain);
            }
        }
        let mut rows = Vec::new();
        let mut groups: Vec<(String, Tally)> = Vec::new();
        let mut overall = Tally::default();
        for target in self.targets.values().filter(|t| t.framework == to) {
            let mut chains = chains.remove(&target.id).unwrap_or_default();
            chains.sort_by_key(|chain| chain.strength);
            let strength = chains.first().map(|chain| chain.strength);
            overall.count(strength);
            let group = group(target);
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, tally)) => tally.count(strength),
                None => {
                    let mut tally = Tally::default();
                    tally.count(strength);
                    groups.push((group, tally));
                }
            }
            rows.push(ReuseRow { target, strength, chains });
        }
        Reuse { from: from.to_owned(), to: to.to_owned(), rows, groups, overall }
    }
}

/// The clause or annex group of a target: `Clause 9`, `A.6`; else its theme or framework.
pub(super) fn group(target: &Target) -> String {
    let mut parts = target.id.local().split('.');
    match (parts.next(), parts.next()) {
        (Some("A"), Some(number)) => format!("A.{number}"),
        _ if target.theme.is_empty() => target.framework.clone(),
        _ => target.theme.clone(),
    }
}
