//! Which risk a name means, and which risks a control treats: by the register, and by what positions
//! name.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Linked, Position, RegisteredRisk, RiskRegister, SoaRisk, TargetId};

/// Risks by their place in the register.
pub(in crate::assess) struct Links<'a> {
    pub(super) risks: &'a [RegisteredRisk],
    keys: BTreeMap<String, usize>,
    ids: BTreeMap<String, Vec<usize>>,
    /// The first of the risks that a person said are one (`same_as`).
    first: Vec<usize>,
    /// By the register.
    controls: BTreeMap<&'a TargetId, Vec<usize>>,
}

/// What a name in a position means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    Unknown,
    /// One risk, or several that are one by `same_as`.
    Risks(Vec<usize>),
    /// Risks of different registers share the id.
    Several(Vec<usize>),
}

impl<'a> Links<'a> {
    pub(in crate::assess) fn read(register: &'a RiskRegister) -> Self {
        let risks = register.risks.as_slice();
        let (mut keys, mut ids) = (BTreeMap::new(), BTreeMap::<String, Vec<usize>>::new());
        let mut controls = BTreeMap::<&TargetId, Vec<usize>>::new();
        for (n, risk) in risks.iter().enumerate() {
            if !risk.key.is_empty() {
                keys.insert(risk.key.to_lowercase(), n);
            }
            if !risk.id.is_empty() {
                ids.entry(risk.id.to_lowercase()).or_default().push(n);
            }
            for control in risk.controls.iter().collect::<BTreeSet<_>>() {
                controls.entry(control).or_default().push(n);
            }
        }
        let mut first: Vec<usize> = (0..risks.len()).collect();
        for (n, risk) in risks.iter().enumerate() {
            for key in &risk.same_as {
                let Some(other) = keys.get(&key.to_lowercase()).copied() else { continue };
                let (one, two) = (first[n], first[other]);
                for place in &mut first {
                    if *place == one.max(two) {
                        *place = one.min(two);
                    }
                }
            }
        }
        Self { risks, keys, ids, first, controls }
    }

    pub(super) fn meant(&self, name: &str) -> Meant {
        let name = name.trim().to_lowercase();
        if let Some(n) = self.keys.get(&name) {
            return Meant::Risks(self.same(*n));
        }
        match self.ids.get(&name).map(Vec::as_slice) {
            None | Some([]) => Meant::Unknown,
            Some([first, rest @ ..])
                if rest.iter().all(|n| self.first[*n] == self.first[*first]) =>
            {
                Meant::Risks(self.same(*first))
            }
            Some(several) => Meant::Several(several.to_vec()),
        }
    }

    /// Whether it is clear which risk of the register a name means.
    pub(in crate::assess) fn is_known(&self, name: &str) -> bool {
        matches!(self.meant(name), Meant::Risks(_))
    }

    /// A risk and those that a person said are the same.
    fn same(&self, n: usize) -> Vec<usize> {
        (0..self.risks.len()).filter(|other| self.first[*other] == self.first[n]).collect()
    }

    /// The risks that positions name and the register has.
    pub(in crate::assess) fn named<'p>(
        &self,
        positions: impl IntoIterator<Item = &'p Position>,
    ) -> BTreeSet<usize> {
        let names = positions.into_iter().flat_map(|p| &p.risk_ids);
        names
            .filter_map(|name| match self.meant(name) {
                Meant::Risks(found) => Some(found),
                _ => None,
            })
            .flatten()
            .collect()
    }

    /// What the register says of a risk that a position names.
    pub(in crate::assess) fn as_linked(&self, name: &str) -> SoaRisk {
        let id = name.trim().to_owned();
        let one = match self.meant(name) {
            // Of several that are one, that which bears the name.
            Meant::Risks(found) => {
                let bears = |n: &&usize| {
                    let risk = self.risk(**n);
                    [&risk.key, &risk.id].iter().any(|own| own.to_lowercase() == id.to_lowercase())
                };
                found.iter().find(bears).map(|n| self.risk(*n))
            }
            Meant::Unknown => None,
            Meant::Several(_) => return SoaRisk { id, register: Linked::Several },
        };
        let register = one.map_or(Linked::Missing, |risk| Linked::Risk {
            treatment: risk.treatment(),
            residual: risk.residual.clone(),
            acceptance: risk.acceptance(),
        });
        SoaRisk { id, register }
    }

    /// Risks that are not closed, for which the register names a control that no position links to them.
    pub(in crate::assess) fn unlinked(
        &self,
        target: &TargetId,
        named: &BTreeSet<usize>,
    ) -> Vec<usize> {
        let all = self.of_control(target).iter().copied();
        all.filter(|n| !named.contains(n) && !self.risk(*n).closed).collect()
    }

    /// The risks for which the register names a control.
    pub(in crate::assess) fn of_control(&self, target: &TargetId) -> &[usize] {
        self.controls.get(target).map_or(&[], Vec::as_slice)
    }

    pub(in crate::assess) fn risk(&self, n: usize) -> &'a RegisteredRisk {
        &self.risks[n]
    }

    /// How a risk is called: its id where no other has it, else its key, its title, or its row.
    pub(in crate::assess) fn name(&self, n: usize) -> String {
        let risk = &self.risks[n];
        let alone = self.ids.get(&risk.id.to_lowercase()).is_some_and(|same| same.len() == 1);
        if alone {
            risk.id.clone()
        } else if !risk.key.is_empty() {
            risk.key.clone()
        } else {
            format!("row {}", risk.row)
        }
    }

    pub(in crate::assess) fn names<'n>(
        &self,
        all: impl IntoIterator<Item = &'n usize>,
    ) -> Vec<String> {
        all.into_iter().map(|n| self.name(*n)).collect()
    }
}
