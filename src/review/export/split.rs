//! Takes a table apart, so that each reviewer gets a file of their own.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::super::{columns::FileKind, rules::Rules, table::Table};
use crate::{catalog::Catalog, domain::TargetId};

/// What a row is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplitBy {
    Standard,
    /// A clause, or the section of an annex: `9`, `A.5`.
    Clause,
    Theme,
    /// The owner that `positions.csv` names for the target.
    Owner,
    System,
    /// Suggestions only; positions have no band and stay in one file.
    Band,
}

/// How a table is taken apart.
#[derive(Debug, Clone)]
pub enum Split {
    By(SplitBy),
    /// The reviewer of the first rule that fits; `unassigned` if none does.
    Rules(Rules),
}

/// What rows don't say themselves.
pub struct Facts<'a> {
    pub catalog: &'a Catalog,
    /// Owners of targets (and systems), as positions name them.
    pub owners: &'a BTreeMap<(TargetId, Option<String>), String>,
}

/// What is known of a row; blank where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::review) struct Traits {
    pub(in crate::review) target: String,
    pub(in crate::review) framework: String,
    /// The part of the target behind the framework: `A.5.15`.
    pub(in crate::review) local: String,
    pub(in crate::review) theme: String,
    pub(in crate::review) system: String,
    pub(in crate::review) owner: String,
    pub(in crate::review) band: String,
}

impl Traits {
    fn of(table: &Table, row: usize, facts: &Facts<'_>) -> Self {
        let target = table.cell(row, "target");
        let system = table.cell(row, "system").to_owned();
        let id: Option<TargetId> = target.parse().ok();
        let entry = id.as_ref().and_then(|id| facts.catalog.get(id));
        let owner = id.as_ref().and_then(|id| {
            let own = (!system.is_empty()).then(|| system.clone());
            let named = |key| facts.owners.get(&(id.clone(), key)).filter(|o| !o.trim().is_empty());
            named(own).or_else(|| named(None))
        });
        Self {
            target: target.to_owned(),
            framework: id.as_ref().map(|id| id.framework().to_owned()).unwrap_or_default(),
            local: id.as_ref().map(|id| id.local().to_owned()).unwrap_or_default(),
            theme: entry.map(|t| t.theme.clone()).unwrap_or_default(),
            owner: owner.map(|o| o.trim().to_owned()).unwrap_or_default(),
            band: table.cell(row, "band").to_owned(),
            system,
        }
    }

    /// The section of the target: `9` of `9.2.1`, `A.5` of `A.5.15`.
    fn section(&self) -> String {
        let annex = self.local.starts_with(|c: char| c.is_ascii_alphabetic());
        let parts: Vec<&str> = self.local.split('.').take(if annex { 2 } else { 1 }).collect();
        parts.join(".")
    }

    fn group(&self, how: &Split) -> String {
        let or = |text: &str, other: &str| {
            if text.is_empty() { other.to_owned() } else { text.to_owned() }
        };
        match how {
            Split::By(SplitBy::Standard) => self.framework.clone(),
            Split::By(SplitBy::Clause) => format!("{}-{}", self.framework, self.section()),
            Split::By(SplitBy::Theme) => {
                format!("{}-{}", self.framework, or(&self.theme, "no-theme"))
            }
            Split::By(SplitBy::Owner) => or(&self.owner, "no-owner"),
            Split::By(SplitBy::System) => or(&self.system, "organisation"),
            Split::By(SplitBy::Band) => or(&self.band, "no-band"),
            Split::Rules(rules) => or(rules.reviewer(self).unwrap_or_default(), "unassigned"),
        }
    }
}

/// The parts of a table by group, each with a file name of its own, rows in their order. A table
/// without rows stays one.
pub fn split(table: Table, how: &Split, facts: &Facts<'_>) -> Vec<Table> {
    // An action or audit serves several targets and has no single place among them.
    let whole = matches!(
        (table.kind, how),
        (FileKind::Positions, Split::By(SplitBy::Band)) | (FileKind::Actions | FileKind::Audits, _)
    );
    if whole || table.rows.is_empty() {
        return vec![table];
    }
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut parts: Vec<(String, Table)> = Vec::new();
    let groups: Vec<String> =
        (0..table.rows.len()).map(|row| Traits::of(&table, row, facts).group(how)).collect();
    let Table { kind, name, header, rows, keys } = table;
    for ((group, row), key) in groups.into_iter().zip(rows).zip(keys) {
        let at = *places.entry(group.clone()).or_insert_with(|| {
            let (header, name) = (header.clone(), name.clone());
            parts.push((group, Table { kind, name, header, rows: Vec::new(), keys: Vec::new() }));
            parts.len() - 1
        });
        parts[at].1.rows.push(row);
        parts[at].1.keys.push(key);
    }
    // Names are given out in the order of groups, so that they don't depend on the rows.
    let mut taken = BTreeSet::new();
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    let (stem, end) = name.rsplit_once('.').unwrap_or((&name, "csv"));
    parts
        .into_iter()
        .map(|(group, mut part)| {
            part.name = format!("{stem}.{}.{end}", unique(&slug(&group), &mut taken));
            part
        })
        .collect()
}

/// A group's name as a part of a file name that every system takes.
fn slug(group: &str) -> String {
    let mut out = String::new();
    for c in group.nfc() {
        let kept = c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        let c = if kept { c } else { '-' };
        if !(matches!(c, '-' | '.') && out.ends_with(['-', '.'])) {
            out.push(c);
        }
    }
    let plain: String = out.trim_matches(['-', '.']).chars().take(60).collect();
    let mut plain = plain.trim_end_matches(['-', '.']).to_owned();
    // `suggestions.new.csv` is the name of a file beside one that was kept.
    let last = plain.rsplit('.').next().unwrap_or_default().to_lowercase();
    if last.strip_prefix("new").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
        plain.push('_');
    }
    if plain.is_empty() { "group".to_owned() } else { plain }
}

/// Some file systems don't tell letter cases apart.
fn unique(slug: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = slug.to_owned();
    let mut n = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{slug}-{n}");
        n += 1;
    }
    name
}

#[cfg(test)]
mod tests;
