use super::*;
use crate::extract::{
    Limits,
    office::{Sheets, test_zip::zip_of},
};

fn read(reader: &dyn Reader, content: &str, more: &[(&str, &str)]) -> Result<Content, ReadError> {
    let content = format!("<office:document-content>{content}</office:document-content>");
    let mut members = vec![("content.xml", content.as_str())];
    members.extend_from_slice(more);
    let bytes = zip_of(&members);
    let limits = Limits::default();
    reader.read(Input { name: "a", bytes: &bytes, limits: &limits })
}

fn shown(content: &Content) -> Vec<String> {
    content.blocks.iter().map(|b| format!("{:?} {}: {}", b.kind, b.locator, b.text)).collect()
}

#[test]
fn texts_with_headings_tables_notes_and_margins() {
    let body = r#"<office:automatic-styles><style:style style:name="P1" style:family="paragraph"
        style:parent-style-name="Heading_20_2"/></office:automatic-styles><office:body>
        <text:tracked-changes><text:changed-region><text:p>gone</text:p></text:changed-region></text:tracked-changes>
        <text:h text:outline-level="1">Backup</text:h><text:p text:style-name="P1">Restore</text:p>
        <text:p>Tested<text:s text:c="2"/>yearly<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>
        <text:note-body><text:p>In May.</text:p></text:note-body></text:note>.<office:annotation><dc:creator>Ann</dc:creator>
        <dc:date>2024</dc:date><text:p>Why?</text:p></office:annotation></text:p>
        <table:table><table:table-row><table:table-cell><text:p>RTO</text:p></table:table-cell>
        <table:table-cell><text:p>4 h</text:p></table:table-cell></table:table-row></table:table>
        </office:body>"#;
    let styles = "<office:document-styles><style:master-page><style:header><text:p>Internal</text:p></style:header>\
        <style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>\
        <style:footer-left><text:p>Page </text:p></style:footer-left></style:master-page></office:document-styles>";
    let meta = r#"<m><dc:title>Backup plan</dc:title><meta:initial-creator>Jane</meta:initial-creator>
        <meta:keyword>a</meta:keyword><meta:keyword>b</meta:keyword>
        <meta:user-defined meta:name="Version">1.2</meta:user-defined></m>"#;
    let content = read(&Odt, body, &[("styles.xml", styles), ("meta.xml", meta)]).unwrap();
    assert_eq!(
        shown(&content),
        [
            "Heading paragraph 1: Backup",
            "Heading Backup, paragraph 2: Restore",
            "Body Backup › Restore, paragraph 3: Tested yearly.",
            "Row Backup › Restore, paragraph 4: RTO 4 h",
            "Header header: Internal",
            "Footer footer: Page",
            "Note footnote 1: In May.",
            "Comment comment 1 by Ann: Why?",
        ]
    );
    assert_eq!(content.diagnostics[0].code, "tracked-changes");
    assert_eq!(content.properties["version"], "1.2");
    assert_eq!(content.properties["keywords"], "a, b");
    assert_eq!(content.properties["author"], "Jane");
}

#[test]
fn slides_with_notes() {
    let body = r#"<office:body><draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Why</text:p></draw:text-box></draw:frame>
        <draw:frame><draw:text-box><text:p>Because</text:p></draw:text-box></draw:frame>
        <presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Slowly</text:p></draw:text-box></draw:frame></presentation:notes>
        </draw:page><draw:page><draw:frame><text:p>Two</text:p></draw:frame></draw:page></office:body>"#;
    let content = read(&Odp, body, &[]).unwrap();
    assert_eq!(
        shown(&content),
        [
            "Heading slide 1: Why",
            "Body slide 1: Because",
            "Note slide 1: Slowly",
            "Body slide 2: Two"
        ]
    );
    assert_eq!(content.blocks[1].heading, ["Why"]);
}

#[test]
fn sheets_do_not_take_repetition_at_its_word() {
    let body = r#"<office:body><office:spreadsheet><table:table table:name="Assets">
        <table:table-row table:number-rows-repeated="4"><table:table-cell/></table:table-row>
        <table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>Server</text:p>
        <office:annotation><dc:creator>Ann</dc:creator><text:p>old</text:p></office:annotation></table:table-cell>
        <table:table-cell office:value-type="date" office:date-value="2024-05-01T00:00:00"><text:p>01.05.24</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="3"><text:p>3.0</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"><text:p>trap</text:p></table:table-cell></table:table-row>
        </table:table></office:spreadsheet></office:body>"#;
    let content = read(&Sheets, body, &[]).unwrap();
    assert_eq!(
        shown(&content),
        [
            "Row Assets!C5:F5: Server 2024-05-01 x x",
            "Row Assets!A6: 3.0",
            "Row Assets!A7: 3.0",
            "Row Assets!A8: trap",
            "Comment comment by Ann, Assets!C5: old",
        ]
    );
}

#[test]
fn hidden_rows_columns_and_sheets_are_marked() {
    let cell = "<table:table-cell><text:p>x</text:p></table:table-cell>";
    let sheets = format!(
        r#"<style:style style:name="off"><style:table-properties table:display="false"/></style:style>
        <table:table table:name="A"><table:table-column table:number-columns-repeated="2"/>
        <table:table-column table:visibility="collapse"/><table:table-column/>
        <table:table-row>{cell}{cell}</table:table-row>
        <table:table-row table:visibility="filter" table:number-rows-repeated="2">{cell}</table:table-row>
        <table:table-row>{cell}{cell}{cell}</table:table-row></table:table>
        <table:table table:name="B" table:style-name="off"><table:table-row>{cell}</table:table-row></table:table>"#
    );
    let content = read(&Sheets, &sheets, &[]).unwrap();
    let marked: Vec<String> = content
        .blocks
        .iter()
        .map(|b| format!("{}{}", b.locator, if b.marks.hidden { " hidden" } else { "" }))
        .collect();
    assert_eq!(marked, ["A!A1:B1", "A!A2 hidden", "A!A3 hidden", "A!A4:C4 hidden", "B!A1 hidden"]);
    let codes: Vec<_> = content.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["hidden-sheet", "hidden-cells"]);
}

#[test]
fn encryption_is_read_from_the_manifest() {
    let manifest = "<manifest><file-entry><manifest:encryption-data/></file-entry></manifest>";
    for reader in [&Odt as &dyn Reader, &Odp, &Sheets] {
        let answer = read(reader, "", &[("META-INF/manifest.xml", manifest)]);
        assert!(matches!(answer, Err(ReadError::Encrypted(_))), "{}", reader.name());
    }
}

#[test]
fn damage_ends_the_text_or_fails() {
    let content = read(&Odt, "<text:p>kept</text:p><text:p></text:h>", &[]).unwrap();
    assert_eq!(content.blocks[0].text, "kept");
    assert_eq!(content.diagnostics[0].code, "xml-damaged");
    assert!(matches!(read(&Odt, "<text:p></text:h>", &[]), Err(ReadError::Failed(_))));
    assert!(matches!(read(&Odp, "<draw:page></x>", &[]), Err(ReadError::Failed(_))));
}
