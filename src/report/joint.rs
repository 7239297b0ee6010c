//! Rows of both standards beside each other: clauses by number, controls by the common controls
//! that serve both, then all that has no counterpart.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalog::Catalog,
    domain::{ISO27001, ISO42001, TargetId},
    words::Words,
};

/// Two targets that are read together, or one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) iso27001: Option<TargetId>,
    pub(super) iso42001: Option<TargetId>,
    basis: Basis,
}

/// Why two targets stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Basis {
    SameClause,
    OneStandard,
    /// How strong the chain is, and the common control's title.
    Common(&'static str, String),
    Nothing,
}

impl Pair {
    /// Why they stand beside each other, for people.
    pub(super) fn basis(&self, words: &Words) -> String {
        let id = match &self.basis {
            Basis::SameClause => "pair-same-clause",
            Basis::OneStandard => "pair-one-standard",
            Basis::Common(strength, title) => return format!("{}: {title}", words.word(strength)),
            Basis::Nothing => "pair-nothing",
        };
        words.text(id).to_owned()
    }
}

/// All given targets as pairs. Clauses with the same number come first, then targets that a common
/// control serves both (a target may stand in several), then the rest.
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
            (Some(_), Some(_)) => Basis::SameClause,
            _ => Basis::OneStandard,
        };
        pairs.push(Pair { iso27001, iso42001, basis });
    }

    let mut paired: BTreeSet<&TargetId> = BTreeSet::new();
    for source in targets.iter().copied().filter(|id| id.framework() == ISO27001) {
        let mut seen = BTreeSet::new();
        for chain in catalog.chains(source) {
            let both_clauses = clause(source) && clause(chain.target);
            let wanted = targets.get(chain.target).filter(|_| !both_clauses);
            let Some(target) = wanted.filter(|target| seen.insert(**target)) else { continue };
            paired.extend([source, *target]);
            let strength = chain.strength.as_str();
            pairs.push(Pair {
                iso27001: Some(source.clone()),
                iso42001: Some((*target).clone()),
                basis: Basis::Common(strength, chain.common_control.title.clone()),
            });
        }
    }

    for id in targets.into_iter().filter(|id| !clause(id) && !paired.contains(id)) {
        let basis = Basis::Nothing;
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
    fn clauses_pair_by_number_controls_by_common_controls_and_nothing_is_lost() {
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
                let said = pair.basis(Words::of(crate::domain::Language::En));
                let basis = said.split(':').next().unwrap_or_default();
                format!("{} | {} | {basis}", side(&pair.iso27001), side(&pair.iso42001))
            })
            .collect();
        assert_eq!(
            lines,
            [
                "- | 8.4 | clause of one standard only",
                "9.2.1 | 9.2.1 | same clause number",
                "10.1 | - | clause of one standard only",
                "A.5.1 | A.2.2 | weak",
                "A.7.14 | - | no common control reaches the other standard",
                "- | A.9.9 | no common control reaches the other standard",
            ]
        );
    }
}
