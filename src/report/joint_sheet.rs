//! The sheet `Joint`: one row a common control, with both standards beside each other.

use std::collections::BTreeSet;

use super::{
    sheet::{Band, Cell, Column, Table},
    text::join,
    view::{Row, State, View},
};
use crate::{
    domain::{CommonControl, ISO27001, ISO42001, Link, TargetId},
    words::Words,
};

const CONTROL: Band = Band::Subject("band-common-control");
const LEFT: Band = Band::Subject("ISO/IEC 27001:2022");
const RIGHT: Band = Band::Subject("ISO/IEC 42001:2023");
const COLUMNS: [Column; 17] = [
    ("col-common-control", 26.0, CONTROL),
    ("col-purpose", 34.0, CONTROL),
    ("col-owner-role", 18.0, CONTROL),
    ("col-level", 12.0, CONTROL),
    ("col-serves", 13.0, CONTROL),
    ("col-targets-and-relation", 24.0, LEFT),
    ("col-coverage", 15.0, LEFT),
    ("col-each-target", 21.0, LEFT),
    ("col-evidence", 9.0, LEFT),
    ("col-targets-and-relation", 24.0, RIGHT),
    ("col-coverage", 15.0, RIGHT),
    ("col-each-target", 21.0, RIGHT),
    ("col-evidence", 9.0, RIGHT),
    ("col-owners-named", 18.0, Band::Reviewed),
    ("col-documents-accepted-for-both", 24.0, Band::Reviewed),
    ("col-machine-view-27001", 18.0, Band::Machine),
    ("col-machine-view-42001", 18.0, Band::Machine),
];

pub(super) fn table<'a>(view: &View<'_>) -> Table<'a> {
    let catalog = view.report.catalog;
    let mut controls: Vec<(&CommonControl, Side<'_>, Side<'_>)> = catalog
        .common_controls()
        .iter()
        .map(|c| (c, Side::of(view, c, ISO27001), Side::of(view, c, ISO42001)))
        .filter(|(_, left, right)| !left.links.is_empty() || !right.links.is_empty())
        .collect();
    // Those that serve both standards first, then by their first target.
    controls.sort_by(|(a, al, ar), (b, bl, br)| {
        let joint = |l: &Side<'_>, r: &Side<'_>| l.links.is_empty() || r.links.is_empty();
        let first = |l: &Side<'_>, r: &Side<'_>| -> Option<TargetId> {
            l.links.iter().chain(&r.links).map(|link| link.target.clone()).min()
        };
        (joint(al, ar), first(al, ar), &a.id).cmp(&(joint(bl, br), first(bl, br), &b.id))
    });
    let rows =
        controls.iter().map(|(control, left, right)| line(view, control, left, right)).collect();
    let title = view.words.text("joint-table").to_owned();
    Table { sheet: "sheet-joint", title, columns: &COLUMNS, rows, frozen: 1 }
}

/// What a common control serves in one standard.
struct Side<'v> {
    links: Vec<&'v Link>,
    rows: Vec<&'v Row<'v>>,
}

impl<'v> Side<'v> {
    fn of(view: &'v View<'_>, control: &'v CommonControl, framework: &str) -> Self {
        let mut links: Vec<&Link> = control
            .links
            .iter()
            .filter(|l| l.target.framework() == framework && !view.rows_for(&l.target).is_empty())
            .collect();
        links.sort_by_key(|link| &link.target);
        let rows = links.iter().flat_map(|link| view.rows_for(&link.target)).collect();
        Self { links, rows }
    }

    fn cells(&self, w: &Words) -> [Cell; 4] {
        let relation =
            |link: &&Link| format!("{} ({})", link.target, w.word(link.relation.as_str()));
        let named: Vec<String> = self.links.iter().map(relation).collect();
        let mut states: Vec<State> = self.rows.iter().map(|row| row.state).collect();
        states.sort_unstable();
        states.dedup();
        let coverage = match states.as_slice() {
            [] => "".into(),
            [one] => Cell::State(*one),
            // Nothing is averaged.
            _ => w.text("differs").into(),
        };
        let each = if states.len() < 2 { String::new() } else { self.each(|r| r.state.said(w)) };
        let evidence = self.rows.iter().map(|row| row.assessment.evidence.len()).sum();
        let evidence = if self.rows.is_empty() { "".into() } else { Cell::Count(evidence) };
        [named.join("\n").into(), coverage, each.into(), evidence]
    }

    fn each<'w>(&self, word: impl Fn(&Row<'_>) -> &'w str) -> String {
        let line = |row: &&Row<'_>| {
            let a = row.assessment;
            let system = a.system.as_deref().map_or_else(String::new, |s| format!(" ({s})"));
            format!("{}{system}: {}", a.target.local(), word(row))
        };
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn documents(&self) -> BTreeSet<&str> {
        let evidence = self.rows.iter().flat_map(|row| &row.assessment.evidence);
        evidence.filter(|e| !e.lost).map(|e| e.document.as_str()).collect()
    }

    fn owners(&self) -> impl Iterator<Item = &str> {
        let positions = self.rows.iter().filter_map(|row| row.assessment.position.as_ref());
        positions.map(|p| p.owner.trim()).filter(|owner| !owner.is_empty())
    }
}

fn line(view: &View<'_>, control: &CommonControl, left: &Side<'_>, right: &Side<'_>) -> Vec<Cell> {
    let w = view.words;
    let serves = match (left.links.is_empty(), right.links.is_empty()) {
        (false, false) => "serves-both",
        (false, true) => "serves-27001",
        _ => "serves-42001",
    };
    let owners: BTreeSet<&str> = left.owners().chain(right.owners()).collect();
    let shared: BTreeSet<&str> =
        left.documents().intersection(&right.documents()).copied().collect();
    let mut cells: Vec<Cell> = vec![
        control.title.as_str().into(),
        control.purpose.as_str().into(),
        control.accountable.as_str().into(),
        w.word(control.level.as_str()).into(),
        w.text(serves).into(),
    ];
    cells.extend(left.cells(w));
    cells.extend(right.cells(w));
    cells.push(join(owners.into_iter(), "\n").into());
    cells.push(join(shared.into_iter(), "\n").into());
    for side in [left, right] {
        cells.push(side.each(|row| w.word(row.assessment.view.machine_view.as_str())).into());
    }
    cells
}
