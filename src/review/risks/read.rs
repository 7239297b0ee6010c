//! One register: which sheet, which columns, and its rows in the columns of `risks.csv`.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{
    super::{
        fields::{self, norm},
        foreign::Grid,
        register::{self, Found, Gathered, Keys},
    },
    FORM, RiskOptions, RiskRow, scale, words,
};
use crate::{
    catalog::Catalog,
    config::Config,
    diag::Diagnostic,
    domain::{ISO27001, ISO42001, TargetId, squash_whitespace},
};

/// Fields that a header row must name before a sheet is a register: two, one of them the title.
const NAMED: usize = 4;

static CONTROL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:iso\s*/?\s*(?:iec)?\s*(27001|42001)(?::20\d\d)?[\s:]*)?a\.(\d{1,2}(?:\.\d{1,2}){1,2})\b")
        .expect("constant")
});

pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    /// The file's name without its folder: half of a risk's key.
    pub(super) name: &'a str,
    pub(super) options: &'a RiskOptions,
    pub(super) catalog: &'a Catalog,
    pub(super) config: &'a Config,
}

impl Reader<'_> {
    /// Every sheet with a header of a risk register.
    pub(super) fn read(&self, grids: &[Grid], out: &mut Gathered) {
        let before = out.rows.len();
        let keys = Keys::new(self.file, self.name, &FORM);
        for grid in grids {
            let found = register::find(grid, words::FIELDS, NAMED, &self.options.maps);
            let Some(found) = found.filter(|f| f.has("title") || f.has("description")) else {
                continue;
            };
            out.table(self.file, &found);
            self.sheet(&found, &keys, out);
        }
        if out.rows.len() == before {
            let message = "no sheet has a header of a risk register with rows below it";
            let help = "it needs a column for the risk and some of likelihood, impact, treatment, \
                owner …; name them: --map B=title,C=likelihood";
            out.diagnostics
                .push(Diagnostic::error("import-columns", message).in_file(self.file).help(help));
        }
    }

    fn sheet(&self, found: &Found<'_>, keys: &Keys<'_>, out: &mut Gathered) {
        let steps = |field: &'static str| {
            let all: Vec<String> = found.rows().map(|(_, cells)| cells.get(field)).collect();
            let held = scale::steps(all.iter().map(String::as_str));
            let stated = found.heads_of(field).find_map(scale::stated);
            // A header that names fewer steps than the cells hold is wrong.
            match (stated, held) {
                (Some(stated), Some(held)) => Some(stated.max(held)),
                _ => held,
            }
        };
        let scales = (steps("likelihood"), steps("impact"));
        for (number, cells) in found.rows() {
            let Some(mut row) = self.row(&cells, number, scales, out) else { continue };
            let (id, named) = (register::get(&row, "id"), register::get(&row, "title"));
            let key = keys.of(id, named, number, out);
            row.insert("key".to_owned(), key);
            out.rows.push(row);
        }
    }

    fn row(
        &self,
        cells: &fields::Cells<'_>,
        number: u32,
        scales: (Option<u32>, Option<u32>),
        out: &mut Gathered,
    ) -> Option<RiskRow> {
        let text = |field: &str| squash_whitespace(&cells.get(field));
        let mut row = register::blank(&FORM);
        let mut put = |column: &str, value: String| {
            row.insert(column.to_owned(), value);
        };
        let (mut title, mut description) = (text("title"), text("description"));
        if title.is_empty() {
            std::mem::swap(&mut title, &mut description);
        }
        // A heading between the rows: words in one cell only.
        let said =
            ["likelihood", "impact", "level", "treatment", "controls", "owner", "cause", "status"];
        if title.is_empty() || (text("id").is_empty() && said.iter().all(|f| text(f).is_empty())) {
            return None;
        }
        for field in [
            "id",
            "assets",
            "cause",
            "consequence_organisation",
            "consequence_individuals",
            "consequence_society",
            "likelihood",
            "impact",
            "level",
            "treatment",
            "residual",
            "owner",
            "accepted_by",
            "status",
        ] {
            put(field, text(field));
        }
        for field in ["accepted_on", "next_review"] {
            put(field, register::day(text(field), self.file, number, field, &mut out.diagnostics));
        }
        let (l, i) = (
            scale::of_five(&text("likelihood"), scales.0),
            scale::of_five(&text("impact"), scales.1),
        );
        let digit = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        put("likelihood_of_5", digit(l));
        put("impact_of_5", digit(i));
        let most = scales.0.zip(scales.1).map(|(a, b)| a * b);
        put("level_band", scale::band(&text("level"), most).unwrap_or_default().to_owned());
        let scale = |steps: Option<u32>| steps.map_or("words".to_owned(), |s| format!("1-{s}"));
        put("scale", format!("likelihood {}; impact {}", scale(scales.0), scale(scales.1)));
        let written = text("controls");
        let controls = self.controls(&written);
        let all = [&title, &description, &text("assets"), &text("cause"), &text("system")]
            .map(String::as_str)
            .join(" ");
        let system = self.system(&text("system"), &all);
        put("standards", self.standards(&controls, &all, &text("standards"), &system).join("; "));
        let ids: Vec<String> = controls.iter().map(ToString::to_string).collect();
        put("controls", ids.join("; "));
        put("controls_as_written", written);
        put("system", system);
        put("title", title);
        put("description", description);
        put("source", self.name.to_owned());
        put("source_row", number.to_string());
        Some(row)
    }

    /// Controls that a text cites; an id that is in several standards counts only where the text or the
    /// command line says which is meant.
    fn controls(&self, text: &str) -> BTreeSet<TargetId> {
        let mut out = BTreeSet::new();
        // A text that names one standard anywhere speaks of that one.
        let mut said: Option<String> = match (text.contains("27001"), text.contains("42001")) {
            (true, false) => Some(ISO27001.to_owned()),
            (false, true) => Some(ISO42001.to_owned()),
            _ => None,
        };
        for found in CONTROL.captures_iter(text) {
            said = found.get(1).map(|m| format!("ISO{}", m.as_str())).or(said);
            let local = format!("A.{}", &found[2]);
            let target = |framework: &str| {
                let id = format!("{framework}:{local}").parse::<TargetId>().ok();
                id.filter(|id| self.catalog.get(id).is_some())
            };
            let told = said.is_some() || !self.options.frameworks.is_empty();
            let wanted: Vec<&str> = match (&said, self.options.frameworks.as_slice()) {
                (Some(said), _) => vec![said],
                (None, []) => self.catalog.frameworks(),
                (None, told) => told.iter().map(String::as_str).collect(),
            };
            let security = wanted.contains(&ISO27001);
            let here: Vec<TargetId> = wanted.into_iter().filter_map(target).collect();
            let old: Vec<TargetId> =
                self.catalog.renumbered(&local).iter().map(|r| r.id_2022.clone()).collect();
            match here.as_slice() {
                [one] if old.is_empty() || told => _ = out.insert(one.clone()),
                [] if security => out.extend(old),
                _ => {}
            }
        }
        out
    }

    /// A system of the configuration that the cell, or else the row's words, name; otherwise the cell.
    fn system(&self, written: &str, all: &str) -> String {
        let (cell, all) = (norm(written), format!(" {} ", norm(all)));
        let named = |s: &&crate::config::System| {
            let names = [norm(&s.id), norm(&s.name)];
            names.iter().any(|n| {
                !n.is_empty() && (*n == cell || (n.len() > 3 && all.contains(&format!(" {n} "))))
            })
        };
        let found = self.config.systems.iter().find(named);
        found.map_or_else(|| written.to_owned(), |s| s.id.clone())
    }

    /// Standards by the command line, the file's own column, the controls cited, and words of AI.
    fn standards(
        &self,
        controls: &BTreeSet<TargetId>,
        all: &str,
        column: &str,
        system: &str,
    ) -> Vec<String> {
        let mut out: BTreeSet<String> = self.options.frameworks.iter().cloned().collect();
        out.extend(controls.iter().map(|id| id.framework().to_owned()));
        for (number, id) in [("27001", ISO27001), ("42001", ISO42001)] {
            if column.contains(number) {
                out.insert(id.to_owned());
            }
        }
        let all = format!(" {} ", norm(all));
        let ai = words::AI.listed().any(|word| all.contains(&format!(" {word} ")));
        let of_ai = self.config.systems.iter().any(|s| s.id == system && s.ai);
        if ai || of_ai {
            out.insert(ISO42001.to_owned());
        }
        out.into_iter().collect()
    }
}
