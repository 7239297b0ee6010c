use super::*;
use crate::extract::Limits;

fn read(rtf: &str) -> Content {
    let limits = Limits::default();
    Rtf.read(Input { name: "a.rtf", bytes: rtf.as_bytes(), limits: &limits }).unwrap()
}

fn shown(content: &Content) -> Vec<String> {
    content.blocks.iter().map(|b| format!("{:?} {}: {}", b.kind, b.locator, b.text)).collect()
}

#[test]
fn paragraphs_headings_and_rows() {
    let content = read(
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\stylesheet{\s1 heading 1;}}
        {\info{\title Access}{\author Jane}{\creatim\yr2024\mo3\dy1\hr8}}
        \pard\s1 Scope\par\pard All \b sites\b0 .\par
        \trowd\pard\intbl Owner\cell CISO\cell\row\pard End\par}",
    );
    assert_eq!(
        shown(&content),
        [
            "Heading paragraph 1: Scope",
            "Body Scope, paragraph 2: All sites.",
            "Row Scope, paragraph 3: Owner CISO",
            "Body Scope, paragraph 5: End",
        ]
    );
    assert_eq!(content.properties["title"], "Access");
    assert_eq!(content.properties["created"], "2024-03-01T08:00:00");
}

#[test]
fn characters_of_all_kinds() {
    let content = read(
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 A;}{\f1\fcharset204 B;}}\f0 Pr\'fcfung \u8364? {\uc2\u228ae}x {\f1\'e4\'e0} \u-10179?\u-8704?\line a\_b\~c\{\}}",
    );
    assert_eq!(content.blocks[0].text, "Prüfung € äx да 😀\na-b\u{a0}c{}");
}

#[test]
fn what_is_no_text_is_left_out() {
    let content = read(
        r"{\rtf1 a{\*\generator Word;}{\pict 00ff}{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}{\deleted gone}{\v hid}{\bin5 {{{{{}b{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt box}}}",
    );
    assert_eq!(content.blocks[0].text, "alinkhidbbox");
    let codes: Vec<&str> = content.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["tracked-changes", "hidden-text"]);
}

#[test]
fn margins_notes_and_comments_stand_beside() {
    let content = read(
        r"{\rtf1{\header Internal\par}{\headerl Internal}text{\footnote first {\field{\fldrslt x}}}{\*\atnauthor Ann}{\*\annotation{\*\atndate 1}why?}\par}",
    );
    assert_eq!(
        shown(&content),
        [
            "Body paragraph 1: text",
            "Header header: Internal",
            "Note footnote 1: first x",
            "Comment comment 1 by Ann: why?",
        ]
    );
}

#[test]
fn deep_and_unbalanced_groups_are_no_matter() {
    let deep = format!("{{\\rtf1 {}deep{}after}}", "{".repeat(50_000), "}".repeat(50_000));
    assert_eq!(read(&deep).blocks[0].text, "deepafter");
    assert_eq!(read("{\\rtf1 a}}}}b").blocks[0].text, "ab");
    let limits = Limits::default();
    let answer = Rtf.read(Input { name: "a.rtf", bytes: b"%PDF", limits: &limits });
    assert!(matches!(answer, Err(ReadError::Unsupported(_))));
}
