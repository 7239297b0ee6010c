//! One inventory: which sheets, which columns, and its rows in the columns of `assets.csv`.

use super::{
    super::{
        fields::{self, ColumnMap, norm},
        foreign::Grid,
        register::{self, Found, Gathered, Keys, RegisterRow},
    },
    FORM, kind, words,
};
use crate::{
    config::{System, system_named},
    diag::Diagnostic,
    domain::{AI_SYSTEM, squash_whitespace},
};

/// Fields that a header row must name before a sheet is an inventory: the name and two more.
const NAMED: usize = 3;

pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    /// The file's name without its folder: half of an asset's key.
    pub(super) name: &'a str,
    pub(super) maps: &'a [ColumnMap],
    pub(super) systems: &'a [System],
}

impl Reader<'_> {
    /// Every sheet with a header of an inventory.
    pub(super) fn read(&self, grids: &[Grid], out: &mut Gathered) {
        let before = out.rows.len();
        let keys = Keys::new(self.file, self.name, &FORM);
        for grid in grids {
            let found = register::find(grid, words::FIELDS, NAMED, self.maps);
            let told = |f: &Found<'_>| !self.maps.is_empty() || !f.weighs_risks();
            let Some(found) = found.filter(|f| f.has("name") && told(f)) else { continue };
            out.table(self.file, &found);
            let ai = is_of_ai(&found);
            for (number, cells) in found.rows() {
                let Some(mut row) = self.row(&cells, number, ai, out) else { continue };
                let (id, named) = (register::get(&row, "id"), register::get(&row, "name"));
                let key = keys.of(id, named, number, out);
                row.insert("key".to_owned(), key);
                out.rows.push(row);
            }
        }
        if out.rows.len() == before {
            let message = "no sheet has a header of an asset inventory with rows below it";
            let help = "it needs a column for the asset's or system's name and two of kind, owner, \
                location, classification …; name them: --map B=name,C=owner";
            out.diagnostics
                .push(Diagnostic::error("import-columns", message).in_file(self.file).help(help));
        }
    }

    fn row(
        &self,
        cells: &fields::Cells<'_>,
        number: u32,
        ai_sheet: bool,
        out: &mut Gathered,
    ) -> Option<RegisterRow> {
        let text = |field: &str| squash_whitespace(&cells.get(field));
        let (id, name) = (text("id"), text("name"));
        // A heading between the rows: words in one cell only.
        let said = words::FIELDS.iter().filter(|f| !text(f.name).is_empty()).count();
        if name.is_empty() || said < 2 {
            return None;
        }
        let mut row = register::blank(&FORM);
        let mut put = |column: &str, value: String| {
            row.insert(column.to_owned(), value);
        };
        for field in [
            "description",
            "owner",
            "classification",
            "confidentiality",
            "integrity",
            "availability",
            "location",
            "provider",
            "roles",
            "status",
            "comment",
        ] {
            put(field, text(field));
        }
        let day = text("checked_on");
        put(
            "checked_on",
            register::day(day, self.file, number, "checked_on", &mut out.diagnostics),
        );
        let system = system_named(self.systems, &[&name, &id]);
        let written = text("kind");
        let kind = match (fields::mark(&text("ai")), kind::of(&written)) {
            (Some(true), _) => AI_SYSTEM,
            (Some(false), Some(AI_SYSTEM) | None) => "",
            (_, Some(kind)) => kind,
            (None, None) if ai_sheet => AI_SYSTEM,
            (None, None) => "",
        };
        if matches!(kind, "" | "application" | "service" | "other")
            && fields::mark(&text("ai")).is_none()
        {
            let likely = kind::likely(&name, &text("description"));
            put("likely_ai_system", likely.unwrap_or_default().to_owned());
        }
        put("kind", kind.to_owned());
        put("kind_as_written", written);
        put("system", system.map_or_else(String::new, |s| s.id.clone()));
        put("id", id);
        put("name", name);
        put("source", self.name.to_owned());
        put("source_row", number.to_string());
        Some(row)
    }
}

/// Whether a sheet lists AI systems: by its name, a title above the header, or the header of its ids or
/// names.
fn is_of_ai(found: &Found<'_>) -> bool {
    let titles = found.grid.rows[..found.first.saturating_sub(1)].iter();
    // A title stands alone in its row.
    let titles = titles.filter_map(|(_, cells)| {
        let mut filled = cells.iter().filter(|c| !c.is_empty());
        filled.next().filter(|_| filled.next().is_none())
    });
    let named = titles.map(String::as_str).chain([found.grid.sheet.as_str()]);
    let heads = found.heads_of("id").chain(found.heads_of("name"));
    let says = |text: &str| {
        let text = norm(text);
        words::SHEET_AI.listed().any(|word| kind::affirms(&text, word))
    };
    named.chain(heads).any(says)
}
