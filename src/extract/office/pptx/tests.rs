use super::*;
use crate::extract::{Limits, office::test_zip::zip_of};

const PRESENTATION: &str = r#"<p:presentation><p:sldIdLst><p:sldId id="256" r:id="b"/>
    <p:sldId id="257" r:id="a"/></p:sldIdLst></p:presentation>"#;
const RELS: &str = r#"<Relationships>
    <Relationship Id="a" Type="x/slide" Target="slides/slide1.xml"/>
    <Relationship Id="b" Type="x/slide" Target="slides/slide2.xml"/></Relationships>"#;

fn shape(placeholder: &str, text: &str) -> String {
    format!(
        r#"<p:sp><p:nvSpPr><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"#
    )
}

fn read(members: &[(&str, &str)]) -> Content {
    let bytes = zip_of(members);
    let limits = Limits::default();
    Pptx.read(Input { name: "a.pptx", bytes: &bytes, limits: &limits }).unwrap()
}

fn shown(content: &Content) -> Vec<String> {
    content
        .blocks
        .iter()
        .map(|b| format!("{:?} {} [{}]: {}", b.kind, b.locator, b.heading.join("/"), b.text))
        .collect()
}

#[test]
fn slides_in_the_order_of_the_presentation_with_notes_and_comments() {
    let first = format!(
        "<p:sld>{}{}{}{}</p:sld>",
        shape("<p:ph/>", "Report within 72 hours"),
        shape(r#"<p:ph type="title"/>"#, "Incidents"),
        "<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>Who</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>CISO</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>",
        shape(r#"<p:ph type="ftr"/>"#, "Internal"),
    );
    let second = format!(r#"<p:sld show="0">{}</p:sld>"#, shape("", "Spare"));
    let notes = format!(
        "<p:notes>{}{}</p:notes>",
        shape(r#"<p:ph type="body"/>"#, "Say it slowly"),
        shape(r#"<p:ph type="sldNum"/>"#, "9")
    );
    let comments = r#"<p:cmLst><p:cm authorId="1"><p:text>Which law?</p:text></p:cm></p:cmLst>"#;
    let content = read(&[
        ("ppt/presentation.xml", PRESENTATION),
        ("ppt/_rels/presentation.xml.rels", RELS),
        ("ppt/slides/slide1.xml", &second),
        ("ppt/slides/slide2.xml", &first),
        (
            "ppt/slides/_rels/slide2.xml.rels",
            r#"<Relationships><Relationship Id="n" Type="x/notesSlide" Target="../notesSlides/n.xml"/>
            <Relationship Id="c" Type="x/comments" Target="../comments/c.xml"/></Relationships>"#,
        ),
        ("ppt/notesSlides/n.xml", &notes),
        ("ppt/comments/c.xml", comments),
        (
            "ppt/commentAuthors.xml",
            r#"<p:cmAuthorLst><p:cmAuthor id="1" name="Ann"/></p:cmAuthorLst>"#,
        ),
    ]);
    assert_eq!(
        shown(&content),
        [
            "Heading slide 1 []: Incidents",
            "Body slide 1 [Incidents]: Report within 72 hours",
            "Row slide 1 [Incidents]: Who CISO",
            "Footer slide 1 [Incidents]: Internal",
            "Note slide 1 [Incidents]: Say it slowly",
            "Comment comment 1 by Ann, slide 1 [Incidents]: Which law?",
            "Body slide 2 []: Spare",
        ]
    );
    let hidden: Vec<bool> = content.blocks.iter().map(|b| b.marks.hidden).collect();
    assert_eq!(hidden, [false, false, false, false, false, false, true]);
    assert_eq!(content.diagnostics[0].code, "hidden-slide");
    assert!(content.diagnostics[0].message.ends_with(": 2"));
}

#[test]
fn slides_without_a_presentation_are_in_the_order_of_their_numbers() {
    let slide = |text| format!("<p:sld>{}</p:sld>", shape("", text));
    let content = read(&[
        ("ppt/slides/slide10.xml", &slide("ten")),
        ("ppt/slides/slide2.xml", &slide("two")),
    ]);
    assert_eq!(shown(&content), ["Body slide 1 []: two", "Body slide 2 []: ten"]);
}

#[test]
fn other_archives_fail() {
    let bytes = zip_of(&[("word/document.xml", "<w:document/>")]);
    let limits = Limits::default();
    let answer = Pptx.read(Input { name: "a.pptx", bytes: &bytes, limits: &limits });
    assert!(matches!(answer, Err(ReadError::Failed(_))));
}
