//! The knowledge: targets of both standards with their points, in our own words, embedded in the
//! binary and validated once.

pub mod oscal;
mod overlay;
mod reuse;
mod seeds;
#[cfg(test)]
mod tests;
mod texts;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::OnceLock,
};

pub use reuse::{Chain, Reuse, ReuseRow, Strength, Tally};
#[cfg(test)]
pub(crate) use seeds::TARGET_FILES;
pub use seeds::{LocalWords, Pairing, Renumbered, canonical};

use crate::{
    config::Config,
    diag::Diagnostic,
    domain::{CommonControl, ISO27001, ISO42001, Language, Risk, Target, TargetId},
};

/// Year and a running number, raised with every change of the seeds that can change a result …
pub const CATALOG_VERSION: &str = "2026.14";
/// … and the day of that change.
const CATALOG_CHANGED: &str = "2026-11-30";

/// All targets, common controls and translation tables.
#[derive(Debug, Clone)]
pub struct Catalog {
    targets: BTreeMap<TargetId, Target>,
    common_controls: Vec<CommonControl>,
    risks: Vec<Risk>,
    renumbering: Vec<Renumbered>,
    clause_changes: Vec<Renumbered>,
    pairings: Vec<Pairing>,
    /// By target, one for each language other than English.
    /// Names of frameworks that an overlay brought.
    names: BTreeMap<String, String>,
    /// What a target of an overlay spells out in more detail.
    refines: BTreeMap<TargetId, Vec<TargetId>>,
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
            for raw in read(file, text)?.target {
                let target = Target::from(raw);
                if let Some(twice) = targets.insert(target.id.clone(), target) {
                    return Err(format!("{file}: {} is defined twice", twice.id));
                }
            }
        }
        let (file, text) = seeds::COMMON_CONTROLS;
        let common_controls = read(file, text)?.common_control.into_iter().map(Into::into);
        let (file, text) = seeds::RISKS;
        Ok(Self {
            targets,
            common_controls: common_controls.collect(),
            risks: read(file, text)?.risk,
            renumbering: rows(seeds::RENUMBERING)?,
            clause_changes: rows(seeds::CLAUSES_2013)?,
            pairings: rows(seeds::CROSSWALK)?,
            names: BTreeMap::new(),
            refines: BTreeMap::new(),
        })
    }

    /// The catalogue with a user's folder of own targets, points, common controls and frameworks
    /// on top. The format is described in docs/catalogue.md.
    ///
    /// # Errors
    /// All faults of the folder, each with file and line.
    pub fn with_overlay(&self, dir: &Path) -> Result<Self, Vec<Diagnostic>> {
        overlay::merge(self, dir)
    }

    /// The catalogue that a configuration asks for; its overlay is relative to `config_dir`.
    ///
    /// # Errors
    /// All faults of the overlay, each with file and line.
    pub fn load_with(
        config_dir: &Path,
        config: &Config,
    ) -> Result<Cow<'static, Self>, Vec<Diagnostic>> {
        let builtin = Self::builtin();
        match &config.overlay {
            None => Ok(Cow::Borrowed(builtin)),
            Some(folder) => builtin.with_overlay(&config_dir.join(folder)).map(Cow::Owned),
        }
    }

    /// All targets in reading order: 27001 before 42001, clauses before Annex A.
    pub fn targets(&self) -> impl ExactSizeIterator<Item = &Target> {
        self.targets.values()
    }

    /// A target's words in a language other than English; `None` for a target of one's own.
    pub fn local_words(&self, id: &TargetId, language: Language) -> Option<&'static LocalWords> {
        seeds::local_words(language).get(id)
    }

    pub fn get(&self, id: &TargetId) -> Option<&Target> {
        self.targets.get(id)
    }

    pub fn common_controls(&self) -> &[CommonControl] {
        &self.common_controls
    }

    pub fn common_control(&self, id: &str) -> Option<&CommonControl> {
        self.common_controls.iter().find(|control| control.id == id)
    }

    /// The risk library.
    pub fn risks(&self) -> &[Risk] {
        &self.risks
    }

    /// Targets that a target of an overlay spells out in more detail.
    pub fn refines(&self, id: &TargetId) -> &[TargetId] {
        self.refines.get(id).map_or(&[], Vec::as_slice)
    }

    /// Ids of the frameworks, in order.
    pub fn frameworks(&self) -> Vec<&str> {
        let set: BTreeSet<&str> = self.targets.values().map(|t| t.framework.as_str()).collect();
        set.into_iter().collect()
    }

    /// Full name of a framework for people.
    pub fn framework_name<'a>(&'a self, framework: &'a str) -> &'a str {
        match framework {
            ISO27001 => "ISO/IEC 27001:2022",
            ISO42001 => "ISO/IEC 42001:2023",
            other => self.names.get(other).map_or(other, String::as_str),
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

    /// Where a clause of ISO/IEC 27001:2013 went, for example `9.2`. Empty for an unknown number.
    pub fn renumbered_clause(&self, id_2013: &str) -> Vec<TargetId> {
        let rows = self.clause_changes.iter().filter(|row| row.id_2013 == id_2013.trim());
        rows.filter(|row| !row.id_2013.is_empty()).map(|row| row.id_2022.clone()).collect()
    }

    /// The whole 2013 → 2022 table of clauses.
    pub fn clause_changes(&self) -> &[Renumbered] {
        &self.clause_changes
    }

    /// Published pairings between the standards, for reference; [`Catalog::chains`] is what counts.
    pub fn pairings(&self) -> &[Pairing] {
        &self.pairings
    }
}

fn read(file: &str, text: &str) -> Result<seeds::SeedFile, String> {
    seeds::read(text).map_err(|error| format!("{file}: {error}"))
}

fn rows<T: for<'de> serde::Deserialize<'de>>((file, text): (&str, &str)) -> Result<Vec<T>, String> {
    seeds::rows(text).map_err(|error| format!("{file}: {error}"))
}
