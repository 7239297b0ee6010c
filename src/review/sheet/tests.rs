//! Whatever a spreadsheet program makes of our files, the same cells come back.

use proptest::prelude::*;

use super::{
    super::{
        columns::{POSITIONS, SUGGESTIONS},
        table::Table,
    },
    *,
};

fn cells(sheet: &Sheet, column: &str) -> Vec<(u32, String)> {
    sheet.rows.iter().map(|r| (r.row, r.raw(column).to_owned())).collect()
}

fn read(text: &str) -> Sheet {
    read_table("s.csv", text.as_bytes()).unwrap()
}

#[test]
fn separators_and_marks_of_byte_order_make_no_difference() {
    let plain = "proposal_id,decision,reviewer\r\np-1,yes,\"Doe, Jane\"\r\n";
    let expected = read(plain);
    assert_eq!(expected.rows[0].get("reviewer"), "Doe, Jane");
    for text in [
        "\u{feff}proposal_id,decision,reviewer\np-1,yes,\"Doe, Jane\"\n",
        "proposal_id;decision;reviewer\r\np-1;yes;Doe, Jane\r\n",
        "proposal_id\tdecision\treviewer\rp-1\tyes\tDoe, Jane",
        "sep=;\r\nproposal_id;decision;reviewer\r\np-1;yes;Doe, Jane\r\n",
        "\"sep=|\"\nproposal_id|decision|reviewer\np-1|yes|Doe, Jane\n",
        "proposal_id,decision,reviewer\r\np-1,yes,\"Doe, Jane\"\r\n,,\r\n\r\n",
    ] {
        assert_eq!(read(text).rows, expected.rows, "{text:?}");
    }
}

#[test]
fn utf_16_is_read_with_and_without_its_mark() {
    let text = "proposal_id\tcomment\r\np-1\tgeprüft „ja“\r\n";
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
    for bytes in [
        [&[0xff, 0xfe], &little[..]].concat(),
        [&[0xfe, 0xff], &big[..]].concat(),
        little.clone(),
        big.clone(),
    ] {
        let sheet = read_table("s.csv", &bytes).unwrap();
        assert_eq!(cells(&sheet, "comment"), [(2, "geprüft „ja“".to_owned())]);
        assert!(sheet.notes.is_empty());
    }
}

#[test]
fn windows_1252_is_read_and_said() {
    let sheet = read_table("s.csv", b"proposal_id;comment\r\np-1;gepr\xfcft \x96 ok\r\n").unwrap();
    assert_eq!(cells(&sheet, "comment"), [(2, "geprüft – ok".to_owned())]);
    assert_eq!(sheet.notes[0].code, "review-encoding");
}

#[test]
fn rows_are_counted_as_a_spreadsheet_program_shows_them() {
    let sheet = read("proposal_id,comment\r\n\r\np-1,\"two\r\nlines\"\r\n,\r\np-2,x\r\n");
    let rows: Vec<u32> = sheet.rows.iter().map(|r| r.row).collect();
    assert_eq!(rows, [3, 5]);
}

#[test]
fn columns_come_in_any_order_dress_and_number() {
    let sheet = read("My notes,DECISION, Proposal_ID ,decided on\nz,yes,p-1,2026-01-01\nz,no\n");
    assert_eq!(sheet.rows[0].get("proposal_id"), "p-1");
    assert_eq!(sheet.rows[0].get("decided_on"), "2026-01-01");
    assert_eq!(sheet.rows[1].get("proposal_id"), "");
    assert!(sheet.has("my_notes") && !sheet.has("comment"));
}

#[test]
fn escaped_cells_come_back_plain() {
    let sheet = read("proposal_id,comment\np-1,'=1+1\np-2,''-x\np-3,'tis\n");
    let expected = ["=1+1", "'-x", "'tis"];
    assert!(sheet.rows.iter().map(|r| r.get("comment")).eq(expected));
}

#[test]
fn what_is_no_table_is_refused_with_row_and_remedy() {
    let fault = |bytes: &[u8]| read_table("s.csv", bytes).unwrap_err().remove(0);
    assert!(fault(b"PK\x03\x04....").message.contains("no workbook that can be read"));
    assert!(fault(b"proposal_id,decision\np-1,ac\0\0\0\0").message.contains("damaged"));
    assert!(fault(b"").message.contains("empty"));
    assert!(fault(b"\r\n \r\n").message.contains("empty"));
    let open = fault(b"proposal_id,comment\np-1,fine\np-2,\"open\np-3,x\n");
    assert_eq!(open.line, Some(3));
    let twice = fault(b"proposal_id,decision,Decision\np-1,yes,no\n");
    assert_eq!((twice.line, twice.column.as_deref()), (Some(1), Some("decision")));
    let wide = fault(b"proposal_id,comment\np-1,a, b\n");
    assert_eq!(wide.line, Some(2));
    assert!(wide.help.is_some());
}

#[test]
fn error_values_and_formulas_are_no_values() {
    let faults = |text: &str| {
        let notes = read(text).notes;
        notes.into_iter().map(|d| (d.line, d.column.unwrap(), d.message)).collect::<Vec<_>>()
    };
    let found = faults("proposal_id,decision,comment,title\np-1,#REF!,#bezug!,#REF!\n");
    let at: Vec<_> = found.iter().map(|(line, column, _)| (*line, column.as_str())).collect();
    assert_eq!(at, [(Some(2), "decision"), (Some(2), "comment")]);
    let found = faults("proposal_id,decision,reviewer,comment\np-1,=B1,\"=A2&\"\"x\"\"\",=1\n");
    assert_eq!(found.len(), 2, "a comment may begin with anything: {found:?}");
    assert!(found[1].2.contains("=A2"));
    assert_eq!(faults("proposal_id,reviewer\np-1,'=A2\n"), [], "our own way to write a text");
}

#[test]
fn a_header_that_stands_there_again_is_passed_over() {
    let sheet = read("proposal_id,decision\np-1,yes\nproposal_id,decision\np-2,no\n");
    assert!(sheet.rows.iter().map(|r| r.row).eq([2, 4]));
    assert_eq!((sheet.notes[0].code.as_str(), sheet.notes[0].line), ("review-header", Some(3)));
}

#[test]
fn the_kind_shows_in_the_header() {
    let kind = |header: &str| read(&format!("{header}\nx\n")).kind();
    assert_eq!(kind(&SUGGESTIONS.join(",")), Some(FileKind::Suggestions));
    assert_eq!(kind(&POSITIONS.join(";")), Some(FileKind::Positions));
    assert_eq!(kind("target,decided_by,owner"), Some(FileKind::Positions));
    assert_eq!(kind("proposal_id,decision"), Some(FileKind::Suggestions));
    assert_eq!(kind("action_id,owner"), Some(FileKind::Actions));
    assert_eq!(kind("action,owner,due"), None);
}

/// What is nasty in a cell: separators, quotation marks, line ends, formulas, marks, odd letters.
fn nasty() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[ab;,\t\"'\r\n=+@\\- \u{feff}\u{fffd}ü漢\u{a0}?|]{0,8}")
        .unwrap()
}

/// Writes cells as a spreadsheet program set to another separator would.
fn rewritten(table: &Table, separator: u8, utf16: bool) -> Vec<u8> {
    let ours = table.to_csv();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&ours[3..]);
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    for record in reader.byte_records() {
        writer.write_byte_record(&record.unwrap()).unwrap();
    }
    let bytes = writer.into_inner().unwrap();
    if !utf16 {
        return bytes;
    }
    let text = String::from_utf8(bytes).unwrap();
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

proptest! {
    #[test]
    fn any_cell_survives_the_way_out_and_back(
        rows in proptest::collection::vec(proptest::collection::vec(nasty(), 23), 0..6),
        separator in prop_oneof![Just(b','), Just(b';'), Just(b'\t')],
        utf16: bool,
    ) {
        let mut table = Table::new(FileKind::Suggestions);
        for (n, row) in rows.iter().enumerate() {
            table.push(n.to_string(), SUGGESTIONS.into_iter().zip(row.clone()).collect());
        }
        let ours = table.to_csv();
        prop_assert_eq!(&ours, &table.to_csv());
        for bytes in [ours, rewritten(&table, separator, utf16)] {
            let sheet = read_table("s.csv", &bytes).unwrap();
            prop_assert_eq!(sheet.kind(), Some(FileKind::Suggestions));
            // Rows without anything are passed over; the others keep their numbers.
            let filled = (2u32..).zip(&rows).filter(|(_, r)| r.iter().any(|c| !c.trim().is_empty()));
            let filled: Vec<_> = filled.collect();
            let read = sheet.rows.iter().map(|r| r.row);
            prop_assert!(read.eq(filled.iter().map(|(n, _)| *n)));
            for (row, (_, expected)) in sheet.rows.iter().zip(filled) {
                for (column, cell) in SUGGESTIONS.into_iter().zip(expected) {
                    prop_assert_eq!(row.raw(column), cell);
                }
            }
        }
    }
}
