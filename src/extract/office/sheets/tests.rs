use super::*;
use crate::extract::{
    Limits,
    office::test_zip::{compound_of, zip_of},
};

const WORKBOOK: &str = r#"<workbook xmlns:r="r"><sheets><sheet name="Risks" sheetId="1" r:id="a"/>
    <sheet name="Lists" sheetId="2" state="hidden" r:id="b"/></sheets></workbook>"#;
const ROOT: &str = r#"<Relationships><Relationship Id="w" Target="xl/workbook.xml"
    Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"#;
const RELS: &str = r#"<Relationships>
    <Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="b" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>
    <Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
    <Relationship Id="t" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>
    <xf numFmtId="10"/></cellXfs></styleSheet>"#;

fn read(sheet: &str, strings: &str, more: &[(&str, &str)]) -> Result<Content, ReadError> {
    let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
    read_book(&sheet, "<worksheet><sheetData/></worksheet>", strings, more)
}

fn read_book(
    sheet: &str,
    lists: &str,
    strings: &str,
    more: &[(&str, &str)],
) -> Result<Content, ReadError> {
    let mut members = vec![
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/worksheets/sheet2.xml", lists),
    ];
    members.extend_from_slice(more);
    let bytes = zip_of(&members);
    let limits = Limits::default();
    Sheets.read(Input { name: "a.xlsx", bytes: &bytes, limits: &limits })
}

fn shown(content: &Content) -> Vec<String> {
    content.blocks.iter().map(|b| format!("{:?} {}: {}", b.kind, b.locator, b.text)).collect()
}

#[test]
fn a_row_is_a_block_with_values_as_shown() {
    let strings = r#"<sst uniqueCount="1"><si><t>Malware</t></si></sst>"#;
    let sheet = r#"<row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3" s="1"><v>45943</v></c>
        <c r="D3" s="2"><v>0.125</v></c><c r="F3"><f>1+1</f><v>2</v></c></row>
        <row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" t="e"><v>#N/A</v></c></row>
        <row r="5"><c r="A5" s="1"/></row>"#;
    let content = read(sheet, strings, &[]).unwrap();
    assert_eq!(
        shown(&content),
        ["Row Risks!B3:F3: Malware 2025-10-13 12.50% 2", "Row Risks!A4:B4: TRUE #N/A"]
    );
    assert_eq!(content.blocks[0].heading, ["Risks"]);
    assert_eq!(content.diagnostics[0].code, "hidden-sheet");
    assert!(content.diagnostics[0].message.contains("Lists"));
}

#[test]
fn what_is_hidden_is_read_and_marked() {
    let cell = |name: &str| format!(r#"<c r="{name}" t="inlineStr"><is><t>{name}</t></is></c>"#);
    let sheet = format!(
        r#"<worksheet><cols><col min="3" max="3" hidden="1"/></cols><sheetData>
        <row r="1">{}{}</row><row r="2" hidden="1">{}</row><row r="3">{}{}</row>
        </sheetData></worksheet>"#,
        cell("A1"),
        cell("B1"),
        cell("A2"),
        cell("A3"),
        cell("C3")
    );
    let lists =
        format!(r#"<worksheet><sheetData><row r="1">{}</row></sheetData></worksheet>"#, cell("A1"));
    let content = read_book(&sheet, &lists, "<sst/>", &[]).unwrap();
    let marked: Vec<_> =
        content.blocks.iter().map(|b| (b.locator.to_string(), b.marks.hidden)).collect();
    assert_eq!(
        marked,
        [
            ("Risks!A1:B1".to_owned(), false),
            ("Risks!A2".to_owned(), true),
            ("Risks!A3:C3".to_owned(), true),
            ("Lists!A1".to_owned(), true),
        ]
    );
    let codes: Vec<_> = content.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["hidden-sheet", "hidden-cells"]);
    assert!(content.diagnostics[1].message.ends_with("in Risks"));
}

#[test]
fn comments_and_text_boxes_follow_the_rows() {
    let rels = r#"<Relationships>
        <Relationship Id="c" Type="x/comments" Target="../comments1.xml"/>
        <Relationship Id="t" Type="x/threadedComment" Target="../threadedComments/t.xml"/>
        <Relationship Id="d" Type="x/drawing" Target="../drawings/d.xml"/></Relationships>"#;
    let comments = r#"<comments><authors><author>Ann</author></authors><commentList>
        <comment ref="B2" authorId="0"><text><r><t>Who owns </t></r><r><t>this?</t></r></text></comment>
        <comment ref="C3" authorId="0"><text><t>[Threaded comment]</t></text></comment>
        </commentList></comments>"#;
    let threads = r#"<ThreadedComments><threadedComment ref="C3" personId="p"><text>Reviewed</text>
        </threadedComment></ThreadedComments>"#;
    let persons = r#"<personList><person displayName="Bob" id="p"/></personList>"#;
    let drawing = "<wsDr><twoCellAnchor><from><col>4</col><row>6</row></from><sp><p><r><t>Legend</t></r></p></sp></twoCellAnchor></wsDr>";
    let content = read(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Id</t></is></c></row>"#,
        "<sst/>",
        &[
            ("xl/worksheets/_rels/sheet1.xml.rels", rels),
            ("xl/comments1.xml", comments),
            ("xl/threadedComments/t.xml", threads),
            ("xl/persons/person.xml", persons),
            ("xl/drawings/d.xml", drawing),
        ],
    )
    .unwrap();
    assert_eq!(
        shown(&content),
        [
            "Row Risks!A1: Id",
            "Body Risks!E7: Legend",
            "Comment comment by Ann, Risks!B2: Who owns this?",
            "Comment comment by Bob, Risks!C3: Reviewed",
        ]
    );
}

#[test]
fn lies_about_counts_and_sizes_are_refused() {
    let lie = r#"<sst uniqueCount="4294967295"><si><t>x</t></si></sst>"#;
    let answer = read("", lie, &[]);
    assert!(matches!(answer, Err(ReadError::Failed(why)) if why.contains("4294967295")));
    let bytes = zip_of(&[("xl/workbook.xml", WORKBOOK)]);
    let limits = Limits { unpacked_bytes: 10, ..Limits::default() };
    let answer = Sheets.read(Input { name: "a.xlsx", bytes: &bytes, limits: &limits });
    assert!(matches!(answer, Err(ReadError::Failed(why)) if why.contains("unpacked_bytes")));
}

#[test]
fn a_damaged_sheet_gives_the_rows_before_the_damage() {
    let content = read(
        r#"<row r="1"><c r="A1"><v>7</v></c></row><row r="2"><c r="A2"><v>8</x></c></row>"#,
        "<sst/>",
        &[],
    )
    .unwrap();
    assert_eq!(content.blocks[0].text, "7");
    assert!(content.diagnostics.iter().any(|d| d.code == "sheet-damaged"));
}

#[test]
fn encrypted_and_foreign_files_are_named() {
    let limits = Limits::default();
    let why = |bytes: &[u8]| Sheets.read(Input { name: "a.xlsx", bytes, limits: &limits });
    let encrypted = compound_of(&[("EncryptedPackage", b"x".as_slice())]);
    assert!(
        matches!(why(&encrypted), Err(ReadError::Encrypted(help)) if help.contains("password"))
    );
    assert!(matches!(why(b"<html>"), Err(ReadError::Unsupported(_))));
    let no_book = compound_of(&[("Other", b"x".as_slice())]);
    assert!(matches!(why(&no_book), Err(ReadError::Failed(_))));
}

#[test]
fn a_panic_of_the_library_is_a_failure_with_its_reason() {
    let answer = guarded(|| panic!("index {} out of range", 9));
    assert!(matches!(answer, Err(ReadError::Failed(why)) if why.ends_with("index 9 out of range")));
}
