//! Rows of both standards beside each other: clauses by number, controls by the published
//! crosswalk, then all that has no counterpart.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalog::Catalog,
    domain::{ISO27001, ISO42001, TargetId},
};

/// Two targets that are read together, or one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) iso27001: Option<TargetId>,
    pub(super) iso42001: Option<TargetId>,
    /// Why they stand beside each other, for people.
    pub(super) basis: String,
}

/// All given targets as pairs. Clauses with the same number come first, then the published pairings
/// of controls (a control may stand in several), then the rest.
pub(super) fn pairs<'t>(
    catalog: &Catalog,
    targets: impl IntoIterator<Item = &'t TargetId>,
) -> Vec<Pair> {
    let targets: BTreeSet<&TargetId> = targets.into_iter().collect();
    let clause = |id: &TargetId| id.local().starts_with(|c: char| c.is_ascii_digit());
    let mut pairs = Vec::new();

    let mut numbers: BTreeMap<TargetId, [Option<TargetId>; 2]> = BTreeMap::new();
    for id in targets.iter().copied().filter(|id| clause(id)) {
        let side = match id.framework() {
            ISO27001 => 0,
            ISO42001 => 1,
            _ => continue,
        };
        // The 27001 form of the number serves as key, because its order is the reading order.
        let Ok(number) = format!("{ISO27001}:{}", id.local()).parse() else { continue };
        numbers.entry(number).or_default()[side] = Some(id.clone());
    }
    for [iso27001, iso42001] in numbers.into_values() {
        let basis = match (&iso27001, &iso42001) {
            (Some(_), Some(_)) => "same clause number",
            _ => "clause of one standard only",
        };
        pairs.push(Pair { iso27001, iso42001, basis: basis.to_owned() });
    }

    let mut paired: BTreeSet<&TargetId> = BTreeSet::new();
    let mut published: Vec<_> = catalog
        .pairings()
        .iter()
        .filter(|p| !(clause(&p.iso27001) && clause(&p.iso42001)))
        .filter(|p| targets.contains(&p.iso27001) && targets.contains(&p.iso42001))
        .collect();
    published.sort_by(|a, b| (&a.iso27001, &a.iso42001).cmp(&(&b.iso27001, &b.iso42001)));
    for pairing in published {
        paired.extend([&pairing.iso27001, &pairing.iso42001]);
        pairs.push(Pair {
            iso27001: Some(pairing.iso27001.clone()),
            iso42001: Some(pairing.iso42001.clone()),
            basis: format!("{}: {}", pairing.relation, pairing.source),
        });
    }

    for id in targets.into_iter().filter(|id| !clause(id) && !paired.contains(id)) {
        let basis = "no published counterpart".to_owned();
        let id = Some(id.clone());
        pairs.push(match id.as_ref().map(TargetId::framework) {
            Some(ISO42001) => Pair { iso27001: None, iso42001: id, basis },
            _ => Pair { iso27001: id, iso42001: None, basis },
        });
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_pair_by_number_controls_by_the_crosswalk_and_nothing_is_lost() {
        let ids: Vec<TargetId> = [
            "ISO27001:10.1",
            "ISO27001:9.2.1",
            "ISO42001:9.2.1",
            "ISO42001:8.4",
            "ISO27001:A.5.1",
            "ISO42001:A.2.2",
            "ISO27001:A.7.14",
            "ISO42001:A.9.9",
        ]
        .iter()
        .map(|id| id.parse().unwrap())
        .collect();
        let lines: Vec<String> = pairs(Catalog::builtin(), &ids)
            .iter()
            .map(|pair| {
                let side =
                    |id: &Option<TargetId>| id.as_ref().map_or("-", TargetId::local).to_owned();
                let basis = pair.basis.split(':').next().unwrap_or_default();
                format!("{} | {} | {basis}", side(&pair.iso27001), side(&pair.iso42001))
            })
            .collect();
        assert_eq!(
            lines,
            [
                "- | 8.4 | clause of one standard only",
                "9.2.1 | 9.2.1 | same clause number",
                "10.1 | - | clause of one standard only",
                "A.5.1 | A.2.2 | related",
                "A.7.14 | - | no published counterpart",
                "- | A.9.9 | no published counterpart",
            ]
        );
    }
}
