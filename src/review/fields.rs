//! Which column of a foreign table means what: by its header, by what its cells hold, or as a person
//! said with `--map`.

use serde::Serialize;

use super::foreign::{Grid, letter};
pub(super) use crate::domain::plain_words as norm;
use crate::{diag::Diagnostic, domain::ByLanguage};

/// What a column may mean.
pub(super) struct Field {
    /// As `--map` names it.
    pub(super) name: &'static str,
    /// Headers in their normal form (see [`norm`]).
    pub(super) headers: Headers,
    /// What its cells look like; a column in which less than half does can't be it.
    pub(super) fits: Option<fn(&str) -> bool>,
    /// Whether the cells alone are enough to know it.
    pub(super) by_content: bool,
    /// Whether several columns may mean it; their cells are then joined.
    pub(super) many: bool,
}

/// Headers of a field.
#[derive(Clone, Copy)]
pub(super) enum Headers {
    /// Those of all languages in one list.
    List(&'static [&'static str]),
    /// Language by language, between `|`.
    Each(ByLanguage<&'static str>),
}

impl Headers {
    /// The best of what a function gives for each.
    fn best(&self, of: impl Fn(&str) -> usize) -> usize {
        let best = match self {
            Self::List(list) => list.iter().map(|header| of(header)).max(),
            Self::Each(each) => each.listed().map(of).max(),
        };
        best.unwrap_or(0)
    }
}

/// A field that one column has, known by its header.
pub(super) const fn field(name: &'static str, headers: ByLanguage<&'static str>) -> Field {
    let headers = Headers::Each(headers);
    Field { name, headers, fits: None, by_content: false, many: false }
}

/// The same, where its cells must look like it.
pub(super) const fn fitting(
    name: &'static str,
    headers: ByLanguage<&'static str>,
    fits: fn(&str) -> bool,
) -> Field {
    Field { fits: Some(fits), ..field(name, headers) }
}

/// A field that several columns may have, known by their headers.
pub(super) const fn many(name: &'static str, headers: ByLanguage<&'static str>) -> Field {
    Field { many: true, ..field(name, headers) }
}

/// A column as it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mapped {
    pub file: String,
    /// Blank for a text file.
    pub sheet: String,
    /// `A`, `B` … as a spreadsheet program names it.
    pub column: String,
    pub header: String,
    /// Name of the field; blank if the column is not read.
    pub field: String,
    /// `header`, `content`, `map`; blank if the column is not read.
    pub by: &'static str,
}

/// `column=name` of `--map`; the column by its letter or header, the name blank to leave it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMap {
    pub column: String,
    pub field: String,
}

impl std::str::FromStr for ColumnMap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.rsplit_once('=') {
            Some((column, field)) if !column.trim().is_empty() => Ok(Self {
                column: column.trim().to_owned(),
                field: field.trim().to_lowercase().replace([' ', '-'], "_"),
            }),
            _ => Err(format!("`{text}` is no COLUMN=NAME; try C=owner or \"Control owner=owner\"")),
        }
    }
}

/// How well a header names a field; 0 if not.
fn likeness(header: &str, field: &Field) -> usize {
    let padded = format!(" {header} ");
    let one = |known: &str| {
        let words = format!(" {known} ");
        if header == known {
            200 + known.len()
        } else if known.len() == 1 {
            // `C (1-3)`; a letter in a longer header is a word or an article.
            let alone = header
                .strip_prefix(known)
                .is_some_and(|rest| rest.starts_with(' ') && !rest.contains(char::is_alphabetic));
            if alone { 100 } else { 0 }
        } else if padded.ends_with(&words) {
            // The last word is what it is about: "Reasons for selection LR", "control owner".
            120 + known.len()
        } else if padded.starts_with(&words) {
            100 + known.len()
        } else if padded.contains(&words) {
            50 + known.len()
        } else {
            0
        }
    };
    field.headers.best(one)
}

/// How much of a header row a row could be: the number of its cells that name a field.
pub(super) fn header_words(cells: &[String], fields: &[Field]) -> usize {
    let named = |cell: &&String| {
        let header = norm(cell);
        !header.is_empty()
            && header.len() <= 80
            && fields.iter().any(|field| likeness(&header, field) > 0)
    };
    cells.iter().filter(named).count()
}

/// The headers of a grid's columns above its row `first` (an index): the row that names most, and where
/// that is blank the nearest cell above. Gives also the index of the row below the header.
pub(super) fn headers(grid: &Grid, first: usize, fields: &[Field]) -> (Vec<String>, usize) {
    let width = grid.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let above = &grid.rows[..first];
    let score = |n: &usize| {
        let cells = &above[*n].1;
        (header_words(cells, fields), cells.iter().filter(|c| !c.is_empty()).count())
    };
    let mut out = vec![String::new(); width];
    let Some(at) = (0..above.len()).max_by_key(score) else { return (out, first) };
    for (column, header) in out.iter_mut().enumerate() {
        let cell = |n: usize| above[n].1.get(column).filter(|c| !c.is_empty());
        let top = at.saturating_sub(1);
        // A second line of a header stands below it: "Reason" over "LR | CO | BR | RRA".
        let below = (at + 1..above.len().min(at + 2)).find_map(|n| {
            cell(n).filter(|_| above[n].1.iter().filter(|c| !c.is_empty()).count() >= 2)
        });
        *header = match (cell(at), below) {
            (Some(one), Some(two)) if header_words(std::slice::from_ref(two), fields) > 0 => {
                format!("{one} {two}")
            }
            (None, Some(two)) => two.clone(),
            (Some(one), _) => one.clone(),
            (None, None) => (top..at).rev().find_map(cell).cloned().unwrap_or_default(),
        };
    }
    (out, at + 1)
}

/// What a column means, and how that is known; `(None, "")` if it is not read.
pub(super) type Meaning = (Option<&'static str>, &'static str);

/// Decides for each column what it means. `taken` are columns known already, by index. Parts of `maps`
/// that name none of these columns are for [`check_maps`].
pub(super) fn recognise(
    grid: &Grid,
    headers: &[String],
    first: usize,
    fields: &[Field],
    taken: &[(usize, &'static str, &'static str)],
    maps: &[ColumnMap],
) -> Vec<Meaning> {
    let mut out: Vec<Meaning> = vec![(None, ""); headers.len()];
    for (column, field, by) in taken {
        out[*column] = (Some(field), by);
    }
    let mut fixed = vec![false; headers.len()];
    for map in maps {
        let Some(at) = find_column(headers, &map.column) else { continue };
        let field = fields.iter().find(|f| f.name == map.field);
        if let Some(field) = field.filter(|f| !f.many) {
            let same = |slot: &&mut (Option<&str>, &str)| slot.0 == Some(field.name);
            out.iter_mut().filter(same).for_each(|slot| *slot = (None, ""));
        }
        out[at] = field.map_or((None, ""), |f| (Some(f.name), "map"));
        fixed[at] = true;
    }
    let mut offers: Vec<(usize, usize, usize, &'static str)> = Vec::new();
    for (column, header) in headers.iter().enumerate() {
        let header = norm(header);
        let share = |fits: fn(&str) -> bool| {
            let cells = grid.rows[first..].iter().filter_map(|(_, cells)| cells.get(column));
            let (mut all, mut good) = (0_usize, 0_usize);
            for cell in cells.filter(|c| !c.is_empty()) {
                all += 1;
                good += usize::from(fits(cell));
            }
            (all, good)
        };
        for (n, field) in fields.iter().enumerate() {
            let mut score = likeness(&header, field);
            let mut by = "header";
            if let Some(fits) = field.fits {
                let (all, good) = share(fits);
                if all > 0 && 2 * good < all {
                    continue;
                }
                if score == 0 && field.by_content && all >= 3 && 10 * good >= 8 * all {
                    (score, by) = (1, "content");
                }
            }
            if score > 0 {
                offers.push((score, column, n, by));
            }
        }
    }
    offers.sort_by_key(|(score, column, n, _)| (std::cmp::Reverse(*score), *column, *n));
    for (_, column, n, by) in offers {
        let field = &fields[n];
        let free = out[column].0.is_none() && !fixed[column];
        let wanted = field.many || out.iter().all(|(name, _)| *name != Some(field.name));
        if free && wanted {
            out[column] = (Some(field.name), by);
        }
    }
    out
}

/// A column by its header, or else by its letter.
pub(super) fn find_column(headers: &[String], wanted: &str) -> Option<usize> {
    let name = norm(wanted);
    let by_name = headers.iter().position(|h| !name.is_empty() && norm(h) == name);
    by_name.or_else(|| (0..headers.len()).find(|n| letter(*n).eq_ignore_ascii_case(wanted)))
}

/// Every part of `--map` that names a column of none of the tables (given by their headers), or no field.
pub(super) fn check_maps(
    maps: &[ColumnMap],
    fields: &[Field],
    tables: &[&[String]],
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for map in maps {
        let off = map.field.is_empty() || map.field == "ignore";
        if !off && fields.iter().all(|f| f.name != map.field) {
            let names: Vec<&str> = fields.iter().map(|f| f.name).collect();
            let message = format!("--map: `{}` is nothing that a column can mean", map.field);
            let help = format!("use one of {}, ignore", names.join(", "));
            faults.push(Diagnostic::error("import-map", message).help(help));
        }
        if tables.iter().all(|headers| find_column(headers, &map.column).is_none()) {
            let headers = tables.iter().flat_map(|t| t.iter().enumerate());
            let known: Vec<String> = headers
                .filter(|(_, h)| !h.is_empty())
                .map(|(n, h)| format!("{} “{h}”", letter(n)))
                .collect();
            let message = format!("--map: there is no column `{}`", map.column);
            let help = format!("the columns are {}", known.join(", "));
            faults.push(Diagnostic::error("import-map", message).help(help));
        }
    }
    faults
}

/// What to show of the columns.
pub(super) fn shown(
    file: &str,
    grid: &Grid,
    headers: &[String],
    columns: &[Meaning],
) -> Vec<Mapped> {
    let named = headers.iter().zip(columns).enumerate();
    named
        .filter(|(_, (header, (field, _)))| !header.is_empty() || field.is_some())
        .map(|(n, (header, (field, by)))| Mapped {
            file: file.to_owned(),
            sheet: grid.sheet.clone(),
            column: letter(n),
            header: crate::domain::squash_whitespace(header),
            field: field.unwrap_or_default().to_owned(),
            by,
        })
        .collect()
}

/// The cells of one row by field; the cells of several columns of a field are joined.
pub(super) struct Cells<'a> {
    pub(super) cells: &'a [String],
    pub(super) columns: &'a [Meaning],
}

impl Cells<'_> {
    pub(super) fn get(&self, field: &str) -> String {
        let mine =
            self.columns.iter().zip(self.cells).filter(|((name, _), _)| *name == Some(field));
        let texts: Vec<&str> =
            mine.map(|(_, cell)| cell.as_str()).filter(|c| !c.is_empty()).collect();
        texts.join("; ")
    }
}

/// Words for "not yet".
const NOT_YET: ByLanguage<&str> = ByLanguage {
    en: "n a|tbd|open|pending|not yet|not decided|not accepted",
    de: "offen|ausstehend|noch nicht|nicht akzeptiert|nicht entschieden",
    fr: "à définir|à déterminer|à compléter|en attente|ouvert|pas encore|non défini|non décidé|non accepté|sans objet",
    es: "pendiente|por definir|por determinar|abierto|aún no|todavía no|sin decidir|no decidido|no aceptado",
    it: "da definire|da determinare|in attesa|in sospeso|aperto|non ancora|non deciso|non accettato",
    pt: "pendente|a definir|por definir|em aberto|aberto|ainda não|não decidido|não aceite|não aceito",
    nl: "open|nog niet|ntb|n t b|nog te bepalen|in afwachting|niet besloten|niet geaccepteerd",
};

/// Words for "none".
const NONE: ByLanguage<&str> = ByLanguage {
    en: "no|none",
    de: "nein|keine",
    fr: "non|aucun|aucune|néant",
    es: "no|ninguno|ninguna",
    it: "no|nessuno|nessuna",
    pt: "não|nenhum|nenhuma",
    nl: "nee|geen",
};

/// How a cell begins that names nobody …
const NOBODY: ByLanguage<&str> = ByLanguage {
    en: "not yet|nobody|no one|none|pending|awaiting|tbd|to be",
    de: "noch nicht|noch offen|noch niemand|niemand|keiner|ausstehend",
    fr: "pas encore|aucun|en attente|à définir|à désigner|à nommer|à attribuer",
    es: "aún no|todavía no|nadie|pendiente|por definir|por designar|por asignar|sin asignar",
    it: "non ancora|nessuno|in attesa|da definire|da nominare|da designare|da assegnare",
    pt: "ainda não|ninguém|pendente|a definir|por definir|a designar|por designar|por atribuir",
    nl: "nog niet|nog geen|nog niemand|niemand|in afwachting|nog te|nader te bepalen",
};

/// … and what it holds else. A French `personne` with a word behind it is a person.
const UNASSIGNED: ByLanguage<&str> = ByLanguage {
    en: "not approved|unassigned",
    de: "nicht freigegeben|nicht zugewiesen",
    fr: "non approuvé|personne|non attribué|non désigné",
    es: "no aprobado|no asignado",
    it: "non approvato|non assegnato",
    pt: "não aprovado|não atribuído",
    nl: "niet goedgekeurd|niet toegewezen",
};

/// A cell that holds a sign or word for "not yet".
pub(super) fn not_yet(cell: &str) -> bool {
    let plain = norm(cell);
    plain.is_empty() || NOT_YET.is_listed(&plain)
}

/// The same, or a word for "none".
pub(super) fn says_nothing(cell: &str) -> bool {
    not_yet(cell) || NONE.is_listed(&norm(cell))
}

/// A cell of a person that names nobody: `not yet approved`, `niemand`, `pending CEO`.
pub(super) fn names_nobody(cell: &str) -> bool {
    let plain = norm(cell);
    let begins = |word: &str| {
        plain.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    says_nothing(cell) || UNASSIGNED.is_listed(&plain) || NOBODY.listed().any(begins)
}

/// Words and signs of a mark that says yes …
const YES: ByLanguage<&str> = ByLanguage {
    en: "yes|y|x|true|1",
    de: "ja|j|wahr",
    fr: "oui|o|vrai",
    es: "sí|si|verdadero",
    it: "sì|si|vero",
    pt: "sim|s|verdadeiro",
    nl: "ja|j|waar",
};

/// … and of one that says no.
const NO: ByLanguage<&str> = ByLanguage {
    en: "no|n|false|0|none",
    de: "nein|falsch|keine",
    fr: "non|faux|aucun|aucune",
    es: "no|falso|ninguno|ninguna",
    it: "no|falso|nessuno|nessuna",
    pt: "não|nao|falso|nenhum|nenhuma",
    nl: "nee|onwaar|geen",
};

/// `Some(true)` for a mark that says yes, `Some(false)` for no.
pub(super) fn mark(cell: &str) -> Option<bool> {
    let plain = norm(cell);
    match cell.trim() {
        _ if YES.is_listed(&plain) => Some(true),
        _ if NO.is_listed(&plain) => Some(false),
        "✓" | "✔" | "☑" | "☒" => Some(true),
        "-" | "–" | "—" | "☐" | "✗" => Some(false),
        _ => None,
    }
}
