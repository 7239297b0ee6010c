//! Which common control a target's work belongs to, so that one piece of work is asked for once.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    catalog::Catalog,
    domain::{CommonControl, Relation, TargetId},
};

/// Worth of a target that a common control covers, against 1 for one that it serves in part.
const COVERED: usize = 4;

/// The home of every target that a common control serves. It depends on the catalogue alone, so that
/// ids which are made of it don't change while gaps open and close.
///
/// Homes are given out greedily: first to the common control that serves both standards among the
/// targets still without one, then to the one that serves most of them. A target that the common
/// control covers counts [`COVERED`] times one that it serves in part, so that a small matter which
/// touches many targets is not the home of all of them.
pub(super) fn homes(catalog: &Catalog) -> BTreeMap<TargetId, &CommonControl> {
    let mut homes: BTreeMap<TargetId, &CommonControl> = BTreeMap::new();
    let mut left: Vec<&CommonControl> = catalog.common_controls().iter().collect();
    loop {
        let worth = |control: &CommonControl| {
            let open = control.links.iter().filter(|link| {
                !homes.contains_key(&link.target) && catalog.get(&link.target).is_some()
            });
            let (mut frameworks, mut weight) = (BTreeSet::new(), 0);
            for link in open {
                frameworks.insert(link.target.framework());
                weight += if covers(link.relation) { COVERED } else { 1 };
            }
            (frameworks.len() > 1, weight)
        };
        let best = left.iter().enumerate().max_by_key(|(_, c)| (worth(c), Reverse(&c.id)));
        let Some((at, _)) = best.filter(|(_, c)| worth(c).1 > 0) else { return homes };
        let control = left.remove(at);
        for link in &control.links {
            if catalog.get(&link.target).is_some() {
                homes.entry(link.target.clone()).or_insert(control);
            }
        }
    }
}

/// Whether a common control in this relation to a target covers all of it.
pub(super) fn covers(relation: Relation) -> bool {
    matches!(relation, Relation::Equal | Relation::Superset)
}

/// How a common control stands to a target.
pub(super) fn relation(control: &CommonControl, target: &TargetId) -> Option<Relation> {
    control.links.iter().find(|link| link.target == *target).map(|link| link.relation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_that_a_common_control_serves_has_one_home_and_many_are_shared() {
        let catalog = Catalog::builtin();
        let homes = homes(catalog);
        for control in catalog.common_controls() {
            for link in &control.links {
                let home = homes[&link.target];
                assert!(relation(home, &link.target).is_some(), "{}", link.target);
            }
        }
        let joint = |framework: &str| {
            homes
                .iter()
                .filter(|(id, home)| {
                    id.framework() == framework
                        && homes
                            .iter()
                            .any(|(other, h)| h.id == home.id && other.framework() != framework)
                })
                .count()
        };
        // Both standards meet in the same home for more than half of the smaller one.
        assert!(joint("ISO42001") > 35, "{}", joint("ISO42001"));
        let programme = |id: &str| homes[&id.parse::<TargetId>().unwrap()].id.clone();
        assert_eq!(programme("ISO27001:9.2.2"), programme("ISO42001:9.2.2"));
    }
}
