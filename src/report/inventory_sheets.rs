//! The sheets `Assets` and `Impact assessments`. What a register states and what people accepted as
//! evidence stand under headings of their own.

use rust_xlsxwriter::XlsxError;

use super::{
    sheet::{Band, Book, Cell, Column, Table},
    text::join,
    view::View,
};
use crate::domain::{AssetLine, Date, ImpactLine, Stand};

const ASSET: Band = Band::Subject("Asset, as its inventory states it");
const NAMED_BY: Band = Band::Subject("Open risks that name it");
const ASSETS: [Column; 19] = [
    ("Id", 12.0, ASSET),
    ("Asset", 28.0, ASSET),
    ("Kind", 14.0, ASSET),
    ("System", 14.0, ASSET),
    ("Description", 30.0, ASSET),
    ("Owner", 18.0, ASSET),
    ("Classification", 15.0, ASSET),
    ("Confidentiality", 14.0, ASSET),
    ("Integrity", 10.0, ASSET),
    ("Availability", 10.5, ASSET),
    ("Location", 18.0, ASSET),
    ("Provider", 16.0, ASSET),
    ("Our roles", 14.0, ASSET),
    ("Status", 13.0, ASSET),
    ("Last check", 11.5, ASSET),
    ("Source", 20.0, ASSET),
    ("Risks", 8.0, NAMED_BY),
    ("Highest level", 14.0, NAMED_BY),
    ("Which", 24.0, NAMED_BY),
];

const SYSTEM: Band = Band::Subject("System");
const STATED: Band = Band::Subject("Impact assessment, as its register states it");
const RISKS: Band = Band::Subject("Risk register");
const IMPACTS: [Column; 21] = [
    ("System", 14.0, SYSTEM),
    ("Name", 22.0, SYSTEM),
    ("Our roles", 14.0, SYSTEM),
    ("State", 20.0, STATED),
    ("Date", 11.5, STATED),
    ("Id", 12.0, STATED),
    ("Trigger", 14.0, STATED),
    ("Affected", 16.0, STATED),
    ("Result", 24.0, STATED),
    ("Document", 24.0, STATED),
    ("Owner", 16.0, STATED),
    ("Approved by", 16.0, STATED),
    ("Approved on", 11.5, STATED),
    ("Next review", 13.0, STATED),
    ("Comment", 20.0, STATED),
    ("Source", 20.0, STATED),
    ("Risks", 18.0, RISKS),
    ("Highest level", 11.0, RISKS),
    ("Ids not in it", 13.0, RISKS),
    ("Accepted evidence for 8.4, A.5.3–A.5.5", 36.0, Band::Reviewed),
    ("Accepted", 10.0, Band::Reviewed),
];

/// Names that a cell holds before it only counts.
const NAMED: usize = 12;

/// Adds both sheets.
pub(super) fn add(book: &mut Book<'_>, view: &View<'_>) -> Result<(), XlsxError> {
    book.table(&assets(view))?;
    book.table(&impacts(view))
}

fn assets<'a>(view: &View<'_>) -> Table<'a> {
    let lines = &view.report.inventory.assets;
    let title = match lines.len() {
        0 => "Assets: no inventory is in review/assets.csv".to_owned(),
        _ => "Assets, and the risks of the register that name them".to_owned(),
    };
    let rows = lines.iter().map(asset).collect();
    Table { sheet: "Assets", title, columns: &ASSETS, rows, frozen: 2 }
}

fn asset(line: &AssetLine) -> Vec<Cell> {
    let asset = &line.asset;
    let kind = match asset.likely_ai_system.as_str() {
        "" => asset.kind.clone().into(),
        word => {
            let kind = if asset.kind.is_empty() { "kind not said" } else { &asset.kind };
            Cell::Owed(format!("{kind}; likely an AI system (“{word}”)"))
        }
    };
    let highest = match (line.highest.as_str(), line.unrated) {
        (highest, 0) => highest.to_owned(),
        ("", _) => "no band".to_owned(),
        (highest, unrated) => format!("{highest}; {unrated} without a band"),
    };
    vec![
        asset.id.as_str().into(),
        asset.name.as_str().into(),
        kind,
        asset.system.as_str().into(),
        asset.description.as_str().into(),
        if asset.owner.is_empty() {
            Cell::Owed("OPEN".to_owned())
        } else {
            asset.owner.clone().into()
        },
        asset.classification.as_str().into(),
        asset.confidentiality.as_str().into(),
        asset.integrity.as_str().into(),
        asset.availability.as_str().into(),
        asset.location.as_str().into(),
        asset.provider.as_str().into(),
        asset.roles.as_str().into(),
        asset.status.as_str().into(),
        day(&asset.checked_on),
        source(&asset.source, &asset.source_row).into(),
        Cell::Count(line.risks.len()),
        highest.into(),
        some(&line.risks).into(),
    ]
}

fn impacts<'a>(view: &View<'_>) -> Table<'a> {
    let inventory = &view.report.inventory;
    let (systems, done) = inventory.systems_assessed();
    let title = format!(
        "Impact assessments: {systems} AI systems declared, {done} with one that its register states as \
         done; accepted evidence beside it"
    );
    let rows = inventory.impacts.iter().map(impact).collect();
    Table { sheet: "Impact assessments", title, columns: &IMPACTS, rows, frozen: 2 }
}

fn impact(line: &ImpactLine) -> Vec<Cell> {
    let name = match (line.declared, line.ai) {
        (true, true) => line.name.clone(),
        (true, false) => format!("{} (no AI system in evimap.toml)", line.name),
        (false, _) => format!("{} (not declared in evimap.toml)", line.name),
    };
    let state = match (line.stand, line.current) {
        (Stand::Done, true) => line.stand.as_str().into(),
        (stand, true) => Cell::Owed(stand.as_str().to_owned()),
        (stand, false) => format!("{} (not the current one)", stand.as_str()).into(),
    };
    let blank = Default::default();
    let row = line.assessment.as_ref().unwrap_or(&blank);
    let next = match (line.overdue, row.next_review.as_str()) {
        (true, day) => Cell::Owed(format!("{day}, overdue")),
        (false, text) => day(text),
    };
    let accepted = line.accepted.iter().map(|a| format!("{}: {}", a.target, a.document));
    let accepted: Vec<String> = accepted.collect();
    let risks: Vec<Cell> = vec![
        some(&line.risks).into(),
        line.highest.as_str().into(),
        if line.unknown_risks.is_empty() {
            "".into()
        } else {
            Cell::Owed(some(&line.unknown_risks))
        },
    ];
    let mut cells = vec![
        line.system.as_str().into(),
        name.into(),
        line.roles.join(", ").into(),
        state,
        day(&row.date),
        row.id.as_str().into(),
        row.trigger.as_str().into(),
        row.affected.as_str().into(),
        row.result.as_str().into(),
        row.document.as_str().into(),
        row.owner.as_str().into(),
        row.approved_by.as_str().into(),
        day(&row.approved_on),
        next,
        row.comment.as_str().into(),
        line.assessment.as_ref().map_or(String::new(), |a| source(&a.source, &a.source_row)).into(),
    ];
    cells.extend(risks);
    // Evidence is accepted for a system, not for one of its assessments.
    match (line.current, accepted.is_empty()) {
        (false, _) => cells.extend([Cell::from(""), Cell::from("")]),
        (true, true) => cells.extend([Cell::Owed("none accepted".to_owned()), Cell::Count(0)]),
        (true, false) => {
            cells.extend([
                join(accepted.iter().map(String::as_str), "\n").into(),
                Cell::Count(accepted.len()),
            ]);
        }
    }
    cells
}

/// A day as a day, all else as it stands.
fn day(text: &str) -> Cell {
    match text.parse::<Date>() {
        Ok(day) => Cell::Day(Some(day)),
        Err(_) => text.into(),
    }
}

fn source(file: &str, row: &str) -> String {
    match (file, row) {
        ("", _) => "by hand".to_owned(),
        (file, "") => file.to_owned(),
        (file, row) => format!("{file}, row {row}"),
    }
}

fn some(names: &[String]) -> String {
    let shown = join(names.iter().take(NAMED).map(String::as_str), "\n");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown}\nand {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Reader, Xlsx};

    use super::{
        super::{
            Report, fixture,
            sheet::Book,
            tests::{cells, table},
            view::View,
        },
        *,
    };

    fn written(report: &Report<'_>) -> Xlsx<Cursor<Vec<u8>>> {
        let view = View::new(report);
        let mut book = Book::new(&view, "Test").unwrap();
        add(&mut book, &view).unwrap();
        let bytes = book.finish().unwrap();
        Xlsx::new(Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn each_asset_and_each_system_has_its_row() {
        let mut book = written(&fixture::report(true));
        assert_eq!(book.sheet_names(), ["Assets", "Impact assessments"]);
        let assets = table(&mut book, "Assets");
        assert_eq!(assets.len(), 2);
        assert_eq!(assets[0]["Asset"], "Triage model");
        assert_eq!((assets[0]["Risks"].as_str(), assets[0]["Which"].as_str()), ("2", "R-1\nR-2"));
        assert_eq!(assets[0]["Highest level"], "high; 1 without a band");
        assert_eq!(assets[1]["Owner"], "OPEN");
        assert!(assets[1]["Kind"].contains("likely an AI system (“chatbot”)"));
        let impacts = table(&mut book, "Impact assessments");
        let states: Vec<&str> = impacts.iter().map(|row| row["State"].as_str()).collect();
        assert_eq!(
            states,
            ["done, as stated", "planned (not the current one)", "NO IMPACT ASSESSMENT ON RECORD"]
        );
        assert_eq!(impacts[0]["Next review"], "2026-10-01, overdue");
        assert_eq!(impacts[0]["Ids not in it"], "R-99");
        let accepted = "Accepted evidence for 8.4, A.5.3–A.5.5";
        assert!(impacts[0][accepted].starts_with("ISO42001:8.4: AI/"));
        assert_eq!(
            (impacts[1][accepted].as_str(), impacts[2][accepted].as_str()),
            ("", "none accepted")
        );
        let title = cells(&mut book, "Impact assessments")[0][0].to_string();
        assert!(title.contains("2 AI systems declared, 1 with one"), "{title}");
    }

    #[test]
    fn without_an_inventory_its_sheet_says_so() {
        let mut report = fixture::report(false);
        report.inventory.assets.clear();
        let mut book = written(&report);
        assert_eq!(
            cells(&mut book, "Assets")[0][0].to_string(),
            "Assets: no inventory is in review/assets.csv"
        );
    }

    #[test]
    fn texts_of_registers_stay_texts() {
        let mut report = fixture::report(true);
        let line = &mut report.inventory.assets[0];
        line.asset.name = "=HYPERLINK(\"http://x\")".to_owned();
        line.asset.owner = "a\u{0}b\u{1b}[31m\u{202E}c".to_owned();
        line.asset.description = "漢字 👍 ".repeat(10_000);
        line.risks = vec!["@SUM(1+1)".to_owned(); 40];
        let row = report.inventory.impacts[0].assessment.as_mut().unwrap();
        row.date = "=1+1".to_owned();
        row.next_review = "-1".to_owned();
        let mut book = written(&report);
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).unwrap();
            assert!(formulas.cells().all(|(_, _, f)| f.is_empty()));
            for cell in cells(&mut book, &sheet).iter().flatten().map(ToString::to_string) {
                assert!(cell.encode_utf16().count() <= 32_767);
                assert!(!cell.contains(['\u{0}', '\u{1b}', '\u{202E}']), "{cell}");
            }
        }
        let assets = table(&mut book, "Assets");
        assert_eq!(assets[0]["Asset"], "=HYPERLINK(\"http://x\")");
        assert!(assets[0]["Which"].ends_with("and 28 more"));
    }
}
