//! The knowledge: targets of both standards with their points, in our own words, embedded in the
//! binary and validated once.

mod seeds;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

pub use seeds::{Pairing, Renumbered, canonical};

use crate::domain::{CommonControl, ISO27001, ISO42001, Target, TargetId};

/// Raised with every change of the seeds that can change a result.
pub const CATALOG_VERSION: &str = "2026.11";

/// All targets, common controls and translation tables.
#[derive(Debug, Clone)]
pub struct Catalog {
    targets: BTreeMap<TargetId, Target>,
    common_controls: Vec<CommonControl>,
    renumbering: Vec<Renumbered>,
    pairings: Vec<Pairing>,
}

impl Catalog {
    /// The catalogue that ships with evimap.
    ///
    /// # Panics
    /// Never in a released binary: a seed that does not parse fails the project's tests.
    pub fn builtin() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| Self::load().expect("the seeds are held by tests"))
    }

    fn load() -> Result<Self, String> {
        let mut targets = BTreeMap::new();
        for (file, text) in seeds::TARGET_FILES {
            let parsed = seeds::targets(text).map_err(|error| format!("{file}: {error}"))?;
            for raw in parsed.target {
                let target = Target::from(raw);
                if let Some(twice) = targets.insert(target.id.clone(), target) {
                    return Err(format!("{file}: {} is defined twice", twice.id));
                }
            }
        }
        let read = |(file, text): (&str, &str)| (file.to_owned(), text.to_owned());
        let (file, text) = read(seeds::RENUMBERING);
        let renumbering = seeds::rows(&text).map_err(|error| format!("{file}: {error}"))?;
        let (file, text) = read(seeds::CROSSWALK);
        let pairings = seeds::rows(&text).map_err(|error| format!("{file}: {error}"))?;
        Ok(Self { targets, common_controls: Vec::new(), renumbering, pairings })
    }

    /// All targets in reading order: 27001 before 42001, clauses before Annex A.
    pub fn targets(&self) -> impl ExactSizeIterator<Item = &Target> {
        self.targets.values()
    }

    pub fn get(&self, id: &TargetId) -> Option<&Target> {
        self.targets.get(id)
    }

    pub fn common_controls(&self) -> &[CommonControl] {
        &self.common_controls
    }

    /// Ids of the frameworks, in order.
    pub fn frameworks(&self) -> Vec<&str> {
        let set: BTreeSet<&str> = self.targets.values().map(|t| t.framework.as_str()).collect();
        set.into_iter().collect()
    }

    /// Full name of a framework for people.
    pub fn framework_name<'a>(&self, framework: &'a str) -> &'a str {
        match framework {
            ISO27001 => "ISO/IEC 27001:2022",
            ISO42001 => "ISO/IEC 42001:2023",
            other => other,
        }
    }

    /// Where a control of ISO/IEC 27001:2013 went, for example `A.9.2.5`. Empty for an unknown id.
    pub fn renumbered(&self, id_2013: &str) -> Vec<&Renumbered> {
        self.renumbering.iter().filter(|row| row.id_2013.eq_ignore_ascii_case(id_2013)).collect()
    }

    /// The whole 2013 → 2022 table.
    pub fn renumbering(&self) -> &[Renumbered] {
        &self.renumbering
    }

    /// Published pairings between the standards.
    pub fn pairings(&self) -> &[Pairing] {
        &self.pairings
    }

    /// Targets of the other standard that a published pairing names, in order.
    pub fn counterparts(&self, id: &TargetId) -> Vec<TargetId> {
        let set: BTreeSet<&TargetId> = self
            .pairings
            .iter()
            .filter_map(|pair| {
                if pair.iso27001 == *id {
                    Some(&pair.iso42001)
                } else if pair.iso42001 == *id {
                    Some(&pair.iso27001)
                } else {
                    None
                }
            })
            .collect();
        set.into_iter().cloned().collect()
    }
}
