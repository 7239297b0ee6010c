//! The sheets `Assets` and `Impact assessments`. What a register states and what people accepted as
//! evidence stand under headings of their own.

use rust_xlsxwriter::XlsxError;

use super::{
    risk_sheets::band_word,
    sheet::{Band, Book, Cell, Column, Table},
    text::join,
    view::View,
};
use crate::{
    domain::{AssetLine, Date, ImpactLine, RiskBand, Stand},
    words::Words,
};

const ASSET: Band = Band::Subject("band-asset");
const NAMED_BY: Band = Band::Subject("band-risks-naming");
const ASSETS: [Column; 19] = [
    ("col-id", 12.0, ASSET),
    ("col-asset", 28.0, ASSET),
    ("col-kind", 14.0, ASSET),
    ("col-system", 14.0, ASSET),
    ("col-description", 30.0, ASSET),
    ("col-owner", 18.0, ASSET),
    ("col-classification", 15.0, ASSET),
    ("col-confidentiality", 14.0, ASSET),
    ("col-integrity", 10.0, ASSET),
    ("col-availability", 12.5, ASSET),
    ("col-location", 18.0, ASSET),
    ("col-provider", 16.0, ASSET),
    ("col-our-roles", 14.0, ASSET),
    ("col-status", 13.0, ASSET),
    ("col-last-check", 11.5, ASSET),
    ("col-source", 20.0, ASSET),
    ("col-risks", 8.0, NAMED_BY),
    ("col-highest-level", 14.0, NAMED_BY),
    ("col-which", 24.0, NAMED_BY),
];

const SYSTEM: Band = Band::Subject("band-system");
const STATED: Band = Band::Subject("band-impact");
const RISKS: Band = Band::Subject("band-risk-register");
const IMPACTS: [Column; 21] = [
    ("col-system", 14.0, SYSTEM),
    ("col-name", 22.0, SYSTEM),
    ("col-our-roles", 14.0, SYSTEM),
    ("col-state", 20.0, STATED),
    ("col-date", 11.5, STATED),
    ("col-id", 12.0, STATED),
    ("col-trigger", 14.0, STATED),
    ("col-affected", 16.0, STATED),
    ("col-result", 24.0, STATED),
    ("col-document", 24.0, STATED),
    ("col-owner", 16.0, STATED),
    ("col-approved-by", 16.0, STATED),
    ("col-approved-on", 11.5, STATED),
    ("col-next-review", 13.0, STATED),
    ("col-comment", 20.0, STATED),
    ("col-source", 20.0, STATED),
    ("col-risks", 18.0, RISKS),
    ("col-highest-level", 11.0, RISKS),
    ("col-ids-not-in-it", 13.0, RISKS),
    ("col-accepted-for-impact", 36.0, Band::Reviewed),
    ("col-accepted", 10.0, Band::Reviewed),
];

/// Names that a cell holds before it only counts.
const NAMED: usize = 12;

/// Adds both sheets.
pub(super) fn add(book: &mut Book<'_>, view: &View<'_>) -> Result<(), XlsxError> {
    book.table(&assets(view))?;
    book.table(&impacts(view))
}

fn assets<'a>(view: &View<'_>) -> Table<'a> {
    let (w, lines) = (view.words, &view.report.inventory.assets);
    let title = match lines.len() {
        0 => w.text("assets-none").to_owned(),
        _ => w.text("assets-table").to_owned(),
    };
    let rows = lines.iter().map(|line| asset(w, line)).collect();
    Table { sheet: "sheet-assets", title, columns: &ASSETS, rows, frozen: 2 }
}

fn asset(w: &Words, line: &AssetLine) -> Vec<Cell> {
    let asset = &line.asset;
    let kind = match asset.likely_ai_system.as_str() {
        "" => kind(w, &asset.kind).into(),
        word => {
            let kind = match asset.kind.as_str() {
                "" => w.text("asset-kind-unsaid"),
                said => kind(w, said),
            };
            Cell::Owed(w.with("asset-likely-ai", &[("kind", kind.into()), ("word", word.into())]))
        }
    };
    let highest = match (band(w, &line.highest), line.unrated) {
        (highest, 0) => highest.to_owned(),
        ("", _) => w.text("asset-no-band").to_owned(),
        (highest, unrated) => {
            w.with("asset-unrated", &[("band", highest.into()), ("n", unrated.into())])
        }
    };
    vec![
        asset.id.as_str().into(),
        asset.name.as_str().into(),
        kind,
        asset.system.as_str().into(),
        asset.description.as_str().into(),
        if asset.owner.is_empty() {
            Cell::Owed(w.text("open").to_owned())
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
        source(w, &asset.source, &asset.source_row).into(),
        Cell::Count(line.risks.len()),
        highest.into(),
        some(w, &line.risks).into(),
    ]
}

fn impacts<'a>(view: &View<'_>) -> Table<'a> {
    let inventory = &view.report.inventory;
    let (systems, done) = inventory.systems_assessed();
    let w = view.words;
    let title = w.with("impacts-table", &[("n", systems.into()), ("done", done.into())]);
    let rows = inventory.impacts.iter().map(|line| impact(w, line)).collect();
    Table { sheet: "sheet-impacts", title, columns: &IMPACTS, rows, frozen: 2 }
}

fn impact(w: &Words, line: &ImpactLine) -> Vec<Cell> {
    let name = match (line.declared, line.ai) {
        (true, true) => line.name.clone(),
        (true, false) => w.with("impact-no-ai", &[("name", (&line.name).into())]),
        (false, _) => w.with("impact-undeclared", &[("name", (&line.name).into())]),
    };
    let state = match (line.stand, line.current) {
        (Stand::Done, true) => stand(w, line.stand).into(),
        (other, true) => Cell::Owed(stand(w, other).to_owned()),
        (other, false) => w.with("impact-earlier", &[("state", stand(w, other).into())]).into(),
    };
    let blank = Default::default();
    let row = line.assessment.as_ref().unwrap_or(&blank);
    let next = match (line.overdue, row.next_review.as_str()) {
        (true, day) => Cell::Owed(w.with("impact-overdue", &[("day", day.into())])),
        (false, text) => day(text),
    };
    let accepted = line.accepted.iter().map(|a| format!("{}: {}", a.target, a.document));
    let accepted: Vec<String> = accepted.collect();
    let risks: Vec<Cell> = vec![
        some(w, &line.risks).into(),
        band(w, &line.highest).into(),
        if line.unknown_risks.is_empty() {
            "".into()
        } else {
            Cell::Owed(some(w, &line.unknown_risks))
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
        line.assessment
            .as_ref()
            .map_or(String::new(), |a| source(w, &a.source, &a.source_row))
            .into(),
    ];
    cells.extend(risks);
    // Evidence is accepted for a system, not for one of its assessments.
    match (line.current, accepted.is_empty()) {
        (false, _) => cells.extend([Cell::from(""), Cell::from("")]),
        (true, true) => {
            cells.extend([Cell::Owed(w.text("impact-none-accepted").to_owned()), Cell::Count(0)])
        }
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

fn source(w: &Words, file: &str, row: &str) -> String {
    match (file, row) {
        ("", _) => w.text("register-by-hand").to_owned(),
        (file, "") => file.to_owned(),
        (file, row) => w.with("register-row", &[("file", file.into()), ("row", row.into())]),
    }
}

/// The word for a kind of asset; what an inventory calls it otherwise stays.
fn kind<'t>(w: &'t Words, written: &'t str) -> &'t str {
    match written {
        "information" => w.text("asset-kind-information"),
        "application" => w.text("asset-kind-application"),
        "hardware" => w.text("asset-kind-hardware"),
        "service" => w.text("asset-kind-service"),
        "site" => w.text("asset-kind-site"),
        "people" => w.text("asset-kind-people"),
        "ai-system" => w.text("asset-kind-ai-system"),
        "other" => w.text("asset-kind-other"),
        own => own,
    }
}

fn band<'t>(w: &'t Words, english: &'t str) -> &'t str {
    let known = RiskBand::ALL.into_iter().find(|band| band.as_str() == english);
    known.map_or(english, |band| band_word(w, band))
}

fn stand(w: &Words, stand: Stand) -> &str {
    w.text(match stand {
        Stand::Done => "impact-stand-done",
        Stand::DoneUndated => "impact-stand-undated",
        Stand::DoneAhead => "impact-stand-ahead",
        Stand::NotSaid => "impact-stand-not-said",
        Stand::Planned => "impact-stand-planned",
        Stand::NotDone => "impact-stand-not-done",
        Stand::Missing => "impact-stand-missing",
    })
}

fn some(w: &Words, names: &[String]) -> String {
    let shown = join(names.iter().take(NAMED).map(String::as_str), "\n");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown}\n{}", w.with("more", &[("n", more.into())])),
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
