use super::*;
use crate::extract::office::test_zip::zip_of;

const RELS: &str = r#"<Relationships>
    <Relationship Id="1" Type="http://x/styles" Target="styles.xml"/>
    <Relationship Id="2" Type="http://x/header" Target="header1.xml"/>
    <Relationship Id="3" Type="http://x/header" Target="header2.xml"/>
    <Relationship Id="4" Type="http://x/footer" Target="footer1.xml"/>
    <Relationship Id="5" Type="http://x/footnotes" Target="footnotes.xml"/>
    <Relationship Id="6" Type="http://x/comments" Target="comments.xml"/>
    </Relationships>"#;

fn read(body: &str, more: &[(&str, &str)]) -> Content {
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    let mut members =
        vec![("word/document.xml", document.as_str()), ("word/_rels/document.xml.rels", RELS)];
    members.extend_from_slice(more);
    let bytes = zip_of(&members);
    let limits = Limits::default();
    Docx.read(Input { name: "a.docx", bytes: &bytes, limits: &limits }).unwrap()
}

fn shown(content: &Content) -> Vec<String> {
    content.blocks.iter().map(|b| format!("{:?} {}: {}", b.kind, b.locator, b.text)).collect()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn paragraphs_and_rows_are_counted_through_the_whole_body() {
    let heading =
        r#"<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Roles</w:t></w:r></w:p>"#;
    let table = format!(
        "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
        p("CISO"),
        p("Jane Doe")
    );
    let content = read(&format!("{heading}<w:p/>{table}{}", p("End.")), &[]);
    assert_eq!(
        shown(&content),
        [
            "Heading paragraph 1: Roles",
            "Row Roles, paragraph 3: CISO Jane Doe",
            "Body Roles, paragraph 5: End.",
        ]
    );
    assert_eq!(content.blocks[1].heading, ["Roles"]);
}

#[test]
fn inserted_text_counts_and_deleted_text_does_not() {
    let content = read(
        "<w:p><w:r><w:t>Keys are </w:t></w:r><w:ins><w:r><w:t>rotated</w:t></w:r></w:ins>\
         <w:del><w:r><w:delText>kept</w:delText><w:t>kept</w:t></w:r></w:del>\
         <w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom></w:p>",
        &[],
    );
    assert_eq!(content.blocks[0].text, "Keys are rotated");
    assert_eq!(content.diagnostics[0].code, "tracked-changes");
    assert!(content.diagnostics[0].message.starts_with("3 "));
}

#[test]
fn field_results_are_read_and_field_codes_are_not() {
    let field = |code: &str, result: &str| {
        format!(
            r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>
            <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>
            <w:r><w:fldChar w:fldCharType="end"/></w:r>"#
        )
    };
    let footer =
        format!("<w:ftr><w:p><w:r><w:t>Page </w:t></w:r>{}</w:p></w:ftr>", field("PAGE", "7"));
    let content = read(
        &format!("<w:p>{}</w:p>{}", field("REF x", "Annex A"), p("after")),
        &[("word/footer1.xml", &footer)],
    );
    assert_eq!(
        shown(&content),
        ["Body paragraph 1: Annex A", "Body paragraph 2: after", "Footer footer1: Page"]
    );
}

#[test]
fn one_branch_of_alternate_content_is_read() {
    let text_box = |text| format!("<w:txbxContent>{}</w:txbxContent>", p(text));
    let body = format!(
        "<w:p><w:r><w:t>Before</w:t><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>\
         </mc:AlternateContent></w:r></w:p><w:p><w:r><mc:AlternateContent><mc:Choice><x/></mc:Choice>\
         <mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        text_box("box"),
        text_box("box"),
        text_box("only here")
    );
    assert_eq!(
        shown(&read(&body, &[])),
        ["Body paragraph 1: Before", "Body paragraph 2: box", "Body paragraph 4: only here"]
    );
}

#[test]
fn headers_notes_and_comments_have_their_parts() {
    let header = format!("<w:hdr>{}</w:hdr>", p("Version 1.2"));
    let footnotes = format!(
        r#"<w:footnotes><w:footnote w:type="separator" w:id="0">{}</w:footnote>
        <w:footnote w:id="1">{}</w:footnote><w:footnote w:id="2">{}{}</w:footnote></w:footnotes>"#,
        p("---"),
        p("second"),
        p("first"),
        p("more")
    );
    let comments = format!(
        r#"<w:comments><w:comment w:id="9" w:author="Ann">{}</w:comment></w:comments>"#,
        p("Is this current?")
    );
    let body = r#"<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Rules</w:t></w:r></w:p>
        <w:p><w:r><w:t>Text</w:t><w:footnoteReference w:id="2"/><w:footnoteReference w:id="1"/>
        <w:commentReference w:id="9"/></w:r></w:p>"#;
    let content = read(
        body,
        &[
            ("word/header1.xml", &header),
            ("word/header2.xml", &header),
            ("word/footnotes.xml", &footnotes),
            ("word/comments.xml", &comments),
        ],
    );
    assert_eq!(
        shown(&content),
        [
            "Heading paragraph 1: Rules",
            "Body Rules, paragraph 2: Text",
            "Header header1: Version 1.2",
            "Note footnote 1: first\nmore",
            "Note footnote 2: second",
            "Comment comment 1 by Ann: Is this current?",
        ]
    );
    assert_eq!(content.blocks[3].heading, ["Rules"]);
}

#[test]
fn white_space_symbols_and_hidden_text() {
    let content = read(
        r#"<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs><w:rPr><w:vanish/></w:rPr></w:pPr>
        <w:r><w:t>Done</w:t><w:tab/><w:sym w:font="Wingdings" w:char="F0FE"/><w:br/><w:t>co</w:t>
        <w:softHyphen/><w:t>op</w:t><w:noBreakHyphen/><w:t>ed</w:t></w:r></w:p>
        <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"#,
        &[],
    );
    assert_eq!(content.blocks[0].text, "Done ☑\ncoop-ed");
    assert_eq!(content.blocks[1].text, "secret");
    assert_eq!((content.blocks[0].marks.hidden, content.blocks[1].marks.hidden), (false, true));
    assert_eq!(content.diagnostics[0].code, "hidden-text");
    assert!(content.diagnostics[0].message.starts_with("1 "));
}

#[test]
fn a_damaged_body_gives_what_stands_before_or_fails() {
    let limits = Limits::default();
    let attempt = |document: &str| {
        let bytes = zip_of(&[("word/document.xml", document)]);
        Docx.read(Input { name: "a.docx", bytes: &bytes, limits: &limits })
    };
    let half = format!("<w:document><w:body>{}<w:p></w:body>", p("kept"));
    let content = attempt(&half).unwrap();
    assert_eq!(content.blocks[0].text, "kept");
    assert_eq!(content.diagnostics[0].code, "xml-damaged");
    assert!(matches!(attempt("<w:document><w:p></w:r>"), Err(ReadError::Failed(_))));
    assert!(attempt("<w:document/>").unwrap().blocks.is_empty());
}

#[test]
fn deep_nesting_is_no_matter() {
    let deep = format!("{}{}{}", "<w:sdt>".repeat(100_000), p("deep"), "</w:sdt>".repeat(100_000));
    assert_eq!(shown(&read(&deep, &[])), ["Body paragraph 1: deep"]);
}

#[test]
fn what_is_no_zip_is_named() {
    let limits = Limits::default();
    let why = |bytes: &[u8]| Docx.read(Input { name: "a.docx", bytes, limits: &limits });
    assert!(matches!(why(b"%PDF-1.7"), Err(ReadError::Unsupported(_))));
    assert!(matches!(why(b""), Err(ReadError::Failed(_))));
    assert!(matches!(why(b"PK\x03\x04 cut"), Err(ReadError::Failed(_))));
}
