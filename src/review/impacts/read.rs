//! One register: which sheets, which columns, and its rows in the columns of `impact-assessments.csv`.

use super::{
    super::{
        dates,
        fields::{self, ColumnMap, norm},
        foreign::Grid,
        register::{self, Found, Gathered, Keys, RegisterRow},
    },
    FORM, risk_ids, words,
};
use crate::{
    config::{System, system_named},
    diag::Diagnostic,
    domain::{Date, squash_whitespace},
};

/// Fields that a header row must name before a sheet is a register: the system and two more.
const NAMED: usize = 3;

pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    /// The file's name without its folder: half of an assessment's key.
    pub(super) name: &'a str,
    pub(super) maps: &'a [ColumnMap],
    pub(super) systems: &'a [System],
}

impl Reader<'_> {
    /// Every sheet with a header that speaks of impact assessments.
    pub(super) fn read(&self, grids: &[Grid], out: &mut Gathered) {
        let before = out.rows.len();
        let keys = Keys::new(self.file, self.name, &FORM);
        for grid in grids {
            let found = register::find(grid, words::FIELDS, NAMED, self.maps);
            let told = |f: &Found<'_>| !self.maps.is_empty() || !f.weighs_risks();
            let Some(found) = found.filter(|f| speaks_of_assessments(f) && told(f)) else {
                continue;
            };
            out.table(self.file, &found);
            let said_apart = found.has("done");
            for (number, cells) in found.rows() {
                let Some(mut row) = self.row(&cells, number, said_apart, out) else { continue };
                let (id, named) =
                    (register::get(&row, "id"), register::get(&row, "system_as_written"));
                let key = keys.of(id, named, number, out);
                row.insert("key".to_owned(), key);
                out.rows.push(row);
            }
        }
        if out.rows.len() == before {
            let message = "no sheet has a header of impact assessments with rows below it";
            let help = "it needs a column for the AI system, and one that says whether its impacts \
                were assessed, or when, for whom, with which result; name them: --map B=system,F=done";
            out.diagnostics
                .push(Diagnostic::error("import-columns", message).in_file(self.file).help(help));
        }
    }

    fn row(
        &self,
        cells: &fields::Cells<'_>,
        number: u32,
        said_apart: bool,
        out: &mut Gathered,
    ) -> Option<RegisterRow> {
        let text = |field: &str| squash_whitespace(&cells.get(field));
        let written = text("system");
        // A heading between the rows: words in one cell only.
        let said = words::FIELDS.iter().filter(|f| !text(f.name).is_empty()).count();
        if written.is_empty() || said < 2 {
            return None;
        }
        let mut row = register::blank(&FORM);
        let mut put = |column: &str, value: String| {
            row.insert(column.to_owned(), value);
        };
        for field in ["id", "result", "owner", "approved_by", "status"] {
            put(field, text(field));
        }
        for field in ["approved_on", "next_review"] {
            put(field, register::day(text(field), self.file, number, field, &mut out.diagnostics));
        }
        let (cell, status) = (text("done"), text("status"));
        let mut date = register::day(text("date"), self.file, number, "date", &mut out.diagnostics);
        let mut document = text("document");
        let mut comment = text("comment");
        let mut done = words::done(&cell);
        if !said_apart {
            // Beside a column for it, the status is the system's. `approved` says nothing here.
            done = words::done(&status);
        } else if done.is_none() && !cell.is_empty() {
            // `AIA-2026-01 of 2026-07-23`: which assessment, not that it was done.
            if date.is_empty() {
                date = only_day(&cell).map_or_else(String::new, |day| day.to_string());
            }
            if document.is_empty() {
                document = cell;
            } else {
                let both = [comment, cell].into_iter().filter(|t| !t.is_empty());
                comment = both.collect::<Vec<_>>().join("; ");
            }
        }
        put("done", done.map_or("", words::done_word).to_owned());
        put("date", date);
        put("document", document);
        put("comment", comment);
        let trigger = text("trigger");
        put("trigger", words::all(&trigger, words::TRIGGERS).join("; "));
        put("trigger_as_written", trigger);
        let affected = text("affected");
        put("affected", words::all(&affected, words::AFFECTED).join("; "));
        put("affected_as_written", affected);
        put("risk_ids", risk_ids(&cells.get("risk_ids")).join("; "));
        let system = system_named(self.systems, &[&written, &text("id")]);
        put("system", system.map_or_else(String::new, |s| s.id.clone()));
        put("system_as_written", written);
        put("source", self.name.to_owned());
        put("source_row", number.to_string());
        Some(row)
    }
}

/// Whether a table is about impact assessments, and not a list of systems with a status of their own.
fn speaks_of_assessments(found: &Found<'_>) -> bool {
    let more = ["trigger", "affected", "result", "approved_by"];
    let told = more.iter().filter(|f| found.has(f)).count();
    let named = found.heads.iter().chain([&found.grid.sheet]).any(|head| {
        let head = norm(head);
        words::NAMES.listed().any(|name| head.contains(name))
    });
    found.has("system")
        && (found.has("done") || told >= 2 || (named && (told == 1 || found.has("date"))))
}

/// The day in a text, if there is one only.
fn only_day(text: &str) -> Option<Date> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'));
    let days = words.filter(|w| dates::is_day(w.trim_end_matches('.')));
    let mut days =
        days.filter_map(|w| dates::read_date(w.trim_end_matches('.'), None).ok().flatten());
    let first = days.next()?;
    days.next().is_none().then_some(first)
}
