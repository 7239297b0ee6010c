//! Which column holds the ids of controls, of which standard and edition they are, and where each went.

use std::{collections::BTreeSet, fmt, sync::LazyLock};

use regex::Regex;

use super::super::{
    fields::{ColumnMap, find_column, headers},
    foreign::{Grid, letter},
};
use super::headers::FIELDS;
use crate::{
    catalog::Catalog,
    diag::Diagnostic,
    domain::{ISO27001, ISO42001, TargetId},
};

/// `A.5.1`, `A 5.1`, `Anhang A 5.1`, `5.1`, `ISO27001:A.5.1`, `ISO/IEC 42001 A.6.2.4`; a title may follow.
static ID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^\s*
        (?:(?:din\s+)?(?:en\s+)?iso\s*(?:/\s*iec)?\s*[-:]?\s*(?P<iso>27001|42001)(?:\s*[:-]\s*(?P<year>20\d\d))?[\s:,\-–]*)?
        (?:(?:annexe?|anhang|anlage|anexo|allegato|bijlage)\s*)?
        (?P<annex>a\s*[.\-]?\s*)?
        (?P<number>\d{1,2}(?:\s*\.\s*\d{1,2}){0,2})\.?
        (?P<rest>$|[\s:\-–—,)].*$)",
    )
    .expect("constant")
});

/// Rows with a known id that make a column one of ids, unless a person says so.
const ENOUGH: usize = 3;

/// A standard in the edition that ids are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edition {
    Iso27001Of2013,
    /// A framework of the catalogue, by its id.
    Catalog(String),
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Iso27001Of2013 => f.write_str("ISO/IEC 27001:2013"),
            Self::Catalog(id) if id == ISO27001 => f.write_str("ISO/IEC 27001:2022"),
            Self::Catalog(id) if id == ISO42001 => f.write_str("ISO/IEC 42001:2023"),
            Self::Catalog(id) => f.write_str(id),
        }
    }
}

impl Edition {
    /// As `--framework` names it.
    pub(super) fn named(text: &str, catalog: &Catalog) -> Result<Self, Box<Diagnostic>> {
        let plain: String =
            text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        let plain = plain.replace("IEC", "");
        match plain.as_str() {
            "ISO270012013" | "270012013" => return Ok(Self::Iso27001Of2013),
            "ISO270012022" | "270012022" | "27001" => {
                return Ok(Self::Catalog(ISO27001.to_owned()));
            }
            "ISO420012023" | "420012023" | "42001" => {
                return Ok(Self::Catalog(ISO42001.to_owned()));
            }
            _ => {}
        }
        let known = catalog.frameworks();
        let is = |f: &&&str| f.eq_ignore_ascii_case(text.trim()) || f.eq_ignore_ascii_case(&plain);
        match known.iter().find(is) {
            Some(id) => Ok(Self::Catalog((*id).to_owned())),
            None => {
                let message = format!("--framework: `{text}` is no standard that is known here");
                let help = format!("use ISO27001:2013 or one of {}", known.join(", "));
                Err(Box::new(Diagnostic::error("import-framework", message).help(help)))
            }
        }
    }

    /// Where an id of this edition stands in the catalogue; empty if it is none.
    fn targets(&self, local: &str, catalog: &Catalog) -> Vec<TargetId> {
        match self {
            Self::Iso27001Of2013 if local.starts_with('A') => {
                catalog.renumbered(local).iter().map(|r| r.id_2022.clone()).collect()
            }
            Self::Iso27001Of2013 => catalog.renumbered_clause(local),
            Self::Catalog(framework) => {
                let id = format!("{framework}:{local}").parse::<TargetId>().ok();
                id.filter(|id| catalog.get(id).is_some()).into_iter().collect()
            }
        }
    }

    /// Whether ids of the edition begin with this one: a heading, not a control.
    fn heads(&self, local: &str, catalog: &Catalog) -> bool {
        let stem = format!("{local}.");
        match self {
            Self::Iso27001Of2013 => {
                let rows = catalog.renumbering().iter().chain(catalog.clause_changes());
                rows.into_iter().any(|r| r.id_2013.starts_with(&stem))
            }
            Self::Catalog(f) => {
                let mut targets = catalog.targets().filter(|t| t.framework == *f);
                targets.any(|t| t.id.local().starts_with(&stem))
            }
        }
    }
}

/// A cell that reads as an id.
struct Cited {
    iso: Option<String>,
    year: Option<String>,
    annex: bool,
    /// Without blanks and leading zeros: `5.1`.
    number: String,
}

fn cited(cell: &str) -> Option<Cited> {
    let found = ID.captures(cell)?;
    let text = |name: &str| found.name(name).map(|m| m.as_str().to_owned());
    let parts = found["number"].split('.').map(|part| part.trim().parse::<u32>().ok());
    let parts: Vec<String> = parts.map(|n| n.map(|n| n.to_string())).collect::<Option<_>>()?;
    Some(Cited {
        iso: text("iso"),
        year: text("year"),
        annex: found.name("annex").is_some(),
        number: parts.join("."),
    })
}

/// A column of ids.
#[derive(Debug, Clone)]
pub(super) struct Numbered {
    pub(super) column: usize,
    /// How it was found: `content` or `map`.
    pub(super) by: &'static str,
    /// Index of the first row that holds an id.
    pub(super) first: usize,
    pub(super) edition: Edition,
    /// Ids without a letter are those of Annex A.
    bare_is_annex: bool,
}

/// What an id leads to.
pub(super) enum Found {
    Targets { targets: Vec<TargetId>, label: String, of_2013: bool },
    Heading,
    Unknown(String),
}

impl Numbered {
    /// Where the id of a row leads; `framework` is that row's cell of a column for the standard.
    pub(super) fn target(&self, cell: &str, framework: &str, catalog: &Catalog) -> Found {
        let Some(cited) = cited(cell) else {
            let digit = cell.chars().any(|c| c.is_ascii_digit());
            return if digit && cell.len() <= 12 && !cell.contains(char::is_whitespace) {
                Found::Unknown(cell.to_owned())
            } else {
                Found::Heading
            };
        };
        let edition = self.edition_of(&cited, framework);
        let annex = cited.annex || self.bare_is_annex;
        let local = if annex { format!("A.{}", cited.number) } else { cited.number.clone() };
        let of_2013 = edition == Edition::Iso27001Of2013;
        let label = if of_2013 { format!("{local} of 2013") } else { local.clone() };
        let targets = edition.targets(&local, catalog);
        if !targets.is_empty() {
            Found::Targets { targets, label, of_2013 }
        } else if !local.contains('.') || edition.heads(&local, catalog) {
            Found::Heading
        } else {
            Found::Unknown(label)
        }
    }

    /// A row may name its standard itself.
    fn edition_of(&self, cited: &Cited, framework: &str) -> Edition {
        let iso = cited.iso.clone().or_else(|| {
            ["27001", "42001"].into_iter().find(|n| framework.contains(n)).map(str::to_owned)
        });
        let of_2013 = cited.year.as_deref() == Some("2013") || framework.contains("2013");
        match iso.as_deref() {
            Some("27001") if of_2013 => Edition::Iso27001Of2013,
            Some("27001") if self.edition == Edition::Iso27001Of2013 => Edition::Iso27001Of2013,
            Some("27001") => Edition::Catalog(ISO27001.to_owned()),
            Some("42001") => Edition::Catalog(ISO42001.to_owned()),
            _ => self.edition.clone(),
        }
    }
}

/// The column of a sheet that holds ids; none if there is none.
///
/// # Errors
/// There are ids, but they may be of several standards.
pub(super) fn numbered(
    name: &str,
    grid: &Grid,
    wanted: Option<&Edition>,
    maps: &[ColumnMap],
    catalog: &Catalog,
) -> Result<Option<Numbered>, Box<Diagnostic>> {
    let width = grid.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let by_hand = maps.iter().filter(|m| m.field == "id").find_map(|map| {
        let named = |n: usize| grid.rows[n].1.clone();
        let in_header =
            (0..grid.rows.len().min(20)).find_map(|n| find_column(&named(n), &map.column));
        let at = |n: usize| letter(n).eq_ignore_ascii_case(&map.column);
        in_header.or_else(|| (0..width).find(|n| at(*n)))
    });
    let mut editions: Vec<Edition> = match wanted {
        Some(edition) => vec![edition.clone()],
        None => catalog.frameworks().into_iter().map(|f| Edition::Catalog(f.to_owned())).collect(),
    };
    if wanted.is_none() {
        editions.push(Edition::Iso27001Of2013);
    }
    // (known rows, distinct) of a column under an edition.
    let mut best: Vec<(usize, usize, Edition, bool)> = Vec::new();
    for column in (0..width).filter(|c| by_hand.is_none_or(|hand| hand == *c)) {
        let cells: Vec<Cited> =
            grid.rows.iter().filter_map(|(_, cells)| cited(cells.get(column)?)).collect();
        if cells.is_empty() {
            continue;
        }
        let lettered = cells.iter().any(|c| c.annex);
        for edition in &editions {
            for bare in [true, false].into_iter().filter(|bare| !(*bare && lettered)) {
                let known: BTreeSet<String> = cells
                    .iter()
                    .filter(|c| c.iso.as_deref().is_none_or(|iso| of_standard(edition, iso)))
                    .map(|c| match c.annex || bare {
                        true => format!("A.{}", c.number),
                        false => c.number.clone(),
                    })
                    .filter(|local| !edition.targets(local, catalog).is_empty())
                    .collect();
                best.push((known.len(), column, edition.clone(), bare));
            }
        }
    }
    let most = best.iter().map(|b| b.0).max().unwrap_or(0);
    if most == 0 || (most < ENOUGH && by_hand.is_none()) {
        return Ok(None);
    }
    best.retain(|b| b.0 == most);
    let column = best.iter().map(|b| b.1).min().unwrap_or(0);
    best.retain(|b| b.1 == column);
    let first = grid
        .rows
        .iter()
        .position(|(_, cells)| {
            cells.get(column).and_then(|c| cited(c)).is_some_and(|c| {
                let local = [format!("A.{}", c.number), c.number.clone()];
                best.iter().any(|b| local.iter().any(|l| !b.2.targets(l, catalog).is_empty()))
            })
        })
        .unwrap_or(0);
    let found = |(_, column, edition, bare_is_annex): &(usize, usize, Edition, bool)| Numbered {
        column: *column,
        by: if by_hand.is_some() { "map" } else { "content" },
        first,
        edition: edition.clone(),
        bare_is_annex: *bare_is_annex,
    };
    let same = best.iter().all(|b| b.2 == best[0].2);
    if same {
        return Ok(best.first().map(found));
    }
    // Ids that several editions know: what the file says of itself decides.
    let (heads, _) = headers(grid, first, FIELDS);
    let titles = grid.rows[..first].iter().flat_map(|(_, cells)| cells.iter());
    let said: Vec<&str> = titles.chain(&heads).map(String::as_str).collect();
    let said = format!("{name} {} {}", grid.sheet, said.join(" "));
    let hinted = |edition: &Edition| match edition {
        Edition::Iso27001Of2013 => said.contains("2013"),
        Edition::Catalog(f) if f == ISO27001 => {
            said.contains("27001") && !said.contains("2013") && !said.contains("42001")
        }
        Edition::Catalog(f) if f == ISO42001 => said.contains("42001"),
        Edition::Catalog(f) => said.contains(f.as_str()),
    };
    let mut hinted = best.iter().filter(|b| hinted(&b.2));
    match (hinted.next(), hinted.next()) {
        (Some(one), None) => Ok(Some(found(one))),
        _ => {
            let names: BTreeSet<String> = best.iter().map(|b| b.2.to_string()).collect();
            let names: Vec<String> = names.into_iter().collect();
            let message = format!("the ids may be of {}", names.join(" or "));
            let help = "say which with --framework ISO27001:2013, ISO27001 or ISO42001";
            Err(Box::new(Diagnostic::error("import-framework", message).help(help)))
        }
    }
}

fn of_standard(edition: &Edition, iso: &str) -> bool {
    match edition {
        Edition::Iso27001Of2013 => iso == "27001",
        Edition::Catalog(f) => f.ends_with(iso),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annex_is_read_in_every_language() {
        for word in ["Annex", "Anhang", "Anlage", "Annexe", "Anexo", "Allegato", "Bijlage"] {
            let id = cited(&format!("{word} A 5.15"));
            assert!(id.is_some_and(|id| id.annex && id.number == "5.15"), "{word}");
        }
        assert!(cited("Bijlagen A 5.15").is_none());
    }
}
