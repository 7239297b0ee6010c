//! Workbooks as spreadsheet programs save them.

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula as Computed, Workbook};

use super::{
    super::{
        columns::{FileKind, SUGGESTIONS},
        export::{Dress, to_workbook},
        sheet::read_table,
        table::Table,
    },
    *,
};

fn dress<'a>(link: &'a dyn Fn(&str) -> Option<String>) -> Dress<'a> {
    Dress {
        as_of: "2026-11-24".parse().unwrap(),
        program: "0.1.0",
        words: crate::words::Words::english(),
        systems: &[],
        link,
    }
}

fn table(rows: &[&[(&'static str, &str)]]) -> Table {
    let mut table = Table::new(FileKind::Suggestions);
    for (n, row) in rows.iter().enumerate() {
        let cells = row.iter().map(|(column, value)| (*column, (*value).to_owned()));
        table.push(format!("p-{n}"), cells.collect());
    }
    table.as_workbook()
}

fn made(table: &Table) -> Vec<u8> {
    to_workbook(table, &dress(&|_| None)).unwrap().0
}

/// A part of a workbook as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The workbook with a text of one of its parts replaced.
fn patched(bytes: &[u8], name: &str, from: &str, to: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let names: Vec<String> = archive.file_names().map(|n| n.unwrap().into_owned()).collect();
    for entry in names {
        let mut content = Vec::new();
        archive.by_name(&entry).unwrap().read_to_end(&mut content).unwrap();
        if entry == name {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(from), "{text}");
            content = text.replace(from, to).into_bytes();
        }
        writer.start_file(entry, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, &content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_has_what_reviewers_need_and_is_the_same_each_time() {
    let row: &[(&str, &str)] = &[
        ("proposal_id", "p-1"),
        ("document", "a b.docx"),
        ("quote", "=HYPERLINK(\"http://x\")"),
        ("evidence_date", "2026-03-12"),
        ("confidence", "0.873"),
    ];
    let table = table(&[row]);
    let link = |document: &str| Some(format!("../isms/{}", document.replace(' ', "%20")));
    let (bytes, notes) = to_workbook(&table, &dress(&link)).unwrap();
    assert_eq!(notes, []);
    assert_eq!(bytes, to_workbook(&table, &dress(&link)).unwrap().0);
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    for wanted in [
        "<sheetProtection sheet=\"1\"",
        "autoFilter=\"0\"",
        "<autoFilter ref=\"A1:W2\"",
        "state=\"frozen\"",
        "\"accept,reject,defer\"",
        "\"design,operation\"",
        "<hyperlink ",
    ] {
        assert!(sheet.contains(wanted), "{wanted} is not in {sheet}");
    }
    assert!(!sheet.contains("<f>"), "no formula");
    assert!(part(&bytes, "xl/worksheets/_rels/sheet1.xml.rels").contains("\"../isms/a%20b.docx\""));
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("locked=\"0\"") && styles.contains("wrapText=\"1\""));

    let sheet = read_table("s.xlsx", &bytes).unwrap();
    assert_eq!(sheet.kind(), Some(FileKind::Suggestions));
    assert_eq!(sheet.rows.len(), 1);
    assert_eq!(sheet.rows[0].row, 2);
    for (column, value) in row.iter().filter(|(column, _)| *column != "confidence") {
        assert_eq!(sheet.rows[0].get(column), *value);
    }
    assert_eq!(sheet.rows[0].get("confidence"), "0.873");
}

#[test]
fn positions_have_their_drop_downs() {
    let mut positions = Table::new(FileKind::Positions);
    positions.push("k".into(), [("target", "ISO27001:A.5.15".to_owned())].into());
    let sheet = part(&made(&positions.as_workbook()), "xl/worksheets/sheet1.xml");
    for wanted in [
        "applicable,not applicable",
        "implemented,partially implemented,planned,not implemented",
        "own,shared,inherited",
        "looked nothing found",
        "full,partial,none",
    ] {
        assert!(sheet.contains(wanted), "{wanted}");
    }
}

#[test]
fn what_excel_can_not_hold_is_said() {
    let long = "q".repeat(40_000);
    let cut = table(&[&[("quote", &long)], &[("document", "gone.md")]]);
    let (bytes, notes) = to_workbook(&cut, &dress(&|_| None)).unwrap();
    let said: Vec<&str> = notes.iter().map(|d| d.message.as_str()).collect();
    assert!(said[0].starts_with("1 cells are cut") && said[1].starts_with("1 rows"), "{said:?}");
    let sheet = read_table("s.xlsx", &bytes).unwrap();
    assert!(sheet.rows[0].get("quote").contains("[cut"));
    assert_eq!(sheet.rows[0].get("quote").encode_utf16().count(), 32_767);
    // What a person wrote is not cut; there is no workbook then.
    let why = to_workbook(&table(&[&[("comment", &long)]]), &dress(&|_| None)).unwrap_err();
    assert!(why.contains("comment of p-0") && why.contains("40000"), "{why}");
    // A link that is too long is left out.
    let far = |_: &str| Some("x".repeat(3_000));
    let (_, notes) = to_workbook(&table(&[&[("document", "a.md")]]), &dress(&far)).unwrap();
    assert!(notes[0].message.starts_with("1 documents are not linked"));
}

#[test]
fn more_links_than_excel_opens_are_counted_not_written() {
    let mut many = Table::new(FileKind::Suggestions);
    for n in 0..65_532 {
        many.push(n.to_string(), [("document", "a.md".to_owned())].into());
    }
    let link = |_: &str| Some("../a.md".to_owned());
    let (bytes, notes) = to_workbook(&many.as_workbook(), &dress(&link)).unwrap();
    assert!(notes[0].message.starts_with("2 documents are not linked"), "{notes:?}");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<hyperlink ").count(), 65_530);
}

/// A workbook with a sheet of these rows, and what `more` does to it.
fn book(more: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Notes").unwrap().write(0, 0, "hello").unwrap();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(["proposal_id", "decision", "reviewer", "decided_on", "title"])
    {
        sheet.write(2, column, name).unwrap();
    }
    more(sheet);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn the_sheet_with_the_header_is_read_with_excels_row_numbers() {
    let bytes = book(|sheet| {
        sheet.write(3, 0, "p-1").unwrap();
        sheet.write(3, 1, true).unwrap();
        sheet.write(3, 2, 7).unwrap();
        let day = Format::new().set_num_format("dd.mm.yyyy");
        let date = ExcelDateTime::from_ymd(2026, 3, 12).unwrap();
        sheet.write_datetime_with_format(3, 3, &date, &day).unwrap();
        sheet.write(9, 0, "p-2").unwrap();
        sheet.write(9, 3, 46093).unwrap();
        sheet.set_row_hidden(9).unwrap();
    });
    let sheet = read_table("s.xlsx", &bytes).unwrap();
    assert!(sheet.rows.iter().map(|r| r.row).eq([4, 10]));
    let cells = ["proposal_id", "decision", "reviewer", "decided_on"].map(|c| sheet.rows[0].get(c));
    assert_eq!(cells, ["p-1", "TRUE", "7", "2026-03-12"]);
    assert_eq!(sheet.rows[1].get("decided_on"), "46093");
    assert_eq!(sheet.notes.len(), 1);
    assert!(sheet.notes[0].message.starts_with("1 rows are hidden"));
}

#[test]
fn formulas_give_their_saved_value_and_errors_are_named() {
    let bytes = book(|sheet| {
        sheet.write(3, 1, Computed::new("=B9").set_result("accept")).unwrap();
        sheet.write(3, 2, Computed::new("=C9").set_result("4711")).unwrap();
        sheet.write(4, 1, Computed::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write(4, 4, Computed::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    // As a library without a calculator writes it.
    let bytes = patched(&bytes, "xl/worksheets/sheet2.xml", "<v>4711</v>", "<v></v>");
    let sheet = read_table("s.xlsx", &bytes).unwrap();
    assert_eq!(sheet.rows[0].get("decision"), "accept");
    let found: Vec<_> = sheet
        .notes
        .iter()
        .map(|d| (d.line.unwrap(), d.column.as_deref().unwrap(), d.code.as_str()))
        .collect();
    let expected = [
        (5, "decision", "review-cell"),
        (4, "reviewer", "review-cell"),
        (4, "decision", "review-formula"),
    ];
    assert_eq!(found, expected);
    assert!(sheet.notes[2].message.starts_with("2 cells hold formulas"));
}

#[test]
fn what_can_not_be_read_has_a_remedy() {
    let message = |bytes: &[u8]| read_table("s.xlsx", bytes).unwrap_err().remove(0).message;
    let mut workbook = Workbook::new();
    for _ in 0..2 {
        let sheet = workbook.add_worksheet();
        sheet.write_row(0, 0, ["proposal_id", "decision", "reviewer"]).unwrap();
        sheet.write(1, 0, "p-1").unwrap();
    }
    let twice = workbook.save_to_buffer().unwrap();
    assert!(message(&twice).contains("several sheets hold review rows: Sheet1, Sheet2"));
    assert!(message(&Workbook::new().save_to_buffer().unwrap()).contains("empty"));
    for cut in (4..twice.len()).step_by(twice.len() / 40) {
        assert!(read_table("s.xlsx", &twice[..cut]).is_err());
    }
    assert!(message(b"\xd0\xcf\x11\xe0 and more").contains("no workbook"));
}

fn nasty() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[ab;,\t\"'\n=+@\\-_x0D ü漢\u{a0}?|<&]{0,8}").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_124), ..Default::default() })]

    #[test]
    fn any_cell_survives_a_workbook(
        rows in proptest::collection::vec(proptest::collection::vec(nasty(), 23), 0..5),
    ) {
        let mut table = Table::new(FileKind::Suggestions);
        for (n, row) in rows.iter().enumerate() {
            table.push(n.to_string(), SUGGESTIONS.into_iter().zip(row.clone()).collect());
        }
        let sheet = read_table("s.xlsx", &made(&table.as_workbook())).unwrap();
        for row in &sheet.rows {
            // Confidence is written as a number, so "00" comes back as 0.
            let texts = SUGGESTIONS.into_iter().zip(&rows[row.row as usize - 2]);
            for (column, cell) in texts.filter(|(column, _)| *column != "confidence") {
                prop_assert_eq!(row.raw(column), cell);
            }
        }
        let filled = rows.iter().filter(|r| r.iter().any(|c| !c.trim().is_empty()));
        prop_assert_eq!(sheet.rows.len(), filled.count());
    }
}
