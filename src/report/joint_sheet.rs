//! The sheet `Joint`: one row a common control, with both standards beside each other.

use std::collections::BTreeSet;

use super::{
    sheet::{Band, Cell, Column, Table},
    text::join,
    view::{Row, State, View},
};
use crate::domain::{CommonControl, ISO27001, ISO42001, Link, TargetId};

const CONTROL: Band = Band::Subject("Common control");
const LEFT: Band = Band::Subject("ISO/IEC 27001:2022");
const RIGHT: Band = Band::Subject("ISO/IEC 42001:2023");
const COLUMNS: [Column; 17] = [
    ("Common control", 26.0, CONTROL),
    ("Purpose", 40.0, CONTROL),
    ("Owner role", 18.0, CONTROL),
    ("Level", 12.0, CONTROL),
    ("Serves", 13.0, CONTROL),
    ("Targets and relation", 26.0, LEFT),
    ("Coverage", 15.0, LEFT),
    ("Each target", 26.0, LEFT),
    ("Evidence", 9.0, LEFT),
    ("Targets and relation", 26.0, RIGHT),
    ("Coverage", 15.0, RIGHT),
    ("Each target", 26.0, RIGHT),
    ("Evidence", 9.0, RIGHT),
    ("Owners named", 18.0, Band::Reviewed),
    ("Documents accepted for both", 30.0, Band::Reviewed),
    ("Machine view 27001", 22.0, Band::Machine),
    ("Machine view 42001", 22.0, Band::Machine),
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
    let rows = controls.iter().map(|(control, left, right)| line(control, left, right)).collect();
    let title = "Common controls: both standards beside each other".to_owned();
    Table { sheet: "Joint", title, columns: &COLUMNS, rows, frozen: 1 }
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

    fn cells(&self) -> [Cell; 4] {
        let relation = |link: &&Link| format!("{} ({})", link.target, link.relation.as_str());
        let named: Vec<String> = self.links.iter().map(relation).collect();
        let mut states: Vec<State> = self.rows.iter().map(|row| row.state).collect();
        states.sort_unstable();
        states.dedup();
        let coverage = match states.as_slice() {
            [] => "".into(),
            [one] => Cell::State(*one),
            // Nothing is averaged.
            _ => "differs".into(),
        };
        let each = if states.len() < 2 { String::new() } else { self.each(|r| r.state.label()) };
        let evidence = self.rows.iter().map(|row| row.assessment.evidence.len()).sum();
        let evidence = if self.rows.is_empty() { "".into() } else { Cell::Count(evidence) };
        [named.join("\n").into(), coverage, each.into(), evidence]
    }

    fn each(&self, word: impl Fn(&Row<'_>) -> &'static str) -> String {
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

fn line(control: &CommonControl, left: &Side<'_>, right: &Side<'_>) -> Vec<Cell> {
    let serves = match (left.links.is_empty(), right.links.is_empty()) {
        (false, false) => "both",
        (false, true) => "27001 only",
        _ => "42001 only",
    };
    let owners: BTreeSet<&str> = left.owners().chain(right.owners()).collect();
    let shared: BTreeSet<&str> =
        left.documents().intersection(&right.documents()).copied().collect();
    let mut cells: Vec<Cell> = vec![
        control.title.as_str().into(),
        control.purpose.as_str().into(),
        control.accountable.as_str().into(),
        control.level.as_str().into(),
        serves.into(),
    ];
    cells.extend(left.cells());
    cells.extend(right.cells());
    cells.push(join(owners.into_iter(), "\n").into());
    cells.push(join(shared.into_iter(), "\n").into());
    for side in [left, right] {
        cells.push(side.each(|row| row.assessment.view.machine_view.as_str()).into());
    }
    cells
}
